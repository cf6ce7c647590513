import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { GENERATIONS } from './contracts/generations.js';
import { PROFILES } from './contracts/host.js';
import { ControlClient } from './control-client.js';

const seedSchema = z.object({
  poolContract: z.string(),
  name: z.string(),
  profile: z.enum(PROFILES),
  /** Absent in files of an older version: g1. */
  generation: z.enum(GENERATIONS).optional(),
  decimals: z.int(),
  vendors: z.array(z.string()).min(1),
  borrowers: z.array(z.object({ address: z.string(), secret: z.string() })).min(1),
  /** Accounts that land signed authorizations. Absent in files of an older version. */
  channels: z.array(z.object({ address: z.string(), secret: z.string() })).default([]),
  /** Terms that the contracts accept for each of these borrowers, token units. */
  loan: z.object({ totalAmount: z.string(), guaranteeAmount: z.string() }),
});

/**
 * The accounts and the pool of a fresh local network. The secrets are of accounts that exist on it only.
 */
export type Seed = Readonly<z.infer<typeof seedSchema>>;

/**
 * A score of 80 may owe 5,000 tokens in the scaled profile: room for some loans of each borrower.
 */
const PLAN = {
  name: 'Seeded pool',
  profile: 'scaled',
  decimals: 7,
  deposit: '100000',
  vendors: 2,
  borrowers: 10,
  tokens: '10000',
  score: 80,
  channels: 24,
} as const;
const LOAN = { totalAmount: '100', guaranteeAmount: '20' } as const;

/**
 * Makes a pool with vendors and borrowers on the local network once, and keeps it in
 * DATA_DIR/seed.json (mode 600). If the network does not know that pool, because its folder was
 * removed, a new one is made. The caller registers it with the service.
 */
export async function seedLocal(options: {
  readonly controlUrl: string;
  readonly dataDir: string;
}): Promise<Seed> {
  const control = new ControlClient(options.controlUrl);
  const known = readSeed(options.dataDir);
  if (known && (await control.state()).pools.some(({ pool }) => pool === known.poolContract))
    return withChannels(control, options.dataDir, known);
  const { name, profile, decimals, deposit } = PLAN;
  const { pool, generation } = await control.makePool({ profile, decimals, deposit });
  const vendors = await control.makeVendors({ pool, count: PLAN.vendors });
  const borrowers = await control.makeBorrowers({
    pool,
    count: PLAN.borrowers,
    tokens: PLAN.tokens,
    score: PLAN.score,
  });
  const seed = seedSchema.parse({
    poolContract: pool,
    name,
    profile,
    ...(generation && { generation }),
    decimals,
    vendors,
    borrowers,
    loan: LOAN,
  });
  writeSeed(options.dataDir, seed);
  return withChannels(control, options.dataDir, seed);
}

/** A signed authorization lands on the local network without any setting. */
async function withChannels(control: ControlClient, dataDir: string, known: Seed): Promise<Seed> {
  if (known.channels.length > 0) return known;
  const channels = await control.makeBorrowers({
    pool: known.poolContract,
    count: PLAN.channels,
    tokens: '0',
    score: 0,
  });
  const seed = { ...known, channels: [...channels] };
  writeSeed(dataDir, seed);
  return seed;
}

const fileIn = (dataDir: string): string => path.join(dataDir, 'seed.json');

/** @returns undefined when nothing was seeded from this folder, or the file cannot be read */
export function readSeed(dataDir: string): Seed | undefined {
  try {
    return seedSchema.parse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Written in one step, so that a crash leaves the old file or the new one. */
function writeSeed(dataDir: string, seed: Seed): void {
  mkdirSync(dataDir, { recursive: true });
  const fresh = `${fileIn(dataDir)}.${randomUUID()}`;
  writeFileSync(fresh, `${JSON.stringify(seed, null, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, fileIn(dataDir));
}
