import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Keypair, TransactionBuilder } from '@stellar/stellar-sdk';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { readConfig } from '../common/config.js';
import { startNetwork, type RunningNetwork } from '../../sandbox/network/network.js';
import { run } from './command-line.js';
import { poolsCommand } from './pools.command.js';
import { openRooms, type Rooms } from './rooms.js';
import { ReconciliationLedger } from '../modules/liquidity/snapshots/reconciliation-ledger.js';
import { ReconciliationService } from '../modules/settlement/reconciliation.service.js';
import type { PoolRecord } from '../modules/liquidity/pools/pool-registry.js';

let database: TestDatabase;
let network: RunningNetwork;
let contract: string;
const said: string[] = [];
const complained: string[] = [];

const openHere = (): Rooms =>
  openRooms(
    { databaseUrl: database.url, rpcUrl: network.rpcUrl, networkPassphrase: network.passphrase },
    readConfig({}),
  );
const terminal = {
  open: openHere,
  say: (line: string) => said.push(line),
  complain: (line: string) => complained.push(line),
};
const pools = (...args: string[]): Promise<number> => run(poolsCommand(terminal), args, terminal);
const idIn = (lines: readonly string[]): string =>
  /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(lines.join('\n'))?.[0] ?? 'none';
async function registered(id: string): Promise<PoolRecord | null> {
  const rooms = openHere();
  try {
    return await rooms.pools.find(id);
  } finally {
    await rooms.close();
  }
}
/** Cells of the pool's line in the table. */
const cells = (id: string): string[] =>
  said
    .filter((line) => line.startsWith(id))
    .at(-1)
    ?.split(/ {2,}/) ?? [];

beforeAll(async () => {
  database = await createTestDatabase();
  network = await startNetwork();
});
beforeEach(() => {
  contract = network.control.deployPool({
    profile: 'scaled',
    decimals: 7,
    deposit: 50_000_000n,
  }).pool;
  said.length = 0;
  complained.length = 0;
});
afterAll(async () => {
  await network.close();
  await database.drop();
});

describe('extend', () => {
  test('prints an unsigned transaction with its cost, and says when nothing is to do', async () => {
    await pools('add', '--contract', contract, '--name', 'long lived');
    const id = idIn(said);
    const [payer] = network.control.makeBorrowers({
      pool: contract,
      count: 1,
      tokens: 0n,
      score: 0,
    }).borrowers;
    said.length = 0;
    expect(await pools('extend', id)).toBe(2);
    expect(await pools('extend', id, '--source', payer?.address ?? '', '--days', '179')).toBe(0);
    expect(said[0]).toMatch(
      /^Extends 11 entries to ledger \d+ or later; costs at most [0-9.]+ XLM\. Sign and submit it\.$/,
    );
    const transaction = TransactionBuilder.fromXdr(said[1] ?? '', network.passphrase);
    expect(transaction.signatures).toEqual([]);
    expect(transaction.operations).toMatchObject([
      { type: 'extendFootprintTtl', extendTo: 179 * 17_280 },
    ]);
    said.length = 0;
    expect(await pools('extend', id, '--source', payer?.address ?? '', '--days', '1')).toBe(0);
    expect(said).toEqual(['Every contract lives that long already.']);
    expect(await pools('extend', id, '--source', Keypair.random().publicKey())).toBe(1);
    expect(complained.at(-1)).toMatch('does not exist on this network');
  });
});

