import { runKeys } from './keys.command.js';
import { runCommand } from './run-command.js';

await runCommand(runKeys);
