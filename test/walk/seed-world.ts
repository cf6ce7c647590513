import { randomUUID } from 'node:crypto';
import type { Keypair } from '@stellar/stellar-sdk';
import type { RunningNetwork } from '../../sandbox/network/network.js';
import type { AppConfig } from '../../src/app.module.js';
import { localGeneration } from '../../src/cli/local-generation.js';
import { ApiKeys } from '../../src/modules/access/api-keys.js';
import { Tokens } from '../../src/modules/access/tokens.js';
import { SorobanChain } from '../../src/modules/chain/soroban-chain.js';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { ChannelRegistry } from '../../src/modules/liquidity/landings/channel-registry.js';
import { PoolRegistry } from '../../src/modules/liquidity/pools/pool-registry.js';
import { bearer, keyBy, TEST_DOOR } from '../support/access.js';
import type { Borrower } from '../support/given.js';
import { HOLD_SECONDS, UNIT } from './units.js';
import type { Credentials, Scene } from './world.js';

const BORROWERS = 40;
/** Contract accounts, where authorizations are signed. */
const WALLETS = 6;
const DEPOSIT = 1000n * UNIT;
/** What a reserve lends of what was supplied, hundredths of a percent. */
export const RESERVE_UTILISATION_BPS = 9_000;

interface SeedOptions {
  readonly buffer: bigint;
  readonly strict: boolean;
  readonly isReserve?: boolean;
  /** Accounts that land authorizations; none: borrowers sign transactions. */
  readonly channels?: readonly Keypair[];
}

async function addChannel(
  { rpcUrl, passphrase }: Pick<RunningNetwork, 'rpcUrl' | 'passphrase'>,
  connections: LedgerConnections,
  channel: Keypair,
): Promise<void> {
  const account = channel.publicKey();
  await fetch(`${rpcUrl}/friendbot?addr=${account}`);
  await new ChannelRegistry(connections, 30_000).add(
    { network: passphrase, account, name: 'walk' },
    { by: { kind: 'command', id: 'walk', name: 'walk' }, reason: 'the walk lands loans' },
  );
}

const walletsFor = (control: RunningNetwork['control'], pool: string): readonly Borrower[] =>
  control.signers.makeWallets({ pool, count: WALLETS, tokens: 1_000_000n * UNIT, score: 80 })
    .wallets;

/**
 * A registered pool with its deposit, vendors and borrowers. The network closes no ledgers by
 * itself and has no faults yet, so the time limit is long.
 */
export async function seedWorld(
  { control, passphrase, rpcUrl }: RunningNetwork,
  config: AppConfig,
  { buffer, strict, isReserve = false, channels = [] }: SeedOptions,
): Promise<Pick<Scene, 'pool' | 'vendors' | 'borrowers' | 'wallets' | 'credentials'>> {
  const profile = isReserve ? 'reserve' : 'scaled';
  const made = control.deployPool({ profile, decimals: 7, deposit: DEPOSIT });
  if (isReserve)
    control.actions.admin.setCaps({ pool: made.pool, utilisationBps: RESERVE_UTILISATION_BPS });
  const vendors = isReserve ? [] : control.makeVendors({ pool: made.pool, count: 3 }).vendors;
  const { borrowers } = control.makeBorrowers({
    pool: made.pool,
    count: BORROWERS,
    tokens: 1_000_000n * UNIT,
    score: 80,
  });
  const wallets = channels.length > 0 ? walletsFor(control, made.pool) : [];
  const chain = new SorobanChain({
    rpcUrl,
    networkPassphrase: passphrase,
    timeoutMs: 30_000,
    inclusionFee: config.INCLUSION_FEE,
  });
  const { tokenContract, lendingContract, decimals, assetCode, wasmHash } =
    await chain.describePool(made.pool);
  const connections = new LedgerConnections({
    url: config.DATABASE_URL,
    deadlineMs: 30_000,
    shares: { write: 1, read: 4, exports: 2 },
  });
  try {
    const pool = await new PoolRegistry(connections, 30_000).register(
      {
        network: passphrase,
        generation: localGeneration(made),
        poolContract: made.pool,
        lendingContract,
        tokenContract,
        poolWasmHash: wasmHash,
        decimals,
        assetCode,
      },
      {
        name: 'walk',
        holdSeconds: HOLD_SECONDS,
        minSigningSeconds: 20,
        maxSnapshotAgeSeconds: 3600,
        maxExtensionSeconds: 120,
        buffer,
        state: 'active',
        strict,
        ...(channels.length > 0 && { holdsPerWallet: 2 }),
      },
    );
    for (const channel of channels) await addChannel({ rpcUrl, passphrase }, connections, channel);
    return {
      pool,
      vendors,
      borrowers,
      wallets,
      credentials: await credentialsOn(connections, config),
    };
  } finally {
    await connections.close();
  }
}

async function credentialsOn(
  connections: LedgerConnections,
  config: AppConfig,
): Promise<Credentials> {
  const keys = new ApiKeys(connections, 30_000);
  const tokens = new Tokens({ ...TEST_DOOR, TOKEN_HOURS: config.TOKEN_HOURS });
  return {
    backend: bearer(await keyBy(keys)),
    operator: bearer(await keyBy(keys, { scopes: ['operate'], name: 'walk operator' })),
    wallet: async (address) => bearer(await tokens.ofWallet(address, randomUUID())),
  };
}
