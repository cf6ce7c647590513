import type { Command } from 'commander';
import { readConfig } from '../common/config.js';
import { INSTALMENTS_MAX } from '../modules/chain/chain.js';
import { command, does } from './command-line.js';
import { demoPlan, GENERATIONS } from './demo-plan.js';
import { SIGNINGS } from '../modules/liquidity/reservation.js';
import type { Terminal } from './terminal.js';

/** The sandbox is loaded only when the demo runs: an image does not contain it. */
export function demoCommand(terminal: Pick<Terminal, 'say' | 'progress' | 'onInterrupt'>): Command {
  return does(
    command('demo', {
      summary: 'let fifty borrowers race for a pool that can fund twenty',
      more:
        'Against the service that runs here, or one that is started for the demo; only on the local ' +
        'network. The exit code is 0 when everything was as promised.',
      example: 'holdfast demo --borrowers 30 --fit 10',
    })
      .option('--borrowers <n>', 'how many ask at the same moment, 1 to 100 (default 50)')
      .option('--fit <n>', 'how many of them the pool can fund (default 20)')
      .option('--instalments <n>', `of each loan, 1 to ${INSTALMENTS_MAX} (default 2)`)
      .option(
        '--strangers <n>',
        'loans of others on the same lending contract, 0 to 20: between the holds and the submissions ' +
          '(default 0), or with --signing authorization about once a ledger until all have landed ' +
          '(default 1)',
      )
      .option(
        '--signing <way>',
        `what the promised ones sign: ${SIGNINGS.join(' or ')} (default: transaction)`,
      )
      .option(
        '--generation <name>',
        `contracts of the pool: ${GENERATIONS.join(', ')} (default: the network's)`,
      ),
    async (options) => {
      const plan = demoPlan(options);
      const config = readConfig();
      if (config.NODE_ENV === 'production') {
        terminal.say('The demo makes up pools and borrowers: it does not run in production.');
        return 2;
      }
      const { runDemo } = await import('./demo-run.js');
      return runDemo(config, terminal, plan);
    },
  );
}
