import type { Command } from 'commander';
import { z } from 'zod';
import { addressKind } from '../modules/chain/address.js';
import { FEE_PERCENTILES } from '../modules/chain/inclusion-fee.js';
import { GENERATION_NAMES } from '../modules/chain/families/contract-family.js';
import type { AcceptedCode } from '../modules/liquidity/pools/accepted-code.sql.js';
import type { PoolRules } from '../modules/liquidity/pools/pool-rules.js';
import { bufferUnits, registerPool, signingTooLong } from '../modules/operations/register-pool.js';
import { codeToResume } from '../modules/operations/resume-pool.js';
import { checked, command, does, group, UsageError } from './command-line.js';
import { noteOf } from './operator-note.js';
import { extendCommand } from './pools-extend.js';
import { quarantineCommand, resetNetworkCommand } from './pools-grave.js';
import { poolsTable } from './pools-table.js';
import type { Rooms } from './rooms.js';
import type { Terminal } from './terminal.js';
import { withRooms } from './with-rooms.js';

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^[0-9]{1,10}$/, 'must be a whole number')
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
  holdSeconds: whole(60, 86_400),
  maxSnapshotAge: whole(1, 3600),
  minSigning: whole(5, 3600),
  maxExtension: whole(0, 86_400),
  maxWalletShare: percent,
  lapses: whole(0, 100),
  feePercentile: z.enum(FEE_PERCENTILES, `must be one of ${FEE_PERCENTILES.join(', ')}`).optional(),
  maxInclusionFee: whole(100, 1_000_000_000),
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
  generation: z.enum(GENERATION_NAMES).optional(),
});
const setShape = z.strictObject({
  ...ruleShape,
  name: z.string().min(1).max(100).optional(),
  state: z.enum(['active', 'paused', 'closed']).optional(),
  generation: z.enum(GENERATION_NAMES).optional(),
});

export type WithPools = (work: (rooms: Rooms) => Promise<readonly string[]>) => Promise<void>;

export function poolsCommand(terminal: Pick<Terminal, 'open' | 'say'>): Command {
  const withPools: WithPools = (work) =>
    withRooms(terminal, async (rooms) => {
      for (const line of await work(rooms)) terminal.say(line);
    });
  return group(
    'pools',
    { summary: 'register, list, change and quarantine pools', example: 'holdfast pools list' },
    [
      addCommand(withPools),
      listCommand(withPools),
      setCommand(withPools),
      quarantineCommand(withPools),
      extendCommand(withPools),
      resetNetworkCommand(withPools),
    ],
  );
}

/** The rules that `add` and `set` take. */
function withRules(to: Command): Command {
  return to
    .option('--hold-seconds <n>', 'how long a hold lives, 60 to 86400 (default 300)')
    .option('--buffer <amount>', 'token units that no hold may take (default 0)')
    .option(
      '--max-snapshot-age <n>',
      'no new hold when the last snapshot is older, 1 to 3600 seconds (default 30)',
    )
    .option(
      '--min-signing <n>',
      'least time that a borrower must have to sign, 5 to 3600 seconds, shorter than the hold ' +
        '(default 30)',
    )
    .option(
      '--max-extension <n>',
      'how far a rebuild may move the end of a hold beyond its first end, 0 to 86400 seconds ' +
        '(default 900)',
    )
    .option(
      '--strict <on|off>',
      'on: no more holds than can land in any order; off: some may need a rebuild (default on)',
    )
    .option(
      '--max-wallet-share <percent>',
      "most of the pool's observed total that one hold may take, 0.01 to 100 percent " +
        '(default 100: no bound)',
    )
    .option(
      '--lapses <n>',
      'a wallet that lets this many holds in a row lapse unsigned has to wait, 10 minutes and ' +
        'then twice as long each time, 0 to 100 (default 3; 0: never)',
    )
    .option(
      '--fee-percentile <name>',
      `what a transaction bids for inclusion, by what others paid: ${FEE_PERCENTILES.join(', ')} ` +
        '(default p90)',
    )
    .option(
      '--max-inclusion-fee <n>',
      'the most that it bids, 100 to 1000000000 stroops (default 100000)',
    )
    .option('--reason <text>', 'kept forever in operator_actions, with your user name');
}

function addCommand(withPools: WithPools): Command {
  return does(
    withRules(
      command('add', {
        summary: 'register a pool, observe it once, and let it take holds',
        example: 'holdfast pools add --contract C... --name "Lima" --buffer 50',
      })
        .usage('--contract C... --name "..." [options]')
        .option(
          '--contract <address>',
          "the pool's contract; token, lending contract and decimals are read from the chain",
        )
        .option('--name <text>', 'of the pool, for people')
        .option(
          '--generation <name>',
          `which published contracts they are: ${GENERATION_NAMES.join(', ')}. Read from their ` +
            'code when left out. scaled: g1 with limits in whole tokens',
        ),
    ),
    (options) => {
      const { contract, name, generation, buffer, ...rest } = checked(addShape, options);
      return withPools(async (rooms) => {
        const pool = await registerPool(
          rooms,
          {
            contract,
            name,
            rules: rulesOf(rest),
            ...(generation !== undefined && { generation }),
            ...(buffer !== undefined && { buffer }),
          },
          noteOf(rest),
        );
        return [`Registered ${pool.id}`, ...(await poolsTable(rooms, [pool]))];
      });
    },
  );
}

