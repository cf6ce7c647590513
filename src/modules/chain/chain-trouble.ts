import { asError, HoldfastError } from '../../common/errors.js';

/**
 * The node gave no usable reply, which proves nothing (docs/protocol.md#death-needs-a-certificate).
 * The message names the method and never the URL, which may carry a key.
 */
export function unreachable(
  method: string,
  what: string,
  cause?: unknown,
  facts: Readonly<Record<string, unknown>> = {},
): HoldfastError {
  const options = cause === undefined ? undefined : { cause: asError(cause) };
  return new HoldfastError(
    'CHAIN_UNREACHABLE',
    `Stellar RPC, ${method}: ${what}`,
    { method, ...facts },
    options,
  );
}

/**
 * What the node refused with was read at a ledger older than the one known here: it may be over.
 * @param seen null or absent: none is known
 */
export function mustNotBeBehind(
  method: string,
  ledger: number,
  seen: number | null | undefined,
): void {
  if (seen === null || seen === undefined || ledger >= seen) return;
  throw unreachable(
    method,
    `the node refuses, but it answers from ledger ${ledger} and the pool was seen at ${seen}. ` +
      'Nothing is decided on older evidence; ask again.',
  );
}

/**
 * An entry of a contract has another type than its generation writes. It is not known then, and
 * never absent, zero or unlimited; `unreadable` in the facts says what was found.
 */
export function unreadable(what: string): HoldfastError {
  return unreachable('getLedgerEntries', what, undefined, { unreadable: what });
}
/** The contract that the node's reply did not carry, when that is why a call failed. */
export const absentContractIn = (thrown: unknown): string | null =>
  thrown instanceof HoldfastError && typeof thrown.facts['absentContract'] === 'string'
    ? thrown.facts['absentContract']
    : null;
/** What could not be read, when that is why a call failed. */
export const unreadableIn = (thrown: unknown): string | null =>
  thrown instanceof HoldfastError && typeof thrown.facts['unreadable'] === 'string'
    ? thrown.facts['unreadable']
    : null;

/**
 * Runs a decoder. Every error that it throws (the SDK throws TypeError, XdrError and more) becomes
 * CHAIN_UNREACHABLE.
 */
export function decodeReply<T>(method: string, decode: () => T): T {
  try {
    return decode();
  } catch (thrown) {
    if (thrown instanceof HoldfastError) throw thrown;
    throw unreachable(method, 'the reply carries data that cannot be decoded.', thrown);
  }
}
