import type { Command } from 'commander';
import { command, does } from '../src/cli/command-line.js';
import { formatTable } from '../src/cli/table.js';
import { predictions, worstOf } from '../test/support/predictions.js';

const COLUMNS = [
  ['', false],
  ['landing', false],
  ['ahead', true],
  ['bytes declared', true],
  ['predicted', true],
  ['recorded', true],
  ['instructions declared', true],
  ['predicted', true],
  ['off', true],
  ['end predicted', false],
  ['recorded', false],
].map(([name, right]) => ({ name: String(name), right: right === true }));

/** Compares every recorded landing of the published contracts with its prediction. */
export function predictionsCommand(): Command {
  return does(
    command('predictions', {
      summary: 'compare every recorded landing with what is predicted of it',
      example: 'npm run bench -- predictions',
    }),
    () => {
      print();
      return Promise.resolve();
    },
  );
}

function print(): void {
  const all = [...predictions('g1'), ...predictions('g2')];
  const count = (value: number | null): string =>
    value === null ? '' : value.toLocaleString('en');
  const rows = all.map(({ generation, name, ahead, bytes, instructions, end, instructionsOff }) => [
    generation,
    name,
    String(ahead),
    count(bytes.declared),
    count(bytes.predicted),
    count(bytes.recorded),
    count(instructions.declared),
    count(instructions.predicted),
    instructionsOff === 0 ? '' : `${(instructionsOff * 100).toFixed(2)} %`,
    end.predicted,
    end.recorded,
  ]);
  const { bytes, instructions } = worstOf(all);
  process.stdout.write(`${formatTable(COLUMNS, rows)}\n`);
  process.stdout.write(
    `${all.length} landings. Worst difference: ${bytes} bytes, ${(instructions * 100).toFixed(2)} % of instructions.\n`,
  );
}