function listCommand(withPools: WithPools): Command {
  return does(
    command('list', {
      summary: 'list all pools with their figures',
      example: 'holdfast pools list',
    }),
    () =>
      withPools(async (rooms) => {
        const pools = await rooms.pools.list();
        return pools.length === 0
          ? ['No pool is registered yet: `holdfast pools add --contract C... --name "..."`']
          : poolsTable(rooms, pools);
      }),
  );
}

function setCommand(withPools: WithPools): Command {
  return does(
    withRules(
      command('set', {
        summary: 'change the state, the name or the rules of a pool',
        more:
          'A paused pool takes no new holds. A closed pool is no longer observed; its live holds ' +
          'are still followed to their end. During a quarantine, active and paused count from its ' +
          'end on.',
        example:
          'holdfast pools set POOL_ID --state paused --reason "looking into the alarm of 14:02"',
      })
        .argument('<POOL_ID>', 'as `holdfast pools list` shows it')
        .option('--state <state>', 'active, paused or closed')
        .option(
          '--generation <name>',
          'with --state active: which published contracts they are now, where their code is not known',
        )
        .option('--name <text>', 'of the pool, for people'),
    ),
    (options, [id = '']) => {
      if (!z.uuid().safeParse(id).success)
        throw new UsageError('set needs the id of one pool; `list` shows them.');
      const changes = checked(setShape, options);
      if (Object.keys(changes).every((name) => name === 'reason'))
        throw new UsageError('set needs something to change.');
      if (changes.generation !== undefined && changes.state !== 'active')
        throw new UsageError('--generation goes with --state active.');
      return withPools((rooms) => change(rooms, id, changes));
    },
  );
}

async function change(
  rooms: Rooms,
  id: string,
  { name, state, generation, buffer, ...rest }: z.output<typeof setShape>,
): Promise<readonly string[]> {
  const known = await rooms.pools.find(id);
  if (!known)
    throw new Error(`There is no pool ${id}. \`holdfast pools list\` shows those there are.`);
  const rules: Partial<PoolRules> = {
    ...rulesOf(rest),
    ...(name !== undefined && { name }),
    ...(state !== undefined && { state }),
    ...(buffer !== undefined && { buffer: bufferUnits(buffer, known.decimals) }),
  };
  if (
    (rules.minSigningSeconds ?? known.minSigningSeconds) >= (rules.holdSeconds ?? known.holdSeconds)
  )
    throw signingTooLong();
  const code = state === 'active' ? await codeToResume(rooms, known, generation) : undefined;
  const changed = await rooms.pools.change(id, rules, noteOf(rest), code);
  return [...(code ? acceptedCode(known, code) : []), ...(await poolsTable(rooms, [changed]))];
}

function acceptedCode(before: AcceptedCode, after: AcceptedCode): readonly string[] {
  const change = (was: string, is: string): string =>
    was === is ? `${is}, as before.` : `${is}; until now ${was}.`;
  return [
    `Generation of the contracts: ${change(before.generation, after.generation)}`,
    `Code of the pool: ${change(before.poolWasmHash, after.poolWasmHash)}`,
  ];
}

type Rules = Omit<z.output<z.ZodObject<typeof ruleShape>>, 'buffer' | 'reason'>;
function rulesOf(rules: Rules): Partial<Omit<PoolRules, 'name' | 'buffer' | 'reason'>> {
  return {
    ...(rules.holdSeconds !== undefined && { holdSeconds: rules.holdSeconds }),
    ...(rules.maxSnapshotAge !== undefined && { maxSnapshotAgeSeconds: rules.maxSnapshotAge }),
    ...(rules.minSigning !== undefined && { minSigningSeconds: rules.minSigning }),
    ...(rules.maxExtension !== undefined && { maxExtensionSeconds: rules.maxExtension }),
    ...(rules.strict !== undefined && { strict: rules.strict }),
    ...(rules.maxWalletShare !== undefined && { maxWalletShareBps: rules.maxWalletShare }),
    ...(rules.lapses !== undefined && { lapsesMax: rules.lapses }),
    ...(rules.feePercentile !== undefined && { feePercentile: rules.feePercentile }),
    ...(rules.maxInclusionFee !== undefined && { maxInclusionFee: rules.maxInclusionFee }),
  };
}
