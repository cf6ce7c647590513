import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { z } from 'zod';
import { readConfig } from '../common/config.js';
import { checked, command, does, UsageError } from './command-line.js';
import { bundleOf, render } from './proof/bundle.js';
import type { Check } from './proof/check.js';
import { readParts } from './proof/read-parts.js';
import { verify } from './proof/verify.js';
import { runningDatabase } from './running-database.js';
import type { Terminal } from './terminal.js';

const optionsSchema = z.strictObject({
  out: z.string().min(1).optional(),
  verify: z.string().min(1).optional(),
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be a hash of 64 hex digits')
    .optional(),
});
type Verified = Pick<Terminal, 'say' | 'complain'>;

/** Exit code 0: written, or nothing is wrong with it; 1: something is, or it could not be done. */
export function proofCommand(
  terminal: Pick<Terminal, 'say' | 'complain' | 'write' | 'now'>,
): Command {
  return does(
    command('proof', {
      summary: 'write all that is known about one hold as a file, or check such a file',
      more:
        'Checking needs no database and no network. The digest is of the whole file: keep it ' +
        'elsewhere, because whoever changes the file can make a new one. docs/proofs.md#one-hold ' +
        'says what it shows and what not.',
      example: 'holdfast proof RESERVATION_OR_LOAN_ID --out proof.json',
    })
      .usage('ID [--out FILE]\n       holdfast proof --verify FILE [--digest HASH]')
      .argument('[ID]', 'of the reservation or of its loan')
      .option('--out <file>', 'write it there; absent: to standard output')
      .option('--verify <file>', 'check this file')
      .option('--digest <hash>', 'with --verify: the digest that was noted when it was written'),
    async (options, [id]) => {
      const { out, verify: file, digest } = checked(optionsSchema, options);
      if (file !== undefined) {
        if (id !== undefined || out !== undefined)
          throw new UsageError('--verify takes a file, and neither an id nor --out');
        return report(readFileSync(file, 'utf8'), digest, terminal);
      }
      if (digest !== undefined) throw new UsageError('--digest goes with --verify');
      if (!z.uuid().safeParse(id).success) throw new UsageError('Which reservation or loan?');
      const parts = await readParts(runningDatabase(readConfig()), id ?? '', terminal.now());
      const bundle = bundleOf(parts);
      if (out === undefined) {
        await terminal.write(render(bundle));
        return 0;
      }
      writeFileSync(out, render(bundle), { mode: 0o600 });
      return report(readFileSync(out, 'utf8'), bundle.digest, terminal);
    },
  );
}

function report(text: string, noted: string | undefined, { say, complain }: Verified): number {
  const { checks, rows } = verify(text);
  for (const each of checks) for (const line of linesOf(each)) say(line);
  const digest = /"digest": "([0-9a-f]{64})"\n\}\n$/.exec(text)?.[1];
  const isOther = noted !== undefined && noted !== digest;
  if (isOther) complain(`The digest is ${digest ?? 'not there'}, not ${noted}.`);
  const faults = checks.reduce((sum, each) => sum + each.faults.length, 0);
  if (rows)
    say(
      `\nReservation ${rows.reservation.id} of pool ${rows.pool.id}: ${rows.reservation.state}, ` +
        `${rows.reservation.amount} base units for ${rows.reservation.borrower}.`,
    );
  say(`Digest ${digest ?? 'not there'}.`);
  if (faults > 0) complain(`${faults} faults: it does not show what it says.`);
  return faults > 0 || isOther ? 1 : 0;
}

const linesOf = ({ name, says, faults, unknown }: Check): string[] => [
  `${(faults.length > 0 ? 'FAULT' : 'ok').padEnd(6)} ${name}: ${faults.length > 0 ? faults.join('; ') : says}`,
  ...unknown.map((sentence) => `${''.padEnd(6)} not shown: ${sentence}`),
];
