import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Keypair, type Transaction } from '@stellar/stellar-sdk';
import { LendingNetwork, outcome, TOKEN } from '../support/lending-network.js';

const LANDED = 'txSuccess/invokeHostFunctionSuccess';

let lending: LendingNetwork;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-reset-'));
  lending = await LendingNetwork.start({ folder });
});
afterEach(async () => {
  await lending.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Reset {
  readonly ledger: number;
  readonly pools: readonly { readonly pool: string; readonly creditline: string }[];
}
async function reset(body: object = {}): Promise<Reset> {
  const response = await fetch(`${lending.network.controlUrl}/reset`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return (await response.json()) as Reset;
}
/** People for the pool, and a loan of one of them that lands. */
async function lend(): Promise<Transaction> {
  const { control } = lending.network;
  const { pool } = lending.pool;
  lending.vendor = control.makeVendors({ pool, count: 1 }).vendors[0] ?? '';
  lending.borrowers = control
    .makeBorrowers({ pool, count: 1, tokens: 10_000n * TOKEN, score: 90 })
    .borrowers.map(({ secret }) => Keypair.fromSecret(secret));
  const loan = await lending.loan(lending.borrower(0));
  expect((await lending.land([loan])).map(outcome)).toEqual([LANDED]);
  return loan;
}
const nothingOf = async (loan: Transaction, pool: string, borrower: Keypair): Promise<void> => {
  expect((await lending.landed(loan)).status).toBe('NOT_FOUND');
  expect((await lending.server.getLedgerEntries(lending.instance(pool))).entries).toEqual([]);
  await expect(lending.server.getAccount(borrower.publicKey())).rejects.toThrow('not found');
  expect((await lending.server.getEvents({ startLedger: 1, filters: [] })).events).toEqual([]);
};

describe('a network that begins again', () => {
  it('has ledger 1, its passphrase and a later time, and nothing of the old chain', async () => {
    const loan = await lend();
    const [borrower, { pool }] = [lending.borrower(0), lending.pool];
    const [waiting, before] = [
      await lending.loan(borrower, { total: 500n * TOKEN }),
      lending.closeTime,
    ];
    await lending.send(waiting);
    await lending.network.closeLedgers(3);
    expect(await reset()).toMatchObject({ ledger: 1, pools: [] });
    await nothingOf(loan, pool, borrower);
    expect(await lending.server.getHealth()).toMatchObject({ latestLedger: 1, oldestLedger: 1 });
    expect((await lending.server.getNetwork()).passphrase).toBe(lending.network.passphrase);
    expect(lending.closeTime).toBeGreaterThan(before);
    expect(lending.network.control.state()).toMatchObject({ queued: 0, pools: [] });

    lending.pool = lending.network.control.deployPool({
      profile: 'scaled',
      decimals: 7,
      deposit: 10_000n * TOKEN,
    });
    expect(lending.pool.pool).not.toBe(pool);
    await lend();
    expect((await lending.server.fundAddress(Keypair.random().publicKey())).status).toBe('SUCCESS');
  });

  it('has no surge, no other least lifetime', async () => {
    const { conditions } = lending.network.control;
    conditions.setSurge({ soroban: '900', classic: '100', queueFull: true });
    conditions.setSettings({ minPersistentTtl: 10 });
    await reset();
    expect(conditions.current()).toMatchObject({ surge: null, minPersistentTtl: 120_960 });
  });

  it('can have its pools at their old addresses, with new figures and new people', async () => {
    const { pool: second } = lending.network.control.deployPool({
      profile: 'trustup',
      decimals: 0,
      deposit: 0n,
    });
    const { pool: third } = lending.network.control.deployPool({
      profile: 'stepfi',
      decimals: 0,
      deposit: 0n,
      generation: 'g3',
    });
    const loan = await lend();
    const [borrower, first] = [lending.borrower(0), lending.pool];
    const { pools } = await reset({ sameAddresses: true, deposit: '2000' });
    expect(pools.map(({ pool }) => pool)).toEqual([first.pool, second, third]);
    expect(pools[2]).toMatchObject({ generation: 'g3' });
    expect(pools[0]).toMatchObject({ creditline: first.creditline });
    expect((await lending.landed(loan)).status).toBe('NOT_FOUND');
    expect(lending.network.control.figures(first.pool)).toMatchObject({
      total: String(2_000n * TOKEN),
      locked: '0',
      loanCounter: '0',
    });
    await lend();
    expect(lending.borrower(0).publicKey()).not.toBe(borrower.publicKey());
    expect(lending.network.control.figures(first.pool)).toMatchObject({ loanCounter: '1' });
  });

  it('stays so when it is started again', async () => {
    await lend();
    await reset({ sameAddresses: true });
    const state = lending.network.control.state();
    await lending.stop();
    await lending.open({ folder });
    expect(lending.network.control.state()).toEqual(state);
    await lending.stop();
    rmSync(folder, { recursive: true });
    const { pool } = lending.pool;
    await lending.open({ folder });
    expect(lending.network.control.state()).toMatchObject({ ledger: 1, pools: [] });
    lending.pool = lending.network.control.deployPool({
      profile: 'scaled',
      decimals: 7,
      deposit: 10_000n * TOKEN,
    });
    expect(lending.pool.pool).not.toBe(pool);
  });
});
