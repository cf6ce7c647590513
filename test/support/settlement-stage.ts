import { envelopeOf } from '../../src/modules/loans/loan-funding.js';
import { randomUUID } from 'node:crypto';
import { Contract, Keypair, rpc, TransactionBuilder, type xdr } from '@stellar/stellar-sdk';
import type { Chain, Funding, LoanTerms } from '../../src/modules/chain/chain.js';
import { SorobanChain } from '../../src/modules/chain/soroban-chain.js';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';
import type { LedgerOptions } from '../../src/modules/liquidity/reservation-ledger.js';
import { ReconciliationLedger } from '../../src/modules/liquidity/snapshots/reconciliation-ledger.js';
import type { AlarmName } from '../../src/modules/settlement/alarm-log.js';
import type { EndLog, HoldEnd } from '../../src/modules/settlement/end-log.js';
import {
  type ReconciliationLimits,
  type ReconciliationRooms,
  ReconciliationService,
} from '../../src/modules/settlement/reconciliation.service.js';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import type { SettlementLimits } from '../../src/modules/settlement/settlement-rooms.js';
import {
  startNetwork,
  type NetworkOptions,
  type RunningNetwork,
} from '../../sandbox/network/network.js';
import { createTestDatabase } from './database.js';
import { type LedgerUnderTest, openLedger } from './given-ledger.js';

const UNIT = 10_000_000n;
const TOTAL = 100n * UNIT;
const GUARANTEE = 20n * UNIT;
/** The amount that each loan of this stage holds: 80 tokens. */
export const AMOUNT = TOTAL - GUARANTEE;
const DAY = 86_400n;

export interface Stage {
  readonly network: RunningNetwork;
  readonly under: LedgerUnderTest;
  readonly chain: SorobanChain;
  /** How many loans of others each transaction leaves room for. */
  readonly counterWindow: number;
  readonly databaseUrl: string;
  /** Log lines of every service on this stage. */
  readonly ends: HoldEnd[];
  end(): Promise<void>;
}

/** A real database and a model network whose ledgers are closed by hand. */
export async function openStage(
  options: {
    network?: NetworkOptions;
    counterWindow?: number;
    ledger?: Partial<LedgerOptions>;
  } = {},
): Promise<Stage> {
  const database = await createTestDatabase();
  const network = await startNetwork(options.network ?? {});
  const under = openLedger(database.url, options.ledger);
  const chain = new SorobanChain({
    rpcUrl: network.rpcUrl,
    networkPassphrase: network.passphrase,
    timeoutMs: 5000,
    inclusionFee: 1000,
  });
  const end = async (): Promise<void> => {
    await network.close();
    await under.connections.close();
    await database.drop();
  };
  return {
    network,
    under,
    chain,
    counterWindow: options.counterWindow ?? 24,
    databaseUrl: database.url,
    ends: [],
    end,
  };
}

