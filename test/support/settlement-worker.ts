import { openRooms } from '../../src/cli/rooms.js';
import { readConfig } from '../../src/common/config.js';
import { asError } from '../../src/common/errors.js';
import type { ServicePlace } from './service-process.js';

/**
 * The rooms of a worker, one round of its jobs for each message of the parent: rounds come by
 * signal, not by the clock.
 */
const place = JSON.parse(process.argv[2] ?? '') as ServicePlace;
const rooms = openRooms(
  { databaseUrl: place.databaseUrl, rpcUrl: place.rpcUrl, networkPassphrase: place.passphrase },
  readConfig({
    LEDGER_DEADLINE_MS: '15000',
    RPC_TIMEOUT_MS: '30000',
    CHAIN_LAG_SECONDS_MAX: '3600',
  }),
);

async function round(): Promise<void> {
  const observed = await rooms.settlement.observeAll();
  const judged = await rooms.settlement.expireAll();
  if (observed.failed + judged.failed > 0 || observed.pools === 0)
    throw new Error(`observed ${JSON.stringify(observed)}, judged ${JSON.stringify(judged)}`);
}
process.on('message', () => {
  round().then(
    () => process.send?.({ now: Date.now() }),
    (thrown: unknown) => process.send?.({ now: Date.now(), error: asError(thrown).message }),
  );
});
