import type { Config } from '../common/config.js';
import { readRunning } from '../common/running.js';

/**
 * The configured database, else the one of the service that runs from DATA_DIR. @throws Error that
 * says what to do
 */
export function runningDatabase(config: Config): string {
  const url = config.DATABASE_URL ?? readRunning(config.DATA_DIR)?.databaseUrl;
  if (url === undefined)
    throw new Error(
      `No database: nothing runs from ${config.DATA_DIR} (start it with npm start) and DATABASE_URL is not set.`,
    );
  return url;
}
