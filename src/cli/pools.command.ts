import type { Command } from 'commander';
import { z } from 'zod';
import { addressKind } from '../modules/chain/address.js';
import { GENERATION_NAMES } from '../modules/chain/families/contract-family.js';
import type { PoolCode } from '../modules/liquidity/pools/accepted-code.sql.js';
import { checkSigningTime, type PoolRules } from '../modules/liquidity/pools/pool-rules.js';
import { bufferUnits, registerPool } from '../modules/operations/register-pool.js';
import { codeToResume } from '../modules/operations/resume-pool.js';
import { checked, command, does, group, UsageError } from './command-line.js';
import { noteOf, reason } from './operator-note.js';
import { ruleShape, rulesIn, withRules } from './pool-rule-options.js';
import { extendCommand } from './pools-extend.js';
import { quarantineCommand, resetNetworkCommand } from './pools-grave.js';
import { namedPool, POOL_HELP } from './named-pool.js';
import { poolsTable } from './pools-table.js';
import type { Rooms } from './rooms.js';
import type { Terminal } from './terminal.js';
import { type PrintFrom, printFrom } from './with-rooms.js';

const addShape = z.strictObject({
  ...ruleShape,
  reason,
  contract: z
    .string('is required')
    .refine((text) => addressKind(text) === 'contract', 'must be a contract address (C...)'),
  name: z.string('is required').min(1).max(100),
  generation: z.enum(GENERATION_NAMES).optional(),
});
const setShape = z
  .strictObject({
    ...ruleShape,
    reason,
    name: z.string().min(1).max(100).optional(),
    state: z.enum(['active', 'paused', 'closed']).optional(),
    generation: z.enum(GENERATION_NAMES).optional(),
  })
  .refine(({ state, reason: why }) => state !== 'active' || why !== undefined, {
    path: ['reason'],
    message: 'is required with --state active, as for POST /operator/pools/{id}/resume',
  });

export function poolsCommand(terminal: Pick<Terminal, 'open' | 'say'>): Command {
  const withPools = printFrom(terminal);
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

/** The rules and the reason that `add` and `set` take. */
const withChanges = (to: Command): Command =>
  withRules(to).option('--reason <text>', 'kept forever in operator_actions, with your user name');

function addCommand(withPools: PrintFrom): Command {
  return does(
    withChanges(
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
            'code when left out. scaled, scaled-g2, scaled-g3: g1, g2, g3 with limits in whole tokens',
        ),
    ),
    (options) => {
      const { contract, name, generation, reason, ...given } = checked(addShape, options);
      const { buffer, ...rules } = rulesIn(given);
      return withPools(async (rooms) => {
        const pool = await registerPool(
          rooms,
          {
            contract,
            name,
            rules,
            ...(generation !== undefined && { generation }),
            ...(buffer !== undefined && { buffer }),
          },
          noteOf({ reason }),
        );
        return [`Registered ${pool.id}`, ...(await poolsTable(rooms, [pool]))];
      });
    },
  );
}

function listCommand(withPools: PrintFrom): Command {
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

function setCommand(withPools: PrintFrom): Command {
  return does(
    withChanges(
      command('set', {
        summary: 'change the state, the name or the rules of a pool',
        more:
          'A paused pool takes no new holds. A closed pool is no longer observed, once its live ' +
          'holds have ended and what they did is explained. During a quarantine, active and paused count from its ' +
          'end on.',
        example:
          'holdfast pools set POOL_ID --state paused --reason "looking into the alarm of 14:02"',
      })
        .argument('<POOL_ID>', POOL_HELP)
        .option('--state <state>', 'active, paused or closed')
        .option(
          '--generation <name>',
          'with --state active: which published contracts they are now, where their code is not known',
        )
        .option('--name <text>', 'of the pool, for people'),
    ),
    (options, [id = '']) => {
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
  wanted: string,
  { name, state, generation, reason, ...given }: z.output<typeof setShape>,
): Promise<readonly string[]> {
  const known = await namedPool(rooms, wanted);
  const { buffer, ...others } = rulesIn(given);
  const rules: Partial<PoolRules> = {
    ...others,
    ...(name !== undefined && { name }),
    ...(state !== undefined && { state }),
    ...(buffer !== undefined && { buffer: bufferUnits(buffer, known.decimals) }),
  };
  checkSigningTime(rules, known);
  const code = state === 'active' ? await codeToResume(rooms, known, generation) : undefined;
  const changed = await rooms.pools.change(known.id, rules, noteOf({ reason }), code);
  return [...(code ? acceptedCode(known, code) : []), ...(await poolsTable(rooms, [changed]))];
}

function acceptedCode(before: PoolCode, after: PoolCode): readonly string[] {
  const change = (was: string, is: string): string =>
    was === is ? `${is}, as before.` : `${is}; until now ${was}.`;
  return [
    `Generation of the contracts: ${change(before.generation, after.generation)}`,
    `Code of the pool: ${change(before.poolWasmHash, after.poolWasmHash)}`,
  ];
}
