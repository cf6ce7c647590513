import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { z } from 'zod';
import { graveReason } from '../http/reason.schemas.js';
import { resetNetwork } from '../modules/operations/reset-network.js';
import { checked, command, does, UsageError } from './command-line.js';
import { noteOf } from './operator-note.js';
import type { PrintFrom } from './with-rooms.js';
import { poolsTable } from './pools-table.js';

const graveShape = z.strictObject({
  reason: graveReason,
});
const quarantineShape = graveShape.extend({ all: z.literal(true) });

export function quarantineCommand(withPools: PrintFrom): Command {
  return does(
    command('quarantine', {
      summary: 'stop new holds on every pool after the database was put back in any way',
      more:
        'No pool takes new holds until every transaction that may be out is dead by chain time. ' +
        'The reason and your user name stay in database_changes.',
      example: 'holdfast pools quarantine --all --reason "the disk snapshot of noon was put back"',
    })
      .usage('--all --reason "..."')
      .argument('[POOL_ID...]')
      .option('--all', 'every pool')
      .option('--reason <text>', 'what was put back, 10 characters or more'),
    (options, ids) => {
      if (options['all'] !== true || ids.length > 0)
        throw new UsageError(
          'quarantine is for every pool: say --all. One pool is paused by `set POOL_ID --state paused`.',
        );
      const { reason } = checked(quarantineShape, options);
      return withPools(async (rooms) => {
        const count = await rooms.ledger.guards.quarantineAll({ reason, by: userInfo().username });
        return [
          `${count} pools are in quarantine. It ends by itself, by chain time, once a worker ` +
            'has seen the longest hold time pass.',
          ...(await poolsTable(rooms, await rooms.pools.list())),
        ];
      });
    },
  );
}

export function resetNetworkCommand(withPools: PrintFrom): Command {
  return does(
    command('reset-network', {
      summary: 'accept that the network began again under its old passphrase',
      more:
        'Public test networks are reset four times a year. The pools of the old chain must be ' +
        'closed and their holds ended; they stay under another name of the network. Then pools ' +
        'are registered again, also at the same addresses.',
      example: 'holdfast pools reset-network --reason "the quarterly reset of testnet"',
    })
      .usage('--reason "..."')
      .option('--reason <text>', 'kept forever in operator_actions, 10 characters or more'),
    (options) => {
      const { reason } = checked(graveShape, options);
      return withPools(async (rooms) => {
        const done = await resetNetwork(
          { ...rooms, snapshots: rooms.ledger.snapshots },
          noteOf({ reason }),
        );
        return [
          `The network begins at ledger ${done.ledger} again; ledger ${done.knownLedger} was known.`,
          `${done.pools.length} pools of the old chain stay as "${done.oldName}".`,
        ];
      });
    },
  );
}
