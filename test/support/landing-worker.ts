import { openRooms } from '../../src/cli/rooms.js';
import { readConfig } from '../../src/common/config.js';
import { asError } from '../../src/common/errors.js';
import { AlarmLog } from '../../src/modules/settlement/alarm-log.js';
import { Lander } from '../../src/modules/settlement/lander.js';
import { LANDER } from './authorization-stage.js';
import type { WorkerRound } from './landing-process.js';
import type { ServicePlace } from './service-process.js';

/** The rooms of a worker: one round of the lander or of the observer for each message. */
const place = JSON.parse(process.argv[2] ?? '') as ServicePlace;
const rooms = openRooms(
  { databaseUrl: place.databaseUrl, rpcUrl: place.rpcUrl, networkPassphrase: place.passphrase },
  readConfig({
    LEDGER_DEADLINE_MS: '15000',
    RPC_TIMEOUT_MS: '30000',
    CHAIN_LAG_SECONDS_MAX: '3600',
    CHANNEL_SECRETS: process.env['CHANNEL_SECRETS'],
  }),
);
const lander = new Lander(rooms, new AlarmLog(), LANDER);

const ROUNDS: Readonly<Record<WorkerRound, () => Promise<unknown>>> = {
  land: () => lander.round(),
  observe: () => rooms.settlement.observeAll(),
};
process.on('message', (round: WorkerRound) => {
  ROUNDS[round]().then(
    () => process.send?.({}),
    (thrown: unknown) => process.send?.({ error: asError(thrown).message }),
  );
});
process.send?.({});
