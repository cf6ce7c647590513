import { z } from 'zod';
import { nextCursorSchema } from '../../http/list-query.js';
import { FAMILY_NAMES, GENERATION_NAMES } from '../chain/families/contract-family.js';
import { RELEASE_REASON_WORDS, RELEASE_REASONS, SIGNINGS } from '../liquidity/reservation.js';
import { time, units } from '../../http/wire.schemas.js';
import { RULES_ANSWER } from './pool-rules.schemas.js';
import { authorizationRow, envelope, landingRow } from './signing.schemas.js';
import { contractLimitsSchema, contractPausesSchema } from './contract-conditions.schemas.js';

/**
 * Wire shapes of the operations room's answers. Amounts are token units as text, times RFC 3339 in
 * UTC, ledgers integers.
 */
const reservationState = z.enum(['held', 'settled', 'released', 'expired']);

export const poolSchema = z
  .object({
    id: z.string().meta({ format: 'uuid' }),
    name: z.string(),
    state: z.enum(['active', 'paused', 'quarantined', 'closed']),
    network: z.string().meta({ description: 'Passphrase' }),
    generation: z
      .enum(GENERATION_NAMES)
      .meta({ description: 'Which published contracts the pool runs' }),
    family: z.enum(FAMILY_NAMES).meta({ description: 'The family that they belong to' }),
    poolContract: z.string(),
    lendingContract: z.string(),
    tokenContract: z.string(),
    decimals: z.int(),
    assetCode: z
      .string()
      .nullable()
      .meta({
        description:
          'What the token calls itself, for people: XLM for the native one. Anybody can name a token ' +
          'so, and `tokenContract` says which it is. null: not known',
        examples: ['USDC'],
      }),
    ...RULES_ANSWER,
    quarantine: z
      .object({
        since: time('When the database was found to be another one; null: not recorded').nullable(),
        until: time(
          'Chain time after which no transaction from before can land; null until a ledger was ' +
            'read after the change. The first snapshot of that time or later ends the quarantine',
        ).nullable(),
        then: z.enum(['active', 'paused']).meta({
          description:
            "The pool's state after the quarantine. An operator's pause or resumption meanwhile is " +
            'kept here',
        }),
      })
      .nullable()
      .meta({ description: 'null unless the state is quarantined' }),
    available: units('observedAvailable - held - inFlight - buffer, never below zero'),
    observedAvailable: units(
      "min(total - locked, tokenBalance) of the snapshot, within the contract's utilisation limit",
    ).nullable(),
    total: units('Total liquidity by the pool contract').nullable(),
    locked: units('Funded, unrepaid principal as the chain counts it; may be negative').nullable(),
    tokenBalance: units("The pool contract's token balance").nullable(),
    held: units('Sum of live holds'),
    inFlight: units('Settled holds that the snapshot does not contain yet'),
    buffer: units('Never held for a loan'),
    shortfall: units('How much more is held, in flight and kept back than was observed'),
    liveHolds: z.int(),
    lastLoanId: z
      .string()
      .nullable()
      .meta({
        description:
          "The lending contract's loan counter at `atLedger`: the id of its last loan by any borrower. " +
          'The next loan has the next id. null: not known',
        examples: ['25'],
      }),
    contractPaused: z
      .boolean()
      .nullable()
      .meta({
        description:
          'Whether one of the contracts was paused on the chain by its own administrator at ' +
          '`atLedger`. No loan lands then, whatever `state` says; the service sees the end of the ' +
          'pause itself. Also false where no contract knows a pause; null: not known',
      }),
    contractPauses: contractPausesSchema,
    contractLimits: contractLimitsSchema,
    atLedger: z
      .int()
      .nullable()
      .meta({ description: 'Ledger of the snapshot; null before the first' }),
    closeTime: time('Close time of that ledger').nullable(),
    ageSeconds: z
      .number()
      .nullable()
      .meta({ description: "Since the snapshot's ledger last advanced" }),
    chainLagSeconds: z.number().nullable().meta({ description: 'Database clock less chain time' }),
    nextDeadline: time('T of the next live hold that can lapse').nullable(),
    version: z
      .string()
      .meta({ description: 'Raised by every ledger transaction that touched the pool' }),
  })
  .meta({ id: 'Pool' });
const contractLifetime = z
  .object({
    contract: z.string(),
    name: z
      .string()
      .meta({ description: 'What it is to the pool', examples: ['lending_contract'] }),
    ledgersLeft: z
      .int()
      .nullable()
      .meta({
        description:
          'Until its instance or its code lapses, whichever is first, at the newest known ledger. ' +
          '0: it is archived; null: the node does not say',
      }),
    lapsesAbout: time('When that is, at five seconds a ledger; an estimate').nullable(),
    instanceUntil: z.int().nullable().meta({ description: 'The last ledger of its instance' }),
    codeUntil: z.int().nullable().meta({
      description: 'The last ledger of its code; null: it has none of its own, or not known',
    }),
    atLedger: z.int().meta({ description: 'Where that was read' }),
  })
  .meta({ id: 'ContractLifetime' });
