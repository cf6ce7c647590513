/**
 * Every code an answer may carry (docs/protocol.md#codes). `ERROR_FACTS` has the status,
 * retryability and stickiness of each code.
 */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'IDEMPOTENCY_KEY_MISSING'
  | 'KEY_NOT_FOUND'
  | 'POOL_STATE_CONFLICT'
  | 'RESOLUTION_REFUSED'
  | 'VALIDATION_FAILED'
  | 'NOTHING_TO_FUND'
  | 'POOL_NOT_FOUND'
  | 'LOAN_NOT_FOUND'
  | 'RESERVATION_NOT_FOUND'
  | 'NOT_FOUND'
  | 'RATE_LIMITED'
  | 'BORROWER_BACK_OFF'
  | 'WALLET_SHARE_EXCEEDED'
  | 'INSUFFICIENT_LIQUIDITY'
  | 'CHAIN_LIQUIDITY_SHORT'
  | 'OUTFLOW_CAP_REACHED'
  | 'OUTFLOW_CAP_EXCEEDED'
  | 'VENDOR_CAP_REACHED'
  | 'VENDOR_CAP_EXCEEDED'
  | 'BORROWER_BUSY'
  | 'POOL_PAUSED'
  | 'CONTRACT_PAUSED'
  | 'ENVELOPE_OUTDATED'
  | 'ENVELOPE_UNDECIDED'
  | 'REBUILD_LIMIT'
  | 'SUBMISSION_REJECTED'
  | 'WEBHOOK_NOT_FOUND'
  | 'DELIVERY_NOT_FOUND'
  | 'LOAN_REFUSED_BY_CONTRACT'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'BUSY_RETRY'
  | 'SNAPSHOT_STALE'
  | 'CHAIN_UNREACHABLE'
  | 'COUNTER_WINDOW_FULL'
  | 'POOL_QUARANTINED'
  | 'TRANSACTION_TOO_LARGE'
  | 'CONTRACT_ARCHIVED'
  | 'CONTRACT_FAILED'
  | 'CONTRACTS_BROKEN'
  | 'ACCOUNT_NOT_FOUND'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'METHOD_NOT_ALLOWED'
  | 'REQUEST_TIMEOUT'
  | 'HEADERS_TOO_LARGE'
  | 'INTERNAL';

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
