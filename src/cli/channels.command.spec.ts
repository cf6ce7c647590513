import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TransactionBuilder } from '@stellar/stellar-sdk';
import { type RunningNetwork, startNetwork } from '../../sandbox/network/network.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { readConfig } from '../common/config.js';
import { channelsCommand } from './channels.command.js';
import { run as runCommand } from './command-line.js';
import { openRooms, type Rooms } from './rooms.js';

let database: TestDatabase;
let network: RunningNetwork;
let accounts: readonly { readonly address: string; readonly secret: string }[];
beforeAll(async () => {
  database = await createTestDatabase();
  network = await startNetwork();
  const { pool } = network.control.deployPool({ profile: 'scaled', decimals: 7, deposit: 1n });
  accounts = network.control.makeBorrowers({ pool, count: 3, tokens: 0n, score: 0 }).borrowers;
});
afterAll(async () => {
  await network.close();
  await database.drop();
});

/** With the seeds of the first two accounts. */
const open = (): Rooms =>
  openRooms(
    {
      databaseUrl: database.url,
      rpcUrl: network.rpcUrl,
      networkPassphrase: network.passphrase,
    },
    readConfig({
      CHANNEL_SECRETS: accounts
        .slice(0, 2)
        .map(({ secret }) => secret)
        .join(),
    }),
  );
async function run(...args: string[]): Promise<{ code: number; said: string; wrong: string }> {
  const [said, complained]: [string[], string[]] = [[], []];
  const terminal = {
    open,
    say: (line: string) => said.push(line),
    complain: (line: string) => complained.push(line),
  };
  const code = await runCommand(channelsCommand(terminal), args, terminal);
  return { code, said: said.join('\n'), wrong: complained.join('\n') };
}
const address = (index: number): string => accounts[index]?.address ?? '';

test('channels are added, listed, funded and removed, and no secret is shown or stored', async () => {
  expect((await run('list')).said).toBe('No channel yet: `holdfast channels add`');
  expect(await run('add', '--reason', ' x ')).toMatchObject({
    code: 2,
    wrong: expect.stringContaining('--reason'),
  });
  expect(await run('add', '--name', 'first two', '--reason', 'to land loans')).toEqual({
    code: 0,
    said: `${address(0)} added\n${address(1)} added`,
    wrong: '',
  });
  expect((await run('add')).said).toBe(
    `${address(0)} was there already\n${address(1)} was there already`,
  );
  expect((await run('add', address(2))).said).toBe(`${address(2)} added`);
  const { said: list } = await run('list');
  expect(list).toMatch(new RegExp(`${address(0)} .*first two .*active .*yes`));
  expect(list).toMatch(new RegExp(`${address(2)} .*channel .*active .*no`));
  for (const { secret } of accounts) expect(list).not.toContain(secret);
  expect((await run('remove', address(2), '--reason', 'not ours')).said).toBe(
    `${address(2)} removed`,
  );
  const fund = ['fund', '--source', address(2), '--amount', '20'];
  const fresh = 'GBRPYHIL2CI3FNQ4BXLFMNDLFJUNPU2HY3ZMFSHONUCEOASW7QC7OX2H';
  const { said } = await run(...fund, fresh, address(0));
  const [words, xdr = ''] = said.split('\n');
  expect(words).toBe(
    'Pays 20 XLM to 2 channels, 1 of them new; costs 0.0002 XLM. Sign and submit it.',
  );
  const transaction = TransactionBuilder.fromXdr(xdr, network.passphrase);
  expect(transaction.operations).toMatchObject([
    { type: 'createAccount', destination: fresh, startingBalance: '20.0000000' },
    { type: 'payment', destination: address(0), amount: '20.0000000' },
  ]);
  expect(transaction.signatures).toEqual([]);
  expect((await run(...fund)).said).toMatch(/^Pays 20 XLM to 2 channels, 0 of them new/);
  expect((await run(...fund, 'first two')).said).toMatch(/^Pays 20 XLM to 2 channels, 0 of them/);
  expect((await run('remove', 'first two', address(0))).said).toBe(
    `${address(0)} removed\n${address(1)} removed`,
  );
  expect(await run('remove', 'first two')).toMatchObject({
    code: 2,
    wrong: expect.stringContaining('no active channel has this name'),
  });
  const rooms = open();
  const { rows } = await rooms.connections.read.query<{ action: string; reason: string | null }>(
    "select action, reason from operator_actions where action like 'channel%' order by id",
  );
  await rooms.close();
  expect(rows).toEqual([
    { action: 'channel.add', reason: 'to land loans' },
    { action: 'channel.add', reason: 'to land loans' },
    { action: 'channel.add', reason: null },
    { action: 'channel.remove', reason: 'not ours' },
    { action: 'channel.remove', reason: null },
    { action: 'channel.remove', reason: null },
  ]);
});

test('a misuse says what is wrong', async () => {
  expect(await run('add', 'GNONSENSE')).toMatchObject({
    code: 2,
    wrong: expect.stringContaining('GNONSENSE is not an account address'),
  });
  expect(await run('fund', '--amount', '20')).toMatchObject({ code: 2 });
  expect(await run('fund', '--source', address(0), '--amount', '0')).toMatchObject({ code: 2 });
  expect(await run('remove', address(2).replace(/^G/, 'C'))).toMatchObject({ code: 2 });
});