const proposedUpgrade = z
  .object({
    contract: z.string(),
    wasmHash: z.string().meta({ description: 'Of the proposed code' }),
    generation: z.string().nullable().meta({
      description: 'Which published contracts that code is; null: not known, or not read yet',
    }),
    unlocksAt: time('Chain time from which it can be executed'),
    atLedger: z.int().meta({ description: 'Where it was proposed' }),
  })
  .meta({ id: 'ProposedUpgrade' });
/** One pool, with what may end its contracts as they are. */
export const poolPageSchema = poolSchema
  .extend({
    contracts: z.array(contractLifetime).meta({
      description: 'Lifetimes of its contracts, the first to lapse first; empty: not read yet',
    }),
    upgrades: z
      .array(proposedUpgrade)
      .meta({ description: 'Upgrades that are proposed and not executed' }),
  })
  .meta({ id: 'PoolPage' });
export const poolListSchema = z.object({ pools: z.array(poolSchema) }).meta({ id: 'PoolList' });

export const reservationSchema = z
  .object({
    id: z.string().meta({ format: 'uuid' }),
    poolId: z.string().meta({ format: 'uuid' }),
    loanId: z.string().meta({ format: 'uuid' }),
    borrower: z.string(),
    signing: z.enum(SIGNINGS).meta({ description: 'What the borrower signs' }),
    state: reservationState,
    releaseReason: z.enum(RELEASE_REASONS).nullable().meta({ description: RELEASE_REASON_WORDS }),
    amount: units('What is held'),
    expiresAt: time('Greatest T of its transactions. Its passing alone frees nothing'),
    atLedger: z.int().meta({ description: 'Ledger of the snapshot on which it was decided' }),
    settledLedger: z.int().nullable(),
    heldAt: time('When'),
    submittedAt: time('First submission through this service').nullable(),
    cancelRequestedAt: time(
      'When cancellation was requested, which frees nothing by itself',
    ).nullable(),
    endedAt: time('When it reached its final state').nullable(),
  })
  .meta({ id: 'Reservation' });
export const reservationListSchema = z
  .object({ reservations: z.array(reservationSchema), nextCursor: nextCursorSchema })
  .meta({ id: 'ReservationList' });

const journalRow = z
  .object({
    number: z.int(),
    kind: z.string(),
    at: time('When'),
    stateBefore: reservationState.nullable(),
    stateAfter: reservationState,
    amount: units('Amount'),
    poolVersion: z.string(),
    heldBefore: units("Pool's held before"),
    heldAfter: units('and after'),
    inFlightBefore: units("Pool's inFlight before"),
    inFlightAfter: units('and after'),
    envelopeHash: z.string().nullable(),
    ledger: z.int().nullable(),
    closeTime: time('Close time').nullable(),
    reason: z.string().nullable(),
    evidence: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: 'The certificate: what the chain showed' }),
  })
  .meta({ id: 'JournalRow' });
export const reservationPageSchema = z
  .object({
    reservation: reservationSchema,
    journal: z.array(journalRow),
    envelopes: z
      .array(envelope)
      .meta({ description: 'Empty where the borrower signs an authorization' }),
    authorization: authorizationRow
      .nullable()
      .meta({ description: 'Null where the borrower signs a transaction' }),
    landings: z.array(landingRow).meta({
      description: 'Transactions of this service that carry the authorization, oldest first',
    }),
  })
  .meta({ id: 'ReservationPage' });

const check = z.object({ ok: z.boolean(), detail: z.string() });
export const liveSchema = z.object({ status: z.literal('live') }).meta({ id: 'Live' });
export const readySchema = z
  .object({
    status: z.enum(['ready', 'not_ready']),
    stopping: z.boolean().meta({
      description:
        'The process is stopping. It finishes what it has begun; send new requests to another process',
    }),
    database: check,
    databaseRole: z
      .enum(['server', 'owner'])
      .nullable()
      .meta({
        description:
          'As what the process uses the database: `server` owns no table, `owner` could switch the ' +
          'guards of the journal off. Null: not known',
      }),
    chain: check,
    pools: check.extend({
      youngest: z.array(
        z.object({
          poolId: z.string(),
          state: z.string(),
          atLedger: z.int().nullable(),
          ageSeconds: z.number().nullable(),
          maxSnapshotAgeSeconds: z.int(),
          fresh: z.boolean(),
        }),
      ),
    }),
    jobs: check
      .extend({
        queues: z.array(
          z.object({
            queue: z.string(),
            waiting: z.int().meta({ description: 'Jobs that are due and not begun' }),
            lagSeconds: z.number().meta({ description: 'How long the first of them is overdue' }),
          }),
        ),
      })
      .meta({ description: 'How late the jobs are. Not part of `status`' }),
  })
  .meta({ id: 'Ready' });

export type PoolPageAnswer = z.infer<typeof poolPageSchema>;
export type PoolAnswer = z.infer<typeof poolSchema>;
export type ReservationAnswer = z.infer<typeof reservationSchema>;
export type ReservationPage = z.infer<typeof reservationPageSchema>;
export type Readiness = z.infer<typeof readySchema>;
