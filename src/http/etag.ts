import { hash } from 'node:crypto';

/** A weak tag: two answers with one tag are equal in all that `value` covers. */
export const weakTag = (value: unknown): string =>
  `W/"${hash('sha256', JSON.stringify(value), 'base64url').slice(0, 22)}"`;

/** Of a document whose bytes do not change while a process runs; compressed, it is the same. */
export const tagOfBytes = (body: string): string =>
  `W/"${hash('sha256', body, 'base64url').slice(0, 22)}"`;

/** Compares If-None-Match by weak comparison (RFC 9110, 13.1.2). */
export function tagMatches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  const opaque = tag.replace(/^W\//, '');
  return (
    header.trim() === '*' ||
    header.split(',').some((each) => each.trim().replace(/^W\//, '') === opaque)
  );
}
