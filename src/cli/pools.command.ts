import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { asError } from '../common/errors.js';
import { formatAmount } from '../common/money.js';
import { addressKind } from '../modules/chain/address.js';
import type { OperatorNote } from '../modules/liquidity/pools/operator-actions.js';
import { PROFILE_NAMES } from '../modules/chain/chain.js';
import type { PoolRecord, PoolRules } from '../modules/liquidity/pools/pool-registry.js';
import type { Position } from '../modules/liquidity/reservation.js';
import { bufferUnits, registerPool, signingTooLong } from '../modules/operations/register-pool.js';
import type { Rooms } from './rooms.js';
import { runUnderstood, UsageError } from './understood.js';

const POOLS_USAGE = `Usage:
  npm run pools -- add --contract C... --name "..." [--profile stepfi|scaled|trustup] [RULES]
  npm run pools -- list
  npm run pools -- set POOL_ID [--state active|paused|closed] [--name "..."] [RULES]
  npm run pools -- quarantine --all --reason "..."

  --contract          the pool's contract; token, creditline and decimals are read from the chain
  --profile           whose contracts they are; told by the creditline contract when left out. scaled: stepfi with limits in whole tokens
  RULES, any of:
  --hold-seconds      how long a promise lives, 60 to 86400 (default 300)
  --buffer            token units kept back from every promise (default 0)
  --max-snapshot-age  no new promise when the last reading is older, 1 to 3600 seconds (default 30)
  --min-signing       least time a borrower must have to sign, 5 to 3600 seconds, less than the hold time (default 30)
  --max-extension     a rebuild may move a promise's end so far beyond its first one, 0 to 86400 seconds (default 900)
  --strict on|off     no more holds than can land in any order (default on); off: some may need a rebuild
  --max-wallet-share  one hold may be so much of the pool's observed total at most, 0.01 to 100 percent (default 100: no bound)
  --lapses            a wallet that lets so many holds in a row lapse unsigned has to wait, 10 minutes and then twice as long each time, 0 to 100 (default 3; 0: never)
  --reason            kept for ever in operator_actions, with your user name
  paused takes no new holds; closed is not observed any more, its live holds are still followed to their
    end; during a quarantine both words for opening and pausing count from its end on
  quarantine          after the database was put back in any way: no pool takes new holds until every promise that may be out is dead by chain time;
                      the reason, 10 characters or more, and your user name stay in database_changes`;

/** What the command needs of the world; `open` is asked only once the arguments are right. */
export interface Terminal {
  readonly open: () => Rooms;
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
}

/** A wish that cannot be understood: answered with the usage, exit code 2. */

const ruleOptions = {
  name: { type: 'string' },
  state: { type: 'string' },
  'hold-seconds': { type: 'string' },
  buffer: { type: 'string' },
  'max-snapshot-age': { type: 'string' },
  'min-signing': { type: 'string' },
  'max-extension': { type: 'string' },
  strict: { type: 'string' },
  'max-wallet-share': { type: 'string' },
  lapses: { type: 'string' },
  reason: { type: 'string' },
} as const;
const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^[0-9]{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(least).max(most))
    .optional();
/** Percent with two digits at most, as hundredths of a percent. */
const percent = z
  .string()
  .regex(
    /^(0\.(0[1-9]|[1-9][0-9]?)|[1-9][0-9]?(\.[0-9]{1,2})?|100(\.00?)?)$/,
    'must be a percentage from 0.01 to 100',
  )
  .transform((text) => Math.round(Number(text) * 100))
  .optional();