describe('add', () => {
  test('reads the contract, observes it once and shows what is available', async () => {
    expect(
      await pools(
        'add',
        '--contract',
        contract,
        '--name',
        'Sunny side',
        '--generation',
        'scaled',
        '--buffer',
        '1.5',
        '--hold-seconds',
        '120',
        '--min-signing',
        '20',
        '--max-snapshot-age',
        '60',
      ),
    ).toBe(0);
    const id = idIn(said);
    expect(said[0]).toBe(`Registered ${id}`);
    expect(cells(id)).toEqual([
      id,
      'Sunny side',
      'active',
      '3.5',
      '0',
      '0',
      '1.5',
      String(network.control.head().ledger),
      '120',
      contract,
    ]);
    expect(complained).toEqual([]);
  });

  test('a pool whose contract is paused on the chain is shown as that', async () => {
    const made = network.control.deployPool({ profile: 'trustup', decimals: 0, deposit: 5n });
    network.control.actions.pause({ pool: made.pool, paused: true });
    expect(await pools('add', '--contract', made.pool, '--name', 'theirs')).toBe(0);
    expect(cells(idIn(said)).slice(1, 4)).toEqual([
      'theirs',
      'active, pool contract paused on the chain',
      '5',
    ]);
  });

  test('the rules of rebuilds and of the loan counter', async () => {
    expect(
      await pools('add', '--contract', contract, '--name', 'careful', '--max-extension', '60'),
    ).toBe(0);
    expect(await registered(idIn(said))).toMatchObject({ strict: true, maxExtensionSeconds: 60 });
    expect(await pools('set', idIn(said), '--strict', 'off')).toBe(0);
    expect(await registered(idIn(said))).toMatchObject({ strict: false, maxExtensionSeconds: 60 });
    expect(await pools('set', idIn(said), '--max-extension', '0')).toBe(0);
    expect(await registered(idIn(said))).toMatchObject({ strict: false, maxExtensionSeconds: 0 });
  });

  test('the generation is read from the code; another one is refused, and scaled reads like g1', async () => {
    await pools('add', '--contract', contract, '--name', 'told');
    expect(await registered(idIn(said))).toMatchObject({ generation: 'g1' });
    const made = network.control.deployPool({ profile: 'trustup', decimals: 0, deposit: 5n });
    for (const generation of ['g1', 'scaled'])
      expect(
        await pools('add', '--contract', made.pool, '--name', 'wrong', '--generation', generation),
      ).toBe(1);
    expect(complained).toEqual(
      ['g1', 'scaled'].map(
        (generation) => `The contracts are TrustUp contracts (trustup), not ${generation}.`,
      ),
    );
    said.length = 0;
    expect(await pools('add', '--contract', made.pool, '--name', 'theirs')).toBe(0);
    expect(await registered(idIn(said))).toMatchObject({ generation: 'trustup', decimals: 0 });
  });

  test('after an upgrade the code is read, and both generations are shown', async () => {
    await pools('add', '--contract', contract, '--name', 'upgraded');
    const id = idIn(said);
    const { wasmHash } = network.control.actions.upgrade({ pool: contract, contract: 'pool' });
    const rooms = openHere();
    try {
      const pool = await rooms.pools.find(id);
      if (!pool) throw new Error('it was registered');
      const ledger = new ReconciliationLedger(rooms.connections, 5000);
      await new ReconciliationService(
        { ledger, pools: rooms.pools, chain: rooms.chain },
        {
          raise: () => undefined,
        },
      ).reconcilePool(pool);
    } finally {
      await rooms.close();
    }
    said.length = 0;
    expect(await pools('set', id, '--generation', 'g2')).toBe(2);
    const why = ['--reason', 'its new code was read'];
    expect(await pools('set', id, '--state', 'active', '--generation', 'g2', ...why)).toBe(1);
    expect(complained.at(-1)).toBe(
      'The contracts are StepFi contracts, generation G1 (g1), not g2.',
    );
    expect((await registered(id))?.state).toBe('paused');
    expect(await pools('set', id, '--state', 'active', ...why)).toBe(0);
    expect(said[0]).toBe('Generation of the contracts: g1, as before.');
    expect(said[1]).toMatch(`Code of the pool: ${wasmHash}; until now `);
    expect(await registered(id)).toMatchObject({ state: 'active', poolWasmHash: wasmHash });
  });

  test('the same contract twice: said plainly, nothing changed', async () => {
    await pools('add', '--contract', contract, '--name', 'first');
    expect(await pools('add', '--contract', contract, '--name', 'second')).toBe(1);
    expect(complained).toEqual([
      `The pool contract ${contract} is registered on this network already.`,
    ]);
  });

  test('a contract that the network does not know', async () => {
    expect(
      await pools(
        'add',
        '--contract',
        'CDFACCFOC7NVBRN5S476473YZXYC6MTECISBM6J2YIM74IOZ4K74TYJP',
        '--name',
        'nowhere',
      ),
    ).toBe(1);
    expect(complained.join()).toContain('CDFACCFOC7NVBRN5S476473YZXYC6MTECISBM6J2YIM74IOZ4K74TYJP');
  });

  test('more digits than the token has, and rules that exclude each other, register nothing', async () => {
    expect(
      await pools('add', '--contract', contract, '--name', 'x', '--buffer', '0.00000001'),
    ).toBe(1);
    expect(
      await pools(
        'add',
        '--contract',
        contract,
        '--name',
        'x',
        '--hold-seconds',
        '60',
        '--min-signing',
        '60',
      ),
    ).toBe(1);
    expect(complained).toEqual([
      "The buffer has 8 fractional digits; this pool's token has 7.",
      'The least signing time must be shorter than the hold time.',
    ]);
    await pools('list');
    expect(said.join('\n')).not.toContain(contract);
  });
});

