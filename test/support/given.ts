import { randomUUID } from 'node:crypto';
import { Keypair, TransactionBuilder } from '@stellar/stellar-sdk';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../src/app.js';
import type { AppConfig } from '../../src/app.module.js';
import { readConfig } from '../../src/common/config.js';
import type { Profile } from '../../sandbox/contracts/host.js';
import { localGeneration } from '../../src/cli/local-generation.js';
import { CHAIN, type Chain } from '../../src/modules/chain/chain.js';
import { PoolRegistry, type PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';
import { DEFAULT_RULES, type PoolRules } from '../../src/modules/liquidity/pools/pool-rules.js';
import { snapshotOf } from '../../src/modules/liquidity/reservation.js';
import { ReservationLedger } from '../../src/modules/liquidity/reservation-ledger.js';
import { startNetwork, type RunningNetwork } from '../../sandbox/network/network.js';
import { bearer, givenKey, TEST_DOOR } from './access.js';
import { contractOf } from './api.contract.js';
import { asServer, createTestDatabase, type TestDatabase } from './database.js';

export interface Borrower {
  readonly address: string;
  readonly secret: string;
}

/**
 * The service on a real Postgres and a real (modelled) network whose ledgers are closed by hand.
 */
export interface Service {
  readonly app: NestFastifyApplication;
  readonly database: TestDatabase;
  readonly network: RunningNetwork;
  readonly config: AppConfig;
  readonly chain: Chain;
  readonly ledger: ReservationLedger;
  readonly registry: PoolRegistry;
  /** The caller unless a test says otherwise: tenant `default`, every scope but `operate`. */
  readonly key: string;
  stop(): Promise<void>;
}

/**
 * @param made the database of a server that the test started; absent: one of the run's server
 * @param role that serves; the owner's, so that a test may write what the service may not
 * @param running a network that the test started; absent: one without a folder
 */
export async function givenService(
  overrides: Readonly<Record<string, string>> = {},
  made?: TestDatabase,
  role: 'owner' | 'server' = 'owner',
  running?: RunningNetwork,
): Promise<Service> {
  const [database, network] = await Promise.all([
    made ?? createTestDatabase(),
    running ?? startNetwork(),
  ]);
  const url = role === 'server' ? asServer(database.url) : database.url;
  const config = readConfig({
    NODE_ENV: 'test',
    VOLATILE_DATABASE: 'allow',
    LOG_LEVEL: 'silent',
    DATABASE_URL: url,
    STELLAR_RPC_URL: network.rpcUrl,
    STELLAR_NETWORK_PASSPHRASE: network.passphrase,
    RATE_WRITES_PER_MINUTE: '0',
    RATE_READS_PER_MINUTE: '0',
    RATE_AUTH_PER_MINUTE: '0',
    RATE_PUBLIC_PER_MINUTE: '0',
    HANDLER_TIMEOUT_MS: '120000',
    LEDGER_DEADLINE_MS: '15000',
    RPC_TIMEOUT_MS: '30000',
    // ledgers close by hand here, so on a slow machine the chain would seem to lag
    CHAIN_LAG_SECONDS_MAX: '3600',
    ...overrides,
  });
  const decided: AppConfig = { ...config, ...TEST_DOOR, DATABASE_URL: url };
  const app = await createApp(decided);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return {
    app,
    database,
    network,
    config: decided,
    chain: app.get<Chain>(CHAIN, { strict: false }),
    ledger: app.get(ReservationLedger, { strict: false }),
    registry: app.get(PoolRegistry, { strict: false }),
    key: await givenKey(app),
    stop: async () => {
      await app.close();
      await network.close();
      await database.drop();
    },
  };
}

export interface GivenPool {
  readonly pool: PoolRecord;
  readonly contract: string;
  readonly vendor: string;
}

/**
 * A pool with deposits on the network, registered and observed. Amounts in base units; seven
 * decimals, profile scaled, unless said otherwise.
 */
export async function givenPool(
  service: Service,
  options: {
    deposit?: bigint;
    rules?: Partial<PoolRules>;
    observed?: boolean;
    profile?: Profile;
    /** Of the published contracts; absent: what the profile names. */
    generation?: 'g2' | 'g3';
    decimals?: number;
  } = {},
): Promise<GivenPool> {
  const { generation, profile = generation === undefined ? 'scaled' : 'stepfi' } = options;
  const made = service.network.control.deployPool({
    profile,
    generation,
    decimals: options.decimals ?? 7,
    deposit: options.deposit ?? 10_000_0000000n,
  });
  const [vendor] = service.network.control.makeVendors({ pool: made.pool, count: 1 }).vendors;
  if (vendor === undefined) throw new Error('a vendor was asked for');
  const { tokenContract, lendingContract, decimals, assetCode, wasmHash } =
    await service.chain.describePool(made.pool);
  const pool = await service.registry.register(
    {
      network: service.network.passphrase,
      generation: localGeneration({ profile, generation }),
      poolContract: made.pool,
      lendingContract,
      tokenContract,
      poolWasmHash: wasmHash,
      decimals,
      assetCode,
    },
    {
      ...DEFAULT_RULES,
      strict: false,
      name: 'test pool',
      maxSnapshotAgeSeconds: 600,
      ...options.rules,
    },
  );
  if (options.observed !== false) await observe(service, pool);
  return { pool, contract: made.pool, vendor };
}

export function givenBorrowers(
  service: Service,
  pool: string,
  options: { count?: number; tokens?: bigint; score?: number } = {},
): readonly Borrower[] {
  return service.network.control.makeBorrowers({
    pool,
    count: options.count ?? 1,
    tokens: options.tokens ?? 10_000_0000000n,
    score: options.score ?? 80,
  }).borrowers;
}

/** Takes one snapshot, as the worker does every few seconds. */
export async function observe(service: Service, pool: PoolRecord): Promise<void> {
  const reading = await service.chain.observePool(pool);
  const { going: goingRate } = await service.chain.inclusionFee(pool);
  await service.ledger.snapshots.observe(snapshotOf(pool.id, { ...reading, goingRate }));
  await service.ledger.envelopes.noteOutbid(pool.id);
}

const DAY = 86_400;
export const dueIn = (days: number): string =>
  new Date((Math.floor(Date.now() / 1000) + days * DAY) * 1000).toISOString().replace('.000Z', 'Z');

/** A valid request for 125 with a guarantee of 25. The given members replace its own. */
export function loanBody(
  given: GivenPool,
  borrower: Borrower,
  members: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    poolId: given.pool.id,
    borrower: borrower.address,
    vendor: given.vendor,
    totalAmount: '125',
    guaranteeAmount: '25',
    schedule: [
      { amount: '62.5', dueAt: dueIn(30) },
      { amount: '62.5', dueAt: dueIn(60) },
    ],
    ...members,
  };
}

