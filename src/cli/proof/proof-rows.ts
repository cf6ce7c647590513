import { z } from 'zod';
import type { Parts } from './bundle.js';

const integer = z
  .string()
  .regex(/^-?\d{1,39}$/)
  .transform(BigInt);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const ledger = z.int().nonnegative();
/** Microseconds since 1970: the database's clock has them, and `Date` does not. */
const moment = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/)
  .transform((text) => {
    const [seconds = '', fraction = ''] = text.slice(0, -1).split('.');
    return BigInt(Date.parse(`${seconds}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0'));
  });
const SECOND = 1_000_000n;
/** Of the chain, whose times have whole seconds. */
const closeTime = moment.transform((micros) => micros / SECOND);
export const seconds = (micros: bigint): bigint => micros / SECOND;

const pool = z.object({
  id: z.uuid(),
  network: z.string().min(1),
  generation: z.string(),
  pool_contract: z.string(),
  lending_contract: z.string(),
  token_contract: z.string(),
});
const rules = z.object({
  pool_id: z.uuid(),
  number: z.int().positive(),
  at: moment,
  buffer: integer,
  hold_seconds: z.int().positive(),
  max_extension_seconds: z.int().nonnegative(),
  max_wallet_share_bps: z.int().nullable(),
});
const snapshot = z.object({
  pool_id: z.uuid(),
  ledger: integer,
  total: integer,
  locked: integer,
  token_balance: integer,
  utilisation_cap_bps: integer.nullable(),
});
const reservation = z.object({
  pool_id: z.uuid(),
  id: z.uuid(),
  tenant_id: z.string(),
  loan_id: z.uuid(),
  borrower: z.string(),
  amount: integer,
  at_ledger: integer,
  held_at: moment,
  expires_at: closeTime,
  envelope_version: z.int().positive(),
  submitted_at: moment.nullable(),
  cancel_requested_at: moment.nullable(),
  state: z.enum(['held', 'settled', 'released', 'expired']),
  settled_ledger: integer.nullable(),
  release_reason: z.string().nullable(),
  ended_at: moment.nullable(),
  signing: z.enum(['transaction', 'authorization']),
});
const loan = z.object({
  pool_id: z.uuid(),
  id: z.uuid(),
  reservation_id: z.uuid(),
  tenant_id: z.string(),
  borrower: z.string(),
  vendor: z.string().nullable(),
  total_amount: integer,
  guarantee_amount: integer,
  schedule: z.array(z.object({ amount: integer, dueAt: integer })),
  loan_type: z.enum(['standard', 'learner_installment']),
});
const state = z.enum(['open', 'landed', 'failed', 'dead']);
const issued = z.object({
  pool_id: z.uuid(),
  reservation_id: z.uuid(),
  number: z.int().positive(),
  hash,
  sequence: integer,
  max_time: closeTime,
  issued_after_ledger: integer,
  fee: integer,
  loan_id_first: integer.nullable(),
  loan_id_last: integer.nullable(),
  state,
  found_ledger: integer.nullable(),
  result_code: z.string().nullable(),
  failed_by: z.string().nullable(),
  failed_reason: z.string().nullable(),
  failed_contract: z.string().nullable(),
  failed_number: integer.nullable(),
});
const transaction = issued.extend({
  xdr: z.string(),
  signed_xdr: z.string().nullable(),
  submitted_at: moment.nullable(),
  chain_loan_id: integer.nullable(),
  passed_ledger: integer.nullable(),
  vote_ledger: integer.nullable(),
  consumed_ledger: integer.nullable(),
  consumed_sequence: integer.nullable(),
  consumed_vote_ledger: integer.nullable(),
});
const landing = issued.extend({
  fee_charged: integer.nullable(),
  inclusion_fee: integer.nullable(),
  xdr: z.string().nullable(),
  network: z.string(),
  channel: z.string(),
});
const authorization = z.object({
  pool_id: z.uuid(),
  reservation_id: z.uuid(),
  network: z.string(),
  address: z.string(),
  nonce: integer,
  hash,
  expiration_ledger: integer,
  issued_after_ledger: integer,
  entry: z.string(),
  signed_entry: z.string().nullable(),
  signed_at: moment.nullable(),
  state: z.enum(['open', 'spent', 'dead']),
  unspent_ledger: integer.nullable(),
  vote_ledger: integer.nullable(),
  spent_ledger: integer.nullable(),
  landing_tx_hash: hash.nullable(),
  chain_loan_id: integer.nullable(),
});

/** What a certificate says in the journal; each has its own of these. */
const evidence = z.looseObject({
  certificate: z.string().optional(),
  number: z.int().positive().optional(),
  sequence: integer.optional(),
  maxTime: integer.optional(),
  channel: z.string().optional(),
  fee: integer.optional(),
  inclusionFee: integer.nullable().optional(),
  feeBump: z.boolean().optional(),
  feeCharged: integer.nullable().optional(),
  authorization: hash.optional(),
  transactionHash: hash.nullable().optional(),
  by: z.string().optional(),
  reason: z.string().optional(),
  alarm: z.string().optional(),
  chainLoanId: integer.nullable().optional(),
  passedLedger: ledger.optional(),
  passedCloseTime: integer.optional(),
  notFoundAt: z.tuple([ledger, ledger]).optional(),
  oldestLedger: ledger.optional(),
  consumedLedger: ledger.optional(),
  consumedSequence: integer.optional(),
  failedLedger: ledger.optional(),
  failedAt: z.tuple([ledger, ledger]).optional(),
  failedBy: z.string().optional(),
  failReason: z.string().optional(),
  failedContract: z.string().optional(),
  failedNumber: z.int().optional(),
  resultCode: z.string().optional(),
  expirationLedger: ledger.optional(),
  absentAt: z.tuple([ledger, ledger]).optional(),
  minTemporaryTtl: ledger.optional(),
  readLedger: ledger.optional(),
  loansRead: z.int().nonnegative().nullable().optional(),
});
const event = z.object({
  pool_id: z.uuid(),
  reservation_id: z.uuid(),
  number: z.int().positive(),
  kind: z.string(),
  at: moment,
  state_before: z.string().nullable(),
  state_after: z.string(),
  amount: integer,
  pool_version: integer,
  held_before: integer,
  held_after: integer,
  in_flight_before: integer,
  in_flight_after: integer,
  envelope_hash: hash.nullable(),
  ledger: integer.nullable(),
  close_time: closeTime.nullable(),
  reason: z.string().nullable(),
  evidence: evidence.nullable(),
});
const chain = z.object({
  fundings: z.array(
    z.object({
      pool_id: z.uuid(),
      event_id: z.string(),
      ledger: integer,
      tx_hash: hash,
      amount: integer.nullable(),
      borrower: z.string().nullable(),
      chain_loan_id: integer.nullable(),
      envelope_hash: hash.nullable(),
      reservation_id: z.uuid().nullable(),
      vendor: z.string().nullable(),
    }),
  ),
  events: z.array(
    z.object({
      pool_id: z.uuid(),
      id: z.string(),
      ledger: integer,
      tx_hash: hash,
      contract: z.string(),
    }),
  ),
  landedLoan: z
    .object({
      pool_id: z.uuid(),
      reservation_id: z.uuid(),
      chain_loan_id: integer,
      total_amount: integer,
      guarantee_amount: integer,
      read_ledger: integer,
    })
    .nullable(),
  ledgerTimes: z.array(z.object({ ledger: integer, close_time: closeTime, believed: z.boolean() })),
});

const rows = z.object({
  about: z.object({
    reservation: z.uuid(),
    network: z.string(),
    writtenAt: z.iso.datetime(),
    writtenBy: z.string(),
  }),
  pool,
  rules: z.array(rules),
  snapshot: snapshot.nullable(),
  reservation,
  loan,
  transactions: z.array(transaction),
  authorization: authorization.nullable(),
  landings: z.array(landing),
  journal: z.array(event).min(1),
  chain,
});
export type ProofRows = z.output<typeof rows>;
export type JournalRow = ProofRows['journal'][number];
export type TransactionRow = ProofRows['transactions'][number];
export type LandingRow = ProofRows['landings'][number];

/** @throws ZodError when a row has not the shape that its table gives it */
export const rowsIn = (parts: Parts): ProofRows => rows.parse(parts);
