/**
 * Thrown when the rows no longer match the decision, which the gate should exclude. The whole
 * transaction is tried again.
 */
export class LedgerChanged extends Error {
  readonly code = '40001';
}
