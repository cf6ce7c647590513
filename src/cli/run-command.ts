import { readConfig } from '../common/config.js';
import { asError } from '../common/errors.js';
import type { Terminal } from './pools.command.js';
import { openRooms, placeFrom } from './rooms.js';

/**
 * The command line around a command that works in the rooms of the service: its arguments, the
 * terminal, its exit code; a failure is told in one line, exit code 1.
 */
export async function runCommand(
  command: (args: string[], terminal: Terminal) => Promise<number>,
): Promise<void> {
  try {
    const config = readConfig();
    process.exitCode = await command(process.argv.slice(2), {
      open: () => openRooms(placeFrom(config), config),
      say: (line) => {
        console.log(line);
      },
      complain: (line) => {
        console.error(line);
      },
    });
  } catch (thrown) {
    console.error(asError(thrown).message);
    process.exitCode = 1;
  }
}
