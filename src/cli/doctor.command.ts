import type { Command } from 'commander';
import { z } from 'zod';
import { type Config, readServiceConfig } from '../common/config.js';
import { asError } from '../common/errors.js';
import { addressKind } from '../modules/chain/address.js';
import { checked, command, does } from './command-line.js';
import { diagnose } from './doctor/diagnosis.js';
import { type Finding, findingsOf, worstOf } from './doctor/finding.js';
import { page } from './doctor/page.js';
import type { Terminal } from './terminal.js';
import { logToStderr } from './with-rooms.js';

const optionsSchema = z.strictObject({
  json: z.boolean().optional(),
  contract: z
    .array(
      z
        .string()
        .refine((text) => addressKind(text) === 'contract', 'must be the C… address of a contract'),
    )
    .max(20, 'at most 20 contracts')
    .default([]),
});

/** Exit code 0: no fault; 1: a fault. */
export function doctorCommand({ say }: Pick<Terminal, 'say'>): Command {
  return does(
    command('doctor', {
      summary: 'check the configuration, the database, the node and the contracts before a start',
      more:
        'Each finding is ok, a warning or a fault, with what to do about it. Nothing is written. ' +
        'The exit code is 1 when there is a fault.',
      example: 'holdfast doctor --contract C…',
    })
      .option('--contract <id...>', 'also look at pools that are not registered yet')
      .option('--json', 'print the findings as JSON'),
    async (options) => {
      const { contract, json } = checked(optionsSchema, options);
      logToStderr();
      const findings = await findingsWith(contract);
      const state = worstOf(findings);
      if (json === true) say(JSON.stringify({ state, findings }, null, 2));
      else for (const line of page(findings)) say(line);
      return state === 'fault' ? 1 : 0;
    },
  );
}

async function findingsWith(contracts: readonly string[]): Promise<readonly Finding[]> {
  let config: Config;
  try {
    config = readServiceConfig();
  } catch (thrown) {
    const [, ...faults] = asError(thrown).message.split('\n');
    return faults.map((each) =>
      findingsOf('configuration').fault(
        'settings',
        each.trim(),
        'Correct the environment variable (docs/configuration.md).',
      ),
    );
  }
  return diagnose(config, contracts);
}
