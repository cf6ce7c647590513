/**
 * Code of a failed system call, such as EEXIST. It does not use `instanceof`: under jest the
 * system's errors are of another realm.
 */
export function systemErrorCode(thrown: unknown): string | undefined {
  return typeof thrown === 'object' &&
    thrown !== null &&
    'code' in thrown &&
    typeof thrown.code === 'string'
    ? thrown.code
    : undefined;
}
