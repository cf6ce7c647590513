import { z } from 'zod';
import { MAX_LIFETIME } from './ledger-settings.js';
import { BASE_FEE, PROTOCOL_VERSION } from './network-limits.js';
import { LINK_STATES } from './instance-writes.js';
import { baseUnits } from './control-amounts.js';
import type { Route } from './control-routes.js';
import { POOL_CONTRACTS } from '../contracts/host.js';

/** Stroops for one operation. */
const rate = z
  .string()
  .regex(/^[1-9][0-9]{0,17}$/, 'must be stroops')
  .refine((text) => BigInt(text) >= BASE_FEE, `must be at least ${BASE_FEE} stroops`);

const contractName = z.enum(POOL_CONTRACTS);

const shapes = {
  surges: z.strictObject({
    rate,
    phases: z
      .array(z.enum(['soroban', 'classic']))
      .min(1)
      .default(['soroban']),
    queueFull: z.boolean().default(false),
  }),
  lifetimes: z.strictObject({
    pool: z.string(),
    ledgers: z.int().min(0).max(MAX_LIFETIME),
    contracts: z.array(contractName).default([]),
    code: z.array(contractName).default([]),
    loans: z
      .array(
        z
          .string()
          .regex(/^[0-9]{1,20}$/, 'must be a loan id')
          .transform(BigInt),
      )
      .max(100)
      .default([]),
  }),
  reset: z.strictObject({
    sameAddresses: z.boolean().default(false),
    deposit: z.string().default('0'),
  }),
  executables: z.strictObject({
    pool: z.string(),
    contract: contractName.default('pool'),
    byReference: z.boolean().default(true),
    wasmHash: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be a hash in hex')
      .optional(),
  }),
  links: z.strictObject({
    pool: z.string(),
    to: contractName,
    state: z.enum(LINK_STATES).default('own'),
  }),
  entries: z.strictObject({
    pool: z.string(),
    contract: contractName.default('pool'),
    key: z.string().regex(/^[A-Za-z0-9_]{1,32}$/, 'must be a symbol'),
    text: z.string().max(100).nullable(),
  }),
  settings: z.strictObject({
    minPersistentTtl: z.int().min(2).max(MAX_LIFETIME).optional(),
    protocolVersion: z.int().min(PROTOCOL_VERSION).max(1000).optional(),
  }),
};

/** What befalls the whole network. */
export const CONDITION_ROUTES: Readonly<Record<string, Route>> = {
  'POST /surges': (control, body) => {
    const { rate: going, phases, queueFull } = shapes.surges.parse(body);
    const of = (phase: 'soroban' | 'classic'): string =>
      phases.includes(phase) ? going : String(BASE_FEE);
    return control.conditions.setSurge({
      soroban: of('soroban'),
      classic: of('classic'),
      queueFull,
    });
  },
  'DELETE /surges': (control) => control.conditions.setSurge(undefined),
  'POST /executables': (control, body) =>
    control.conditions.setExecutable(shapes.executables.parse(body)),
  'POST /reset': (control, body) => {
    const { sameAddresses, deposit } = shapes.reset.parse(body);
    return control.reset({
      sameAddresses,
      deposit: ({ decimals }) => baseUnits(deposit, decimals),
    });
  },
  'POST /lifetimes': (control, body) =>
    control.conditions.setLifetimes(shapes.lifetimes.parse(body)),
  'POST /links': (control, body) => control.instances.setLink(shapes.links.parse(body)),
  'POST /entries': (control, body) => control.instances.setText(shapes.entries.parse(body)),
  'POST /settings': (control, body) => control.conditions.setSettings(shapes.settings.parse(body)),
};
