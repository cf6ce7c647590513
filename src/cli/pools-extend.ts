import type { Command } from 'commander';
import { z } from 'zod';
import { formatAmount } from '../common/money.js';
import { LEDGER_SECONDS } from '../common/ledger-time.js';
import { addressKind } from '../modules/chain/address.js';
import type { Extension } from '../modules/chain/lifetimes.js';
import { checked, command, does } from './command-line.js';
import { namedPool, POOL_HELP } from './named-pool.js';
import type { PrintFrom } from './with-rooms.js';

const LEDGERS_OF_A_DAY = 86_400 / LEDGER_SECONDS;
/** The network's greatest lifetime is 3,110,400 ledgers, 180 days. */
const DAYS_MAX = 179;
const STROOP_DECIMALS = 7;
const shape = z.strictObject({
  source: z
    .string('is required')
    .refine((text) => addressKind(text) === 'account', 'must be an account address (G...)'),
  days: z
    .string()
    .regex(/^[1-9][0-9]{0,2}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().max(DAYS_MAX))
    .default(30),
});

export function extendCommand(withPools: PrintFrom): Command {
  return does(
    command('extend', {
      summary: "print a transaction that extends the lifetimes of a pool's contracts",
      more:
        'Extends the instances and the code of the pool, the lending contract, the token and the ' +
        'contracts that the lending contract calls. The transaction is unsigned: any account may sign ' +
        'and pay for it. Archived entries are restored first; then run the command again.',
      example: 'holdfast pools extend POOL_ID --source G... --days 60',
    })
      .argument('<POOL_ID>', POOL_HELP)
      .option('--source <address>', 'the account that signs and pays')
      .option('--days <n>', `how long they are to live from now on, 1 to ${DAYS_MAX} (default 30)`),
    (options, [id = '']) => {
      const { source, days } = checked(shape, options);
      return withPools(async ({ pools, chain }) => {
        const pool = await namedPool({ pools }, id);
        await chain.verifyNetwork();
        const ledgers = days * LEDGERS_OF_A_DAY;
        return linesOf(await chain.buildExtension({ pool, source, ledgers, bids: pool }), source);
      });
    },
  );
}

function linesOf(extension: Extension, source: string): readonly string[] {
  switch (extension.kind) {
    case 'nothing':
      return ['Every contract lives that long already.'];
    case 'no_account':
      throw new Error(`The account ${source} does not exist on this network.`);
    case 'no_figures':
      throw new Error('The node gave no figures for such a transaction. Try another node.');
    case 'restore':
      return [
        `Restores ${extension.entries} archived entries; costs at most ${lumens(extension.fee)} XLM. ` +
          'Sign and submit it, and run this command again.',
        extension.xdr,
      ];
    case 'extend':
      return [
        `Extends ${extension.entries} entries to ledger ${extension.untilLedger} or later; costs at ` +
          `most ${lumens(extension.fee)} XLM. Sign and submit it.`,
        extension.xdr,
      ];
  }
}

const lumens = (stroops: bigint): string => formatAmount(stroops, STROOP_DECIMALS);