export function signed(xdr: string, passphrase: string, borrower: Borrower): string {
  const transaction = TransactionBuilder.fromXdr(xdr, passphrase);
  transaction.sign(Keypair.fromSecret(borrower.secret));
  return transaction.toXdr();
}

export type Method = 'GET' | 'HEAD' | 'POST' | 'DELETE' | 'PUT' | 'PATCH';

/** An answer as a test reads it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Sends one request to the service, without a socket. It adds the service's own key, and a fresh
 * Idempotency-Key to POST /loans, unless `headers` say otherwise (undefined sends none). An answer
 * that the API's document does not describe for this route fails the test at once.
 */
export async function ask(
  service: Service,
  request: {
    method?: Method;
    url: string;
    body?: unknown;
    headers?: Readonly<Record<string, string | undefined>>;
  },
): Promise<Answer> {
  const { body, url } = request;
  const method = request.method ?? (body === undefined ? 'GET' : 'POST');
  const all: Record<string, string | undefined> = {
    ...bearer(service.key),
    ...(method === 'POST' && url === '/loans' ? { 'idempotency-key': randomUUID() } : {}),
    ...request.headers,
  };
  const headers = Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const payload =
    body === undefined
      ? {}
      : {
          payload: typeof body === 'string' ? body : JSON.stringify(body),
          headers: { 'content-type': 'application/json', ...headers },
        };
  const answer = await service.app.inject({ method, url, headers, ...payload });
  const faults = contractOf(service.app).faultsOf(
    { method, url },
    { status: answer.statusCode, headers: answer.headers, text: answer.body },
  );
  if (faults.length > 0) throw new Error(`${faults.join('\n')}\n${answer.body.slice(0, 500)}`);
  const json = String(answer.headers['content-type'] ?? '').includes('json');
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text: answer.body,
    body: json && answer.body !== '' ? (JSON.parse(answer.body) as Record<string, unknown>) : {},
  };
}

export const postLoan = (service: Service, body: unknown, key?: string): Promise<Answer> =>
  ask(service, {
    url: '/loans',
    body,
    headers: key === undefined ? {} : { 'idempotency-key': key },
  });
