import { consoleCommand } from './console.js';
import { crowdCommand } from './crowd/crowd.command.js';
import { doorCommand } from './door/door.command.js';
import { loadCommand } from './load.js';
import { overloadCommand } from './overload/overload.command.js';
import { predictionsCommand } from './predictions.js';
import { reportingCommand } from './reporting.js';
import { scaleCommand } from './scale/scale.command.js';
import { soakCommand } from './soak/soak.command.js';
import { suiteCommand } from './suite.command.js';
import { group, run } from '../src/cli/command-line.js';

/** `npm run bench`: all scenarios, and as subcommands what is measured on a loaded database. */
const bench = group(
  'npm run bench --',
  { summary: 'measure; everything when no command is named', example: 'npm run bench -- door' },
  [
    doorCommand(),
    crowdCommand(),
    scaleCommand(),
    overloadCommand(),
    soakCommand(),
    loadCommand(),
    reportingCommand(),
    consoleCommand(),
    predictionsCommand(),
  ],
).addCommand(suiteCommand(), { isDefault: true });

process.exitCode = await run(bench, process.argv.slice(2), {
  say: (line) => console.log(line),
  complain: (line) => console.error(line),
});
