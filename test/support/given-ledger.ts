import { createHash, randomBytes } from 'node:crypto';
import { uuidV7 } from '../../src/common/uuid.js';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { PoolRegistry, type PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';
import {
  ReservationLedger,
  type LedgerOptions,
} from '../../src/modules/liquidity/reservation-ledger.js';
import type {
  FailureCause,
  HoldOutcome,
  HoldRequest,
  Snapshot,
} from '../../src/modules/liquidity/reservation.js';
import type { Settlement } from '../../src/modules/liquidity/ends/end-evidence.js';

export const NETWORK = 'Test Network';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const strkey = (letter: string): string =>
  letter + Array.from(randomBytes(55), (byte) => BASE32[byte % 32]).join('');
export const account = (): string => strkey('G');
export const contract = (): string => strkey('C');
export const nowSeconds = (): bigint => BigInt(Math.floor(Date.now() / 1000));

export interface LedgerUnderTest {
  readonly ledger: ReservationLedger;
  readonly registry: PoolRegistry;
  readonly connections: LedgerConnections;
  readonly retries: string[];
}

export function openLedger(
  where: string | LedgerConnections,
  options: Partial<LedgerOptions> = {},
): LedgerUnderTest {
  const connections =
    typeof where === 'string'
      ? new LedgerConnections({ url: where, deadlineMs: options.deadlineMs ?? 5000 })
      : where;
  const retries: string[] = [];
  const ledger = new ReservationLedger(connections, {
    deadlineMs: 5000,
    queueMax: 10_000,
    batchMax: 500,
    keyHours: 24,
    chainLagSeconds: 60,
    onRetry: (code) => retries.push(code),
    ...options,
  });
  return { ledger, registry: new PoolRegistry(connections, 5000), connections, retries };
}

export const unseenPool = (
  under: LedgerUnderTest,
  rules: { buffer?: bigint; holdSeconds?: number; maxSnapshotAgeSeconds?: number } = {},
): Promise<PoolRecord> =>
  under.registry.register(
    {
      network: NETWORK,
      generation: 'g1',
      poolContract: contract(),
      lendingContract: contract(),
      tokenContract: contract(),
      poolWasmHash: 'ab'.repeat(32),
      decimals: 7,
      assetCode: 'HFD',
    },
    {
      name: 'test pool',
      holdSeconds: rules.holdSeconds ?? 300,
      minSigningSeconds: 30,
      maxSnapshotAgeSeconds: rules.maxSnapshotAgeSeconds ?? 600,
      buffer: rules.buffer ?? 0n,
      state: 'active',
      strict: false,
    },
  );

/** A pool whose snapshot at ledger 100 shows `room` base units, as seen this second. */
export async function givenPool(
  under: LedgerUnderTest,
  room: bigint,
  rules: { buffer?: bigint; holdSeconds?: number; maxSnapshotAgeSeconds?: number } = {},
): Promise<PoolRecord> {
  const pool = await unseenPool(under, rules);
  await under.ledger.snapshots.observe(snapshot(pool.id, 100, { total: room }));
  return pool;
}

export function snapshot(
  poolId: string,
  ledger: number,
  figures: {
    total: bigint;
    locked?: bigint;
    tokenBalance?: bigint;
    lastLoanId?: bigint | null;
    contractPaused?: boolean | null;
    contractPauses?: Snapshot['contractPauses'];
    limits?: Partial<Snapshot['limits']>;
  },
  closeTime = nowSeconds(),
): Snapshot {
  const locked = figures.locked ?? 0n;
  return {
    poolId,
    ledger,
    total: figures.total,
    locked,
    tokenBalance: figures.tokenBalance ?? figures.total - locked,
    lastLoanId: figures.lastLoanId ?? null,
    contractPaused: figures.contractPaused ?? null,
    contractPauses: figures.contractPauses ?? null,
    limits: {
      outflowCapBps: null,
      vendorCap: null,
      utilisationCapBps: null,
      ...figures.limits,
    },
    closeTime,
    headLedger: ledger,
    headCloseTime: closeTime,
  };
}

export interface Ask {
  amount?: bigint;
  borrower?: string;
  key?: string | null;
  fingerprint?: string;
  kind?: 'hold' | 'refuse-only';
  sequence?: bigint;
  maxTime?: bigint;
  reservationId?: string;
  xdr?: string;
  issuedAfter?: number;
  entryBytes?: number;
  window?: { first?: bigint; last?: bigint; bytes?: number };
}

/** The assumed size of a stranger's loan entry. */
export const STRANGER_BYTES = 8_420;
/** A request as the loans room would make it, with an envelope of its own. */
export function request(poolId: string, ask: Ask = {}): HoldRequest {
  const amount = ask.amount ?? 100n;
  return {
    reservationId: ask.reservationId ?? uuidV7(),
    poolId,
    network: NETWORK,
    borrower: ask.borrower ?? account(),
    amount,
    tenantId: 'default',
    key: ask.key ?? null,
    fingerprint: ask.fingerprint ?? 'f'.repeat(64),
    loan: {
      loanId: uuidV7(),
      vendor: account(),
      totalAmount: amount + 25n,
      guaranteeAmount: 25n,
      schedule: [{ amount: (amount + 25n).toString(), dueAt: '1900000000' }],
      loanType: 'standard',
      entryBytes: ask.entryBytes ?? 1_092,
    },
    strangerBytes: STRANGER_BYTES,
    ask:
      ask.kind === 'refuse-only'
        ? { kind: 'refuse-only' }
        : {
            kind: 'hold',
            envelope: {
              hash: createHash('sha256').update(randomBytes(16)).digest('hex'),
              xdr: ask.xdr ?? 'AAAA',
              sequence: ask.sequence ?? 5n,
              maxTime: ask.maxTime ?? nowSeconds() + 300n,
              issuedAfterLedger: ask.issuedAfter ?? 99,
              fee: 100_000n,
              loanIdFirst: ask.window?.first ?? 1n,
              loanIdLast: ask.window?.last ?? 25n,
              windowBytes: ask.window?.bytes ?? 1_000_000,
              windowFee: 10_000n,
              inclusionFee: 1_000n,
              goingRate: null,
            },
          },
  };
}

/** Failures that two replies agree on: the contract decided, and our own figures did. */
export const REFUSED: { readonly cause: FailureCause; readonly seenAt: readonly [number, number] } =
  {
    cause: { by: 'contract', reason: 'contract_error', contract: 'C', number: 5 },
    seenAt: [131, 132],
  };
export const OUR_FAULT: {
  readonly cause: FailureCause;
  readonly seenAt: readonly [number, number];
} = {
  cause: { by: 'ours', reason: 'resource_limit', contract: null, number: null },
  seenAt: [131, 132],
};

export function settlementOf(asked: HoldRequest, ledger: number): Settlement {
  if (asked.ask.kind !== 'hold') throw new Error('only an issued envelope can land');
  return {
    poolId: asked.poolId,
    reservationId: asked.reservationId,
    envelopeHash: asked.ask.envelope.hash,
    settledLedger: ledger,
    closeTime: nowSeconds(),
    loanId: 7n,
    feeBump: false,
  };
}

export const countKinds = (outcomes: readonly HoldOutcome[]): Record<string, number> =>
  outcomes.reduce<Record<string, number>>(
    (counts, outcome) => ({ ...counts, [outcome.kind]: (counts[outcome.kind] ?? 0) + 1 }),
    {},
  );

export interface Invariants {
  readonly held: string;
  readonly held_sum: string;
  readonly in_flight: string;
  readonly in_flight_sum: string;
}

/** Counters of one pool beside the sums they must equal. */
export async function invariants(under: LedgerUnderTest, poolId: string): Promise<Invariants> {
  const answer = await under.connections.read.query<Invariants>(
    `select p.held::text, p.in_flight::text,
      coalesce(sum(r.amount) filter (where r.state = 'held'), 0)::text as held_sum,
      coalesce(sum(r.amount) filter (where r.state = 'settled'
        and r.settled_ledger > p.snapshot_ledger), 0)::text as in_flight_sum
    from pools p left join reservations r on r.pool_id = p.id where p.id = $1 group by p.id`,
    [poolId],
  );
  const row = answer.rows[0];
  if (!row) throw new Error(`no pool ${poolId}`);
  return row;
}
