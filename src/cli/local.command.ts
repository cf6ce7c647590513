import type { Command } from 'commander';
import { readConfig } from '../common/config.js';
import { readRunning, type Running } from '../common/running.js';
import { holdfastClient } from '../client/holdfast-client.js';
import { command, does } from './command-line.js';
import { seedHere } from './seed-here.js';
import type { Terminal } from './terminal.js';

const DUE_IN_MS = 30 * 24 * 3600 * 1000;

/** For a shell that plays with the service of `npm start`. */
export function localCommand({ say }: Pick<Terminal, 'say'>): Command {
  return does(
    command('local', {
      summary: 'print where the service of npm start is, with its keys and accounts',
      more:
        'As shell variables, for eval "$(holdfast local)": API, KEY (of a backend), OPERATOR_KEY, CONTROL ' +
        '(port of the local network), POOL, VENDOR, BORROWER (an account without a live hold) and DUE (a due date).',
      example: 'holdfast local',
    }),
    async () => {
      const config = readConfig();
      const running = readRunning(config.DATA_DIR);
      if (!running)
        throw new Error(`No service runs from ${config.DATA_DIR}. Start it with \`npm start\`.`);
      const seed = await seedHere(config);
      const variables = {
        API: running.apiUrl,
        KEY: running.apiKey,
        OPERATOR_KEY: running.operatorKey,
        CONTROL: running.controlUrl,
        POOL: running.poolIds[0],
        VENDOR: seed?.vendors[0],
        BORROWER: await free(running, seed?.borrowers ?? []),
        DUE: new Date(Date.now() + DUE_IN_MS).toISOString().replace(/\.\d+/, ''),
      };
      for (const [name, value] of Object.entries(variables)) say(`${name}='${value ?? ''}'`);
    },
  );
}

/** The first account that holds nothing now. */
async function free(
  { apiUrl, apiKey, poolIds }: Running,
  borrowers: readonly { readonly address: string }[],
): Promise<string | undefined> {
  const client = holdfastClient({
    baseUrl: apiUrl,
    headers: { authorization: `Bearer ${apiKey ?? ''}` },
  });
  const { data } = await client.GET('/loans', {
    params: { query: { state: 'held', limit: 100, ...(poolIds[0] && { poolId: poolIds[0] }) } },
  });
  const busy = new Set(data?.loans.map(({ loan }) => loan.borrower));
  return borrowers.find(({ address }) => !busy.has(address))?.address;
}