const ruleShape = {
  'hold-seconds': whole(60, 86_400),
  'max-snapshot-age': whole(1, 3600),
  'min-signing': whole(5, 3600),
  'max-extension': whole(0, 86_400),
  'max-wallet-share': percent,
  lapses: whole(0, 100),
  buffer: z.string().optional(),
  reason: z.string().trim().min(3).max(1000).optional(),
  strict: z
    .enum(['on', 'off'], 'must be on or off')
    .transform((word) => word === 'on')
    .optional(),
};
const addShape = z.strictObject({
  ...ruleShape,
  contract: z
    .string('is needed')
    .refine((text) => addressKind(text) === 'contract', 'must be a contract address (C...)'),
  name: z.string('is needed').min(1).max(100),
  profile: z.enum(PROFILE_NAMES).optional(),
});
const setShape = z.strictObject({
  ...ruleShape,
  name: z.string().min(1).max(100).optional(),
  state: z.enum(['active', 'paused', 'closed']).optional(),
});
const poolId = z.uuid();

/** @returns the exit code: 0 done, 1 could not be done, 2 not understood */
export function runPools(
  args: readonly string[],
  { open, say, complain }: Terminal,
): Promise<number> {
  return runUnderstood({
    usage: POOLS_USAGE,
    understand: () => understand(args),
    open,
    close: (rooms) => rooms.close(),
    complain,
    work: async (rooms, work) => {
      for (const line of await work(rooms)) say(line);
      return 0;
    },
  });
}

function understand(args: readonly string[]): (rooms: Rooms) => Promise<readonly string[]> {
  const [command, ...rest] = args;
  switch (command) {
    case 'add':
      return add(rest);
    case 'list':
      return parsed(rest, {}).positionals.length === 0 ? list : refuse('list takes nothing more.');
    case 'set':
      return set(rest);
    case 'quarantine':
      return quarantine(rest);
    default:
      return refuse(
        command === undefined
          ? 'What should be done: add, list, set or quarantine?'
          : `There is no "${command}".`,
      );
  }
}

function add(args: readonly string[]): (rooms: Rooms) => Promise<readonly string[]> {
  const { state: _, ...options } = ruleOptions;
  const { values, positionals } = parsed(args, {
    contract: { type: 'string' },
    profile: { type: 'string' },
    ...options,
  });
  if (positionals.length > 0)
    refuse(`add does not know what to do with "${positionals.join(' ')}".`);
  const wish = checked(addShape, values);
  return async (rooms) => {
    const pool = await registerPool(
      rooms,
      {
        contract: wish.contract,
        name: wish.name,
        rules: rulesOf(wish),
        ...(wish.profile !== undefined && { profile: wish.profile }),
        ...(wish.buffer !== undefined && { buffer: wish.buffer }),
      },
      noteOf(wish),
    );
    return [`Registered ${pool.id}`, ...(await tableOf(rooms, [pool]))];
  };
}

function set(args: readonly string[]): (rooms: Rooms) => Promise<readonly string[]> {
  const { values, positionals } = parsed(args, ruleOptions);
  const id = poolId.safeParse(positionals[0]);
  if (!id.success || positionals.length !== 1)
    return refuse('set needs the id of one pool; `list` shows them.');
  const wish = checked(setShape, values);
  if (Object.keys(wish).every((name) => name === 'reason'))
    refuse('set needs something to change.');
  return async (rooms) => {
    const known = await rooms.pools.find(id.data);
    if (!known)
      throw new Error(
        `There is no pool ${id.data}. \`npm run pools -- list\` shows those there are.`,
      );
    const rules: Partial<PoolRules> = {
      ...rulesOf(wish),
      ...(wish.name !== undefined && { name: wish.name }),
      ...(wish.state !== undefined && { state: wish.state }),
      ...(wish.buffer !== undefined && { buffer: bufferUnits(wish.buffer, known.decimals) }),
    };
    if (
      (rules.minSigningSeconds ?? known.minSigningSeconds) >=
      (rules.holdSeconds ?? known.holdSeconds)
    )
      throw signingTooLong();
    return tableOf(rooms, [await rooms.pools.change(id.data, rules, noteOf(wish))]);
  };
}

