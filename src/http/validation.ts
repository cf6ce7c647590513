import type { z } from 'zod';
import { HoldfastError } from '../common/errors.js';

/** One thing that is wrong with a request. `field` is a path such as `schedule[2].dueAt`. */
export interface FieldFault {
  readonly field: string;
  readonly message: string;
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number'
        ? `${text}[${part}]`
        : text === ''
          ? String(part)
          : `${text}.${String(part)}`,
    '',
  );

/**
 * Every fault that a schema found; each unknown member by its own name.
 * @param root what an empty path is called
 */
export function faultsOf(error: z.ZodError, root: string): FieldFault[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        field: pathOf([...issue.path, key]),
        message: 'is not a known field',
      }));
    const message =
      issue.code !== 'invalid_type'
        ? issue.message
        : issue.message.endsWith('received undefined')
          ? 'is required'
          : issue.message.replace(
              /^Invalid input: expected (\w+), received .*$/,
              'must be of type $1',
            );
    return [{ field: pathOf(issue.path) || root, message }];
  });
}

/** @param more members of the problem beside `errors` */
export function validationFailed(
  errors: readonly FieldFault[],
  more: Readonly<Record<string, unknown>> = {},
): HoldfastError {
  const fields = errors.map((fault) => fault.field).join(', ');
  return new HoldfastError(
    'VALIDATION_FAILED',
    errors.length === 1
      ? `${fields} ${errors[0]?.message}`
      : `${errors.length} fields are wrong: ${fields}`,
    { errors, ...more },
  );
}

/** @throws HoldfastError VALIDATION_FAILED with every fault */
export function parsed<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  root: string,
): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (!result.success) throw validationFailed(faultsOf(result.error, root));
  return result.data;
}

/** The deepest body of this API has four levels. */
export const DEPTH_MAX = 16;
export const tooDeep = (): HoldfastError =>
  validationFailed([{ field: 'body', message: `is nested deeper than ${DEPTH_MAX} levels` }]);

/**
 * Whether parsed JSON is nested deeper than any request may be. It does not recurse: 64 kB of
 * brackets are 64,000 levels.
 */
export function isTooDeep(body: unknown): boolean {
  let level: object[] = [body].filter(isNested);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH_MAX) return true;
    level = level.flatMap((value) => Object.values(value).filter(isNested));
  }
  return false;
}
/** Whether the body was parsed as JSON. A stream that is passed on unread was not. */
const isNested = (value: unknown): value is object =>
  Array.isArray(value) ||
  (typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype);
