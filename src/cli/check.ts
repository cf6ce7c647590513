import { runCheck } from './check.command.js';
import { runCommand } from './run-command.js';

await runCommand(runCheck);
