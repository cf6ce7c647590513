import type { ErrorCode } from './problems/problems.js';

export type { ErrorCode };

/**
 * Says what was wrong, whether a hold was made and whether to retry. Domain code throws it; only
 * `http-errors.filter.ts` maps it to HTTP.
 */
export class HoldfastError extends Error {
  /**
   * @param code stable and documented
   * @param message a plain sentence for a person
   * @param facts members of this code (`available`, `atLedger`, `retryAfterSeconds`, `errors`, ...)
   * in wire form
   */
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly facts: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'HoldfastError';
  }
}

/**
 * Turns anything that was caught into an Error. The SDK throws plain objects for JSON-RPC errors
 * (docs/stellar.md#sdk-client).
 */
export function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown)
    return new Error(String(thrown.message), { cause: thrown });
  return new Error(String(thrown), { cause: thrown });
}