function quarantine(args: readonly string[]): (rooms: Rooms) => Promise<readonly string[]> {
  const { values, positionals } = parsed(args, {
    all: { type: 'boolean' },
    reason: { type: 'string' },
  });
  if (values['all'] !== true || positionals.length > 0)
    return refuse(
      'quarantine is for every pool: say --all. One pool is paused by `set POOL_ID --state paused`.',
    );
  const { reason } = checked(
    z.strictObject({
      all: z.literal(true),
      reason: z
        .string('is needed')
        .trim()
        .min(10, 'must say why in 10 characters at least')
        .max(1000),
    }),
    values,
  );
  return async (rooms) => {
    const count = await rooms.ledger.guards.quarantineAll({ reason, by: userInfo().username });
    return [
      `${count} pools are in quarantine. It ends by itself, by chain time, once a worker ` +
        'has seen the longest hold time pass.',
      ...(await tableOf(rooms, await rooms.pools.list())),
    ];
  };
}

async function list(rooms: Rooms): Promise<readonly string[]> {
  const pools = await rooms.pools.list();
  return pools.length === 0
    ? ['No pool is registered yet: `npm run pools -- add --contract C... --name "..."`']
    : tableOf(rooms, pools);
}

const HEADINGS = [
  'id',
  'name',
  'state',
  'available',
  'held',
  'in flight',
  'buffer',
  'snapshot',
  'hold s',
  'contract',
] as const;

async function tableOf(rooms: Rooms, pools: readonly PoolRecord[]): Promise<readonly string[]> {
  const positions = new Map(
    (await rooms.ledger.reader.positions()).map((position) => [position.poolId, position]),
  );
  const rows = [[...HEADINGS], ...pools.map((pool) => rowOf(pool, positions.get(pool.id)))];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function rowOf(pool: PoolRecord, position: Position | undefined): string[] {
  const units = (amount: bigint | undefined): string =>
    amount === undefined ? '-' : formatAmount(amount, pool.decimals);
  const state = `${pool.afterQuarantine === 'paused' ? 'quarantined, then paused' : pool.state}${position?.contractPaused ? ', contract paused on the chain' : ''}`;
  return [
    pool.id,
    pool.name,
    state,
    units(position?.available),
    units(position?.held),
    units(position?.inFlight),
    units(pool.buffer),
    String(position?.snapshotLedger ?? 'none'),
    String(pool.holdSeconds),
    pool.poolContract,
  ];
}

function noteOf({ reason }: { reason?: string | undefined }): OperatorNote {
  const { username } = userInfo();
  return { by: { kind: 'command', id: username, name: username }, reason: reason ?? null };
}

type RuleWish = Omit<z.output<z.ZodObject<typeof ruleShape>>, 'buffer' | 'reason'>;
function rulesOf(wish: RuleWish): Partial<Omit<PoolRules, 'name' | 'buffer' | 'reason'>> {
  return {
    ...(wish['hold-seconds'] !== undefined && { holdSeconds: wish['hold-seconds'] }),
    ...(wish['max-snapshot-age'] !== undefined && {
      maxSnapshotAgeSeconds: wish['max-snapshot-age'],
    }),
    ...(wish['min-signing'] !== undefined && { minSigningSeconds: wish['min-signing'] }),
    ...(wish['max-extension'] !== undefined && { maxExtensionSeconds: wish['max-extension'] }),
    ...(wish.strict !== undefined && { strict: wish.strict }),
    ...(wish['max-wallet-share'] !== undefined && { maxWalletShareBps: wish['max-wallet-share'] }),
    ...(wish.lapses !== undefined && { lapsesMax: wish.lapses }),
  };
}

function parsed(
  args: readonly string[],
  options: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>,
): { readonly values: Readonly<Record<string, unknown>>; readonly positionals: readonly string[] } {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (thrown) {
    return refuse(asError(thrown).message);
  }
}

function checked<T>(shape: z.ZodType<T>, values: Readonly<Record<string, unknown>>): T {
  const result = shape.safeParse({ ...values });
  if (result.success) return result.data;
  return refuse(
    result.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'),
  );
}

function refuse(sentence: string): never {
  throw new UsageError(sentence);
}
