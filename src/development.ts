import type { SeededPool } from './banner.js';
import type { Config, FrontDoor } from './common/config.js';
import type { TriedRequest } from './http/document-examples.js';
import type { LocalServices } from '../sandbox/local.js';
import type { Seed } from '../sandbox/seed.js';

/** The configuration once nothing is missing: what was not given has been started. */
export type DecidedConfig = Config & {
  readonly DATABASE_URL: string;
  readonly STELLAR_RPC_URL: string;
  readonly STELLAR_NETWORK_PASSPHRASE: string;
};

/** Addresses that are a domain as they are. */
const LOOPBACK = /^(127\.[0-9.]+|localhost)$/;

/**
 * Starts what was not given. The sandbox is loaded here only, and never in production.
 */
export async function startMissing(config: Config): Promise<LocalServices | undefined> {
  if (config.NODE_ENV === 'production' || config.ROLE !== 'all') return undefined;
  const { startLocal } = await import('../sandbox/local.js');
  return startLocal(config, (line) => console.log(line));
}

/** The configuration with what was started in place of what is missing. */
export const decidedBy = (config: Config, local: LocalServices | undefined): DecidedConfig =>
  Object.freeze({
    ...config,
    ...(local?.controlUrl ? localPace(config) : {}),
    DATABASE_URL: local?.databaseUrl ?? config.DATABASE_URL ?? '',
    STELLAR_RPC_URL: local?.rpcUrl ?? config.STELLAR_RPC_URL ?? '',
    STELLAR_NETWORK_PASSPHRASE: local?.networkPassphrase ?? config.STELLAR_NETWORK_PASSPHRASE ?? '',
  });

/** How much slower than its configured pace the local network may seem on a busy machine. */
const LOCAL_SLOWDOWN = 3;

/** The pace of a local network that closes ledgers by itself, unless the configuration says it. */
function localPace(
  config: Config,
): Partial<Pick<Config, 'LEDGER_SECONDS_FASTEST' | 'LEDGER_SECONDS_SLOWEST'>> {
  const { LOCAL_LEDGER_SECONDS: seconds, given } = config;
  return seconds === 0 || given.has('LEDGER_SECONDS_FASTEST') || given.has('LEDGER_SECONDS_SLOWEST')
    ? {}
    : { LEDGER_SECONDS_FASTEST: seconds, LEDGER_SECONDS_SLOWEST: seconds * LOCAL_SLOWDOWN };
}

/**
 * Secrets and domain of the sign-in. Outside production a missing one is made; in production
 * `readServiceConfig` has demanded it.
 */
export async function frontDoor(config: DecidedConfig, port: number): Promise<FrontDoor> {
  const { AUTH_SIGNING_SEED: seed, JWT_SECRET: secret, HOME_DOMAIN: given } = config;
  const HOME_DOMAIN = given ?? `${LOOPBACK.test(config.HOST) ? config.HOST : '127.0.0.1'}:${port}`;
  const known =
    seed !== undefined && secret !== undefined
      ? undefined
      : (await import('../sandbox/secrets.js')).secretsFrom(config.DATA_DIR);
  return {
    AUTH_SIGNING_SEED: seed ?? known?.signingSeed ?? '',
    JWT_SECRET: secret ?? known?.jwtSecret ?? '',
    HOME_DOMAIN,
    WEB_AUTH_DOMAIN: config.WEB_AUTH_DOMAIN ?? HOME_DOMAIN,
  };
}

/**
 * Gives a fresh local network a pool with vendors and borrowers, or finds the known one, and
 * registers the pool.
 */
export async function seedPool(config: DecidedConfig, controlUrl: string): Promise<SeededPool> {
  const [{ seedLocal }, { openRooms }, { ensurePool }, { localGeneration }, { STARTER }] =
    await Promise.all([
      import('../sandbox/seed.js'),
      import('./cli/rooms.js'),
      import('./modules/operations/register-pool.js'),
      import('./cli/local-generation.js'),
      import('./cli/development-keys.js'),
    ]);
  const seed = await seedLocal({ controlUrl, dataDir: config.DATA_DIR });
  const rooms = openRooms(
    {
      databaseUrl: config.DATABASE_URL,
      rpcUrl: config.STELLAR_RPC_URL,
      networkPassphrase: config.STELLAR_NETWORK_PASSPHRASE,
    },
    config,
  );
  try {
    const pool = await ensurePool(rooms, {
      contract: seed.poolContract,
      name: seed.name,
      generation: localGeneration(seed),
    });
    for (const { address: account } of seed.channels)
      await rooms.channels.add(
        { network: pool.network, account, name: 'local channel' },
        { by: STARTER, reason: null },
      );
    const free = async (among: Seed['borrowers']): Promise<string | null> => {
      for (const { address } of among)
        if (!(await rooms.ledger.reader.findLiveLoan(pool.network, address))) return address;
      return null;
    };
    return {
      poolId: pool.id,
      seed,
      borrower: await free(seed.borrowers),
      lastBorrower: await free(seed.borrowers.toReversed()),
    };
  } finally {
    await rooms.close();
  }
}

/** A loan is due this long after the service began. */
const DUE_IN_MS = 30 * 24 * 3600 * 1000;

/**
 * A loan of the seeded pool, for "Try it out". The borrower is not the one that a shell takes first,
 * and the key is new with each process, because the due date is.
 */
export function triedOn({ poolId, seed, lastBorrower }: SeededPool): TriedRequest {
  const { totalAmount, guaranteeAmount } = seed.loan;
  const due = new Date(Date.now() + DUE_IN_MS).toISOString().replace(/\.\d+/, '');
  return {
    idempotencyKey: `try-${Date.now()}`,
    bodies: {
      CreateLoan: {
        poolId,
        borrower: lastBorrower ?? seed.borrowers[0]?.address,
        vendor: seed.vendors[0],
        totalAmount,
        guaranteeAmount,
        schedule: [{ amount: totalAmount, dueAt: due }],
      },
    },
  };
}

/** The seeds of the local network's channels, where the configuration names none. */
export const withLocalChannels = (config: DecidedConfig, seeded?: SeededPool): DecidedConfig =>
  !seeded || config.CHANNEL_SECRETS !== undefined || config.CHANNEL_SECRETS_FILE !== undefined
    ? config
    : {
        ...config,
        CHANNEL_SECRETS: seeded.seed.channels.map(({ secret }) => secret).join(','),
      };
