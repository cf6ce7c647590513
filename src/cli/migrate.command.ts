import type { Command } from 'commander';
import { readOwnerDatabase } from '../common/config.js';
import { migrate } from '../database/migrate.js';
import { command, does } from './command-line.js';
import type { Terminal } from './terminal.js';

export function migrateCommand({ say }: Pick<Terminal, 'say'>): Command {
  return does(
    command('migrate', {
      summary: 'bring the schema of the database up to date',
      more:
        'Works as DATABASE_OWNER_URL, or as DATABASE_URL when that one is absent, and makes the ' +
        'roles holdfast_server and holdfast_reporting. A service that starts with the role of the ' +
        'owner does the same.',
      example: 'holdfast migrate',
    }),
    async () => {
      const applied = await migrate(readOwnerDatabase());
      for (const name of applied) say(name);
      if (applied.length === 0) say('Nothing to do: the database is up to date.');
    },
  );
}
