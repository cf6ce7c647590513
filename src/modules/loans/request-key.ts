import { hash } from 'node:crypto';
import type { Caller } from '../../common/caller.js';
import { HoldfastError } from '../../common/errors.js';
import { DEPTH_MAX, tooDeep, validationFailed } from '../../http/validation.js';

const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * @throws HoldfastError VALIDATION_FAILED when the header is not a key; IDEMPOTENCY_KEY_MISSING
 * when a backend sends none
 */
export function readKey(header: string | undefined, caller: Caller): string | null {
  if (header === undefined && caller.kind === 'backend')
    throw new HoldfastError(
      'IDEMPOTENCY_KEY_MISSING',
      'Send an Idempotency-Key: a new one for each loan, and the same one when you repeat a ' +
        'request.',
    );
  if (header === undefined) return null;
  if (!KEY.test(header))
    throw validationFailed([
      { field: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' },
    ]);
  return header;
}

/**
 * Hex sha256 of the body's meaning: key order and spacing do not matter, anything else does. Taken
 * before validation, because a known key is answered first.
 * @throws HoldfastError VALIDATION_FAILED for a body nested deeper than any request
 */
export function fingerprintOf(body: unknown): string {
  return hash('sha256', `POST /loans\n${canonical(body, 0)}`);
}

function canonical(value: unknown, depth: number): string {
  // the depth is checked at the door too; this recursion must not depend on it
  if (depth > DEPTH_MAX) throw tooDeep();
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member, depth + 1)}`).join(',')}}`;
}
