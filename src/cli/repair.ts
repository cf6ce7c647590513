import { asError } from '../common/errors.js';
import { readConfig } from '../common/config.js';
import { runRepair } from './repair.command.js';
import { openRooms, placeFrom } from './rooms.js';

try {
  const config = readConfig();
  process.exitCode = await runRepair(process.argv.slice(2), {
    open: () => openRooms(placeFrom(config), config),
    say: (line) => { console.log(line); },
    complain: (line) => { console.error(line); },
  });
} catch (thrown) {
  console.error(asError(thrown).message);
  process.exitCode = 1;
}
