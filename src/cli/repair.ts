import { runRepair } from './repair.command.js';
import { runCommand } from './run-command.js';

await runCommand(runRepair);
