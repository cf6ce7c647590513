import { runPools } from './pools.command.js';
import { runCommand } from './run-command.js';

await runCommand(runPools);
