import { runResolve } from './resolve.command.js';
import { runCommand } from './run-command.js';

await runCommand(runResolve);
