import { Logger } from '@nestjs/common';
import { ownerDatabase } from './common/config.js';
import { migrate } from './database/migrate.js';
import { ownsTables } from './database/owner.js';
import { SERVER_ROLE } from './database/repeatables.js';
import type { DecidedConfig } from './development.js';
import type { LocalServices } from '../sandbox/local.js';

/**
 * Brings the schema up to date as its owner, where that is known. @returns the configuration of what
 * serves, which does not know the owner and signs in to an embedded database as the server's role
 */
export async function prepareDatabase(
  decided: DecidedConfig,
  local: LocalServices | undefined,
): Promise<DecidedConfig> {
  await migrate(ownerDatabase(decided), { databaseFolder: local?.databaseFolder });
  const { DATABASE_OWNER_URL: _owner, ...served } = decided;
  if (local?.admit)
    return Object.freeze({ ...served, DATABASE_URL: await local.admit(SERVER_ROLE) });
  if (decided.NODE_ENV === 'production' && (await ownsTables(decided.DATABASE_URL)))
    new Logger('holdfast').warn(
      'The role of DATABASE_URL owns the tables and could switch the guards of the journal off: ' +
        `serve as a member of ${SERVER_ROLE} (docs/database.md#roles).`,
    );
  return Object.freeze(served);
}