describe('quarantine', () => {
  test('every pool that is not closed, with who and why for ever', async () => {
    await pools('add', '--contract', contract, '--name', 'restored');
    const id = idIn(said);
    said.length = 0;
    expect(await pools('quarantine', '--all', '--reason', 'disk snapshot of noon put back')).toBe(
      0,
    );
    expect(said[0]).toMatch(/^[1-9][0-9]* pools are in quarantine\./);
    expect(cells(id)[2]).toBe('quarantined');
    expect(await pools('set', id, '--state', 'paused', '--reason', 'an alarm')).toBe(0);
    expect(cells(id)[2]).toBe('quarantined, then paused');
    // which does not lift it
    expect(await pools('set', id, '--state', 'active', '--reason', 'it was a false alarm')).toBe(0);
    expect(cells(id)[2]).toBe('quarantined');
    expect(complained).toEqual([]);
    const rooms = openHere(); // those that come behind begin in no quarantine
    try {
      for (const pool of await rooms.pools.list())
        await rooms.pools.change(pool.id, { state: 'closed' });
    } finally {
      await rooms.close();
    }
  });
});

describe('set', () => {
  test('changes what is named and leaves the rest', async () => {
    await pools('add', '--contract', contract, '--name', 'mutable', '--hold-seconds', '200');
    const id = idIn(said);
    expect(await pools('set', id, '--state', 'paused', '--buffer', '2')).toBe(0);
    expect(cells(id)).toEqual(expect.arrayContaining(['mutable', 'paused', '3', '2', '200']));
    expect(await pools('set', id, '--min-signing', '200')).toBe(1);
    expect(complained).toEqual(['The least signing time must be shorter than the hold time.']);
  });

  test('the share of a wallet in percent, exact to a hundredth, and the lapses; what is left out stays', async () => {
    await pools('add', '--contract', contract, '--name', 'bounded', '--max-wallet-share', '12.34');
    const id = idIn(said);
    const rules = async (): Promise<unknown> => {
      const rooms = openRooms(
        {
          databaseUrl: database.url,
          rpcUrl: network.rpcUrl,
          networkPassphrase: network.passphrase,
        },
        readConfig({}),
      );
      try {
        const pool = await rooms.pools.find(id);
        return [pool?.maxWalletShareBps, pool?.lapsesMax];
      } finally {
        await rooms.close();
      }
    };
    expect(await rules()).toEqual([1234, 3]);
    expect(await pools('set', id, '--lapses', '0')).toBe(0);
    expect(await pools('set', id, '--max-wallet-share', '0.29')).toBe(0);
    expect(await rules()).toEqual([29, 0]);
    expect(await pools('set', id, '--max-wallet-share', '100')).toBe(0);
    expect(await rules()).toEqual([10_000, 0]);
    for (const wrong of ['0', '0.00', '0.001', '100.01', '101', '-1', '1e1', '5%', ''])
      expect(await pools('set', id, '--max-wallet-share', wrong)).toBe(2);
    for (const wrong of ['-1', '101', '1.5'])
      expect(await pools('set', id, '--lapses', wrong)).toBe(2);
    expect(await rules()).toEqual([10_000, 0]);
  });

  test('an unknown pool', async () => {
    expect(await pools('set', '00000000-0000-7000-8000-000000000000', '--state', 'closed')).toBe(1);
    expect(complained.join()).toContain('There is no pool 00000000-0000-7000-8000-000000000000');
  });
});
