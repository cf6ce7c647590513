/** A field in which a signed transaction or authorization differs from the issued one. */
const SIGNED_FIELDS = [
  'loan',
  'network',
  'signature',
  'source',
  'sequence',
  'fee',
  'maxTime',
  'minTime',
  'memo',
  'preconditions',
  'operation',
  'borrower',
  'vendor',
  'totalAmount',
  'guaranteeAmount',
  'schedule',
  'loanType',
  'authorization',
  'resources',
  'address',
  'nonce',
  'expirationLedger',
] as const;
/**
 * As text, null where it is absent. Amounts in base units; a schedule as `amount@dueAt` rows with
 * unix seconds. `message` continues the field's name.
 */
export interface SignedDifference {
  readonly field: (typeof SIGNED_FIELDS)[number];
  readonly expected: string | null;
  readonly received: string | null;
  readonly message: string;
}

/**
 * The fault of a signed XDR, or the proof that it is the envelope, well signed: itself
 * (`feeBumpHash` null) or inside the fee bump with that hash. `hash` is of the received
 * transaction, inside a fee bump; null when there is none.
 */
export type SignedCheck =
  | { readonly ok: true; readonly feeBumpHash: string | null }
  | {
      readonly ok: false;
      readonly reason: 'not_xdr' | 'other_transaction' | 'no_valid_signature' | 'weight_too_low';
      readonly sentence: string;
      readonly hash: string | null;
      readonly differences: readonly SignedDifference[];
      /** With `weight_too_low`: what the valid signatures weigh, and the account's threshold. */
      readonly weight?: number;
      readonly needed?: number;
    };
