import { z } from 'zod';
import type { FeePercentile } from './inclusion-fee.js';

/**
 * Shapes of Stellar RPC's replies (docs/stellar.md#rpc). Numbers arrive as numbers or as strings,
 * by method and version, so both are accepted (docs/stellar.md#wire-types). Unused members are
 * dropped.
 */
const digits = z.string().regex(/^[0-9]{1,19}$/);
const whole = z.union([z.number().int().nonnegative(), digits]);
const ledger = whole.transform(Number).pipe(z.number().int().nonnegative().max(0xffff_ffff));
const seconds = whole.transform(BigInt);
const base64 = z.string().min(1);
const optionalSeconds = z
  .union([seconds, z.literal(''), z.null()])
  .optional()
  .transform((value) => (typeof value === 'bigint' ? value : undefined));

export const networkReply = z.object({
  passphrase: z.string(),
  protocolVersion: whole.optional().transform((version) => Number(version ?? 0)),
});

export const healthReply = z.object({
  latestLedger: ledger,
  oldestLedger: ledger,
  latestLedgerCloseTime: optionalSeconds,
});

export const entriesReply = z.object({
  latestLedger: ledger,
  entries: z
    .array(
      z.object({
        key: base64,
        xdr: base64,
        lastModifiedLedgerSeq: ledger.optional(),
        liveUntilLedgerSeq: ledger.optional(),
      }),
    )
    .nullish()
    .transform((entries) => entries ?? []),
});

/** A failed simulation is an `error` text inside a normal reply. */
export const simulationReply = z.object({
  latestLedger: ledger,
  error: z.string().optional(),
  minResourceFee: z
    .union([z.string(), z.number()])
    .optional()
    .transform((fee) => (fee === undefined ? undefined : String(fee))),
  transactionData: z.string().optional(),
  results: z
    .array(
      z.object({
        xdr: base64,
        auth: z
          .array(base64)
          .nullish()
          .transform((auth) => auth ?? []),
      }),
    )
    .nullish()
    .transform((results) => results ?? []),
  restorePreamble: z.object({ transactionData: z.string().optional() }).nullish(),
});
export type SimulationReply = z.infer<typeof simulationReply>;

/** Stroops per operation, as text, over the newest 50 ledgers. */
const rate = digits.transform(BigInt);
const rates = {
  p10: rate,
  p20: rate,
  p30: rate,
  p40: rate,
  p50: rate,
  p60: rate,
  p70: rate,
  p80: rate,
  p90: rate,
  p95: rate,
  p99: rate,
} satisfies Record<FeePercentile, z.ZodType<bigint>>;
export const feeStatsReply = z.object({
  latestLedger: ledger,
  sorobanInclusionFee: z.object(rates),
  // of transactions without contracts; one that is not understood leaves the others
  inclusionFee: z.object(rates).nullable().catch(null),
});
export type FeeStatsReply = z.infer<typeof feeStatsReply>;

export const submissionReply = z.object({
  status: z.enum(['PENDING', 'DUPLICATE', 'TRY_AGAIN_LATER', 'ERROR']),
  latestLedger: ledger,
  errorResultXdr: z.string().optional(),
});

const range = z.object({
  latestLedger: ledger,
  latestLedgerCloseTime: seconds,
  oldestLedger: ledger,
});
const found = range.extend({
  ledger,
  createdAt: seconds,
  feeBump: z.boolean().optional().default(false),
  applicationOrder: whole
    .optional()
    .transform((order) => (order === undefined ? undefined : Number(order))),
  resultXdr: base64,
  envelopeXdr: base64.optional(),
  resultMetaXdr: z.string().optional(),
  diagnosticEventsXdr: z.array(base64).nullish(),
  events: z
    .object({
      contractEventsXdr: z.array(z.array(base64).nullable()).nullish(),
      diagnosticEventsXdr: z.array(base64).nullish(),
    })
    .nullish(),
});
export const transactionReply = z.discriminatedUnion('status', [
  range.extend({ status: z.literal('NOT_FOUND') }),
  found.extend({ status: z.literal('SUCCESS') }),
  found.extend({ status: z.literal('FAILED') }),
]);
export type TransactionReply = z.infer<typeof transactionReply>;
export type FoundReply = Exclude<TransactionReply, { status: 'NOT_FOUND' }>;

/**
 * getEvents. Failed calls never emit contract events; older nodes report such calls in a member.
 */
export const eventsReply = z.object({
  latestLedger: ledger,
  cursor: z.string().regex(/^[0-9]{19}-[0-9]{10}$/),
  events: z
    .array(
      z.object({
        id: z.string().regex(/^[0-9]{19}-[0-9]{10}$/),
        ledger,
        txHash: z.string().regex(/^[0-9a-f]{64}$/),
        contractId: z.string(),
        inSuccessfulContractCall: z.boolean().optional(),
        topic: z
          .array(base64)
          .nullish()
          .transform((topics) => topics ?? []),
        value: base64,
      }),
    )
    .nullish()
    .transform((events) => events ?? []),
});
export type EventsPage = z.infer<typeof eventsReply>;