export interface RaisedAlarm {
  readonly name: AlarmName;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Keeps what would be log lines. */
export const endsOf = (stage: Stage): EndLog => ({
  ended: (end) => {
    stage.ends.push(end);
  },
});
/**
 * @param which `all`: each end in the journal was logged once; `some`: each logged end is in the
 * journal, once
 * @throws Error with the differences
 */
export async function assertEndsLogged(stage: Stage, which: 'all' | 'some'): Promise<void> {
  const { rows } = await stage.under.connections.read
    .query<HoldEnd>(`select reservation_id as "reservationId", pool_id as "poolId", kind as outcome,
      ledger::int as ledger, evidence ->> 'certificate' as certificate
    from reservation_events where kind in ('settled', 'released', 'expired')`);
  const textOf = ({ reservationId, poolId, outcome, ledger, certificate }: HoldEnd): string =>
    [reservationId, poolId, outcome, ledger, certificate].join(' ');
  const [logged, written] = [stage.ends.map(textOf), rows.map(textOf)];
  const faults = [
    ...logged.filter((each) => !written.includes(each)).map((each) => `not written: ${each}`),
    ...logged.filter((each, at) => logged.indexOf(each) !== at).map((each) => `twice: ${each}`),
    ...(which === 'all'
      ? written.filter((each) => !logged.includes(each)).map((each) => `not logged: ${each}`)
      : []),
  ];
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

/**
 * A service as a process that has just started: it remembers nothing. Its alarms are kept for the
 * test to look at.
 */
export function settlementOn(
  stage: Stage,
  change: { chain?: Chain; limits?: SettlementLimits } = {},
): { settlement: SettlementService; alarms: RaisedAlarm[] } {
  const alarms: RaisedAlarm[] = [];
  const rooms = {
    ledger: stage.under.ledger,
    pools: stage.under.registry,
    chain: change.chain ?? stage.chain,
  };
  const raise = (name: AlarmName, facts: Readonly<Record<string, unknown>>): void => {
    alarms.push({ name, facts });
  };
  return {
    settlement: new SettlementService(rooms, { raise }, change.limits, endsOf(stage)),
    alarms,
  };
}

/** The reconciliation of a process that has just started, beside the same chain and database. */
export function reconciliationOn(
  stage: Stage,
  change: { chain?: ReconciliationRooms['chain']; limits?: ReconciliationLimits } = {},
): { reconciliation: ReconciliationService; ledger: ReconciliationLedger; alarms: RaisedAlarm[] } {
  const alarms: RaisedAlarm[] = [];
  const ledger = new ReconciliationLedger(stage.under.connections, 5000);
  const raise = (name: AlarmName, facts: Readonly<Record<string, unknown>>): void => {
    alarms.push({ name, facts });
  };
  return {
    reconciliation: new ReconciliationService(
      { ledger, pools: stage.under.registry, chain: change.chain ?? stage.chain },
      { raise },
      change.limits,
    ),
    ledger,
    alarms,
  };
}

/**
 * Calls a contract as any wallet could, signed by an account of the model network, and closes the
 * ledger it lands in. @returns its hash
 */
export async function landCall(
  stage: Stage,
  secret: string,
  call: { contract: string; fn: string; args: readonly xdr.ScVal[] },
): Promise<string> {
  const key = Keypair.fromSecret(secret);
  const server = new rpc.Server(stage.network.rpcUrl, { allowHttp: true });
  const draft = new TransactionBuilder(await server.getAccount(key.publicKey()), {
    fee: '1000',
    networkPassphrase: stage.network.passphrase,
    timebounds: { minTime: 0, maxTime: stage.network.control.head().closeTime + 3600 },
  })
    .addOperation(new Contract(call.contract).call(call.fn, ...call.args))
    .build();
  const prepared = await server.prepareTransaction(draft);
  prepared.sign(key);
  const { hash } = await server.sendTransaction(prepared);
  await stage.network.closeLedgers(1);
  const found = await server.getTransaction(hash);
  if (found.status !== rpc.Api.GetTransactionStatus.SUCCESS)
    throw new Error(`${call.fn} is ${found.status}`);
  return hash;
}

/** The stage's chain with some methods of its own. */
export const chainOver = (stage: Stage, own: Partial<Chain>): Chain =>
  Object.assign(Object.create(stage.chain) as Chain, {
    head: () => stage.chain.head(),
    observePool: (...of: Parameters<Chain['observePool']>) => stage.chain.observePool(...of),
    inclusionFee: (...of: Parameters<Chain['inclusionFee']>) => stage.chain.inclusionFee(...of),
    findTransaction: (hash: string) => stage.chain.findTransaction(hash),
    accountSequences: (addresses: readonly string[]) => stage.chain.accountSequences(addresses),
    borrowerLoans: (...of: Parameters<Chain['borrowerLoans']>) => stage.chain.borrowerLoans(...of),
    networkPassphrase: stage.network.passphrase,
    ...own,
  });

/** A pool of the network, registered and never observed. */
export async function stagePool(
  stage: Stage,
  deposit = 10_000n * UNIT,
  holdSeconds = 300,
): Promise<PoolRecord> {
  const made = stage.network.control.deployPool({ profile: 'scaled', decimals: 7, deposit });
  const { wasmHash } = await stage.chain.describePool(made.pool);
  return stage.under.registry.register(
    {
      network: stage.network.passphrase,
      generation: 'scaled',
      poolContract: made.pool,
      lendingContract: made.creditline,
      tokenContract: made.token,
      poolWasmHash: wasmHash,
      decimals: 7,
      assetCode: 'HFD',
    },
    {
      name: 'stage',
      holdSeconds,
      minSigningSeconds: 30,
      maxSnapshotAgeSeconds: 600,
      buffer: 0n,
      state: 'active',
      strict: false,
    },
  );
}

type StageFunding = Funding & { readonly loanIdFirst: bigint; readonly loanIdLast: bigint };
export interface StageHold {
  readonly reservationId: string;
  readonly borrower: string;
  readonly funding: StageFunding;
  /** Submits the signed envelope to the node, without our own API. */ submit(): Promise<string>;
  /** Any transaction of this network, signed by the borrower. */ sign(xdr: string): string;
  /** The envelope with the borrower's signature. */ signed(): string;
}

async function fundingFor(stage: Stage, pool: PoolRecord, terms: LoanTerms): Promise<StageFunding> {
  const built = await stage.chain.buildFunding({
    terms,
    pool,
    holdSeconds: pool.holdSeconds,
    window: {
      least: { loans: 0, bytes: 0 },
      wanted: { loans: stage.counterWindow, bytes: stage.counterWindow * 1_092 },
    },
  });
  if (built.kind !== 'built')
    throw new Error(`the funding was not built: ${JSON.stringify(built)}`);
  const { loanIdFirst, loanIdLast } = built.funding;
  if (loanIdFirst === null || loanIdLast === null) throw new Error('the funding has no loan ids');
  return { ...built.funding, loanIdFirst, loanIdLast };
}

/** A hold of 80 tokens as the loans room makes it. */
export async function stageHold(stage: Stage, pool: PoolRecord): Promise<StageHold> {
  const [borrower] = stage.network.control.makeBorrowers({
    pool: pool.poolContract,
    count: 1,
    tokens: 1000n * UNIT,
    score: 80,
  }).borrowers;
  const [vendor] = stage.network.control.makeVendors({ pool: pool.poolContract, count: 1 }).vendors;
  if (!borrower || vendor === undefined) throw new Error('one of each was asked for');
  const dueAt = (await stage.chain.head()).closeTime + 30n * DAY;
  const terms = {
    borrower: borrower.address,
    vendor,
    totalAmount: TOTAL,
    guaranteeAmount: GUARANTEE,
    schedule: [{ amount: TOTAL, dueAt }],
    loanType: 'standard' as const,
  };
  const funding = await fundingFor(stage, pool, terms);
  const reservationId = randomUUID();
  const outcome = await stage.under.ledger.hold({
    reservationId,
    poolId: pool.id,
    network: pool.network,
    borrower: borrower.address,
    amount: AMOUNT,
    tenantId: 'default',
    key: null,
    fingerprint: 'f'.repeat(64),
    loan: {
      loanId: randomUUID(),
      vendor,
      totalAmount: TOTAL,
      guaranteeAmount: GUARANTEE,
      schedule: [{ amount: TOTAL.toString(), dueAt: dueAt.toString() }],
      loanType: 'standard',
      entryBytes: 1_092,
    },
    strangerBytes: 8_420,
    ask: {
      kind: 'hold',
      envelope: envelopeOf(funding),
    },
  });
  if (outcome.kind !== 'held') throw new Error(`not held: ${JSON.stringify(outcome)}`);
  const sign = (xdr: string): string => {
    const envelope = TransactionBuilder.fromXDR(xdr, stage.network.passphrase);
    envelope.sign(Keypair.fromSecret(borrower.secret));
    return envelope.toXDR();
  };
  const submit = async (): Promise<string> => (await stage.chain.submit(sign(funding.xdr))).status;
  return {
    reservationId,
    borrower: borrower.address,
    funding,
    submit,
    sign,
    signed: () => sign(funding.xdr),
  };
}

export interface ReservationNow {
  readonly state: string;
  readonly reason: string | null;
  readonly settled_ledger: string | null;
  readonly evidence: Record<string, unknown> | null;
  readonly events: string[];
}

/** State, and the journal's last evidence. */
export async function reservationNow(stage: Stage, id: string): Promise<ReservationNow> {
  const { rows } = await stage.under.connections.read.query<ReservationNow>(
    `select r.state, r.release_reason as reason, r.settled_ledger::text,
      (select e.evidence from reservation_events e
        where e.pool_id = r.pool_id and e.reservation_id = r.id order by e.number desc limit 1) as evidence,
      (select array_agg(e.kind order by e.number) from reservation_events e
        where e.pool_id = r.pool_id and e.reservation_id = r.id) as events
    from reservations r where r.id = $1`,
    [id],
  );
  if (!rows[0]) throw new Error(`no reservation ${id}`);
  return rows[0];
}
