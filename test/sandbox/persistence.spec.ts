import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { crc32 } from 'node:zlib';
import { Keypair, xdr } from '@stellar/stellar-sdk';
import { codeKey, instanceOf } from '../../sandbox/network/ledger-entries.js';
import { DataFolder } from '../../sandbox/network/data-folder.js';
import { altered, Authorizations } from '../support/authorizations.js';
import { LendingNetwork, outcome, TOKEN } from '../support/lending-network.js';
import { startNetwork, type NetworkOptions } from '../../sandbox/network/network.js';
import { fileOf } from '../../src/common/places.js';

let folder: string;
const started: LendingNetwork[] = [];
const start = async (options: NetworkOptions = {}): Promise<LendingNetwork> => {
  const lending = await LendingNetwork.start({ folder, ...options });
  started.push(lending);
  return lending;
};
const log = (): string => path.join(folder, 'ledgers.log');
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-network-'));
});
afterEach(async () => {
  for (const lending of started.splice(0)) await lending.stop(); // stopping twice is harmless
  rmSync(folder, { recursive: true, force: true });
});

/** A line of the log as it was before code had entries. */
function withoutCode(line: string): string {
  const read = JSON.parse(line.slice(9)) as { changes?: readonly (readonly [string])[] };
  const changes = read.changes?.filter(
    ([key]) => xdr.LedgerKey.fromXdr(key, 'base64').type !== 'contractCode',
  );
  const text = JSON.stringify({ ...read, changes });
  return `${crc32(text).toString(16).padStart(8, '0')} ${text}`;
}

describe('a second start', () => {
  it('knows contract accounts and spent nonces', async () => {
    const lending = await start();
    const { pool } = lending.pool;
    const request = { pool, count: 1, tokens: 1_000n * TOKEN, score: 90 };
    const [wallet] = lending.network.control.signers.makeWallets(request).wallets;
    if (!wallet) throw new Error('one was asked for');
    const authorizations = new Authorizations(lending, lending.borrower(0));
    const entry = await authorizations.signed(lending.borrower(1));
    const call = lending.call(lending.borrower(1).publicKey());
    await lending.land([await authorizations.transaction(call, [entry])]);
    const spent = await authorizations.nonce(entry);
    expect(spent).toBeDefined();
    await lending.stop();
    await lending.open({ folder });
    expect(await authorizations.nonce(entry)).toEqual(spent);
    const walletCall = lending.call(wallet.address);
    const [asked] = await authorizations.recorded(walletCall);
    if (!asked) throw new Error('nothing to sign');
    const until = authorizations.head + 9;
    const signature = Keypair.fromSecret(wallet.secret).sign(authorizations.payload(asked, until));
    const signed = altered(asked, { until, signature: xdr.ScVal.scvBytes(signature) });
    const [landed] = await lending.land([await authorizations.transaction(walletCall, [signed])]);
    expect(landed?.status).toBe('SUCCESS');
  });

  it('finds chain, pools, contract code and travelled time, and continues from there', async () => {
    const lending = await start();
    const loan = await lending.loan(lending.borrower(0), { maxTime: lending.closeTime + 900 });
    await lending.send(loan);
    lending.network.control.travel(500);
    const before = lending.network.control.state();
    const hash = (await lending.server.getLatestLedger()).id;
    await lending.stop();

    await lending.open({ folder });
    expect(lending.network.control.state()).toEqual(before);
    expect((await lending.server.getLatestLedger()).id).toBe(hash);
    expect(outcome(await lending.landed(loan))).toBe('txSuccess/invokeHostFunctionSuccess');
    const next = await lending.loan(lending.borrower(1), { maxTime: lending.closeTime + 900 });
    await lending.send(next);
    await lending.network.closeLedgers();
    expect(outcome(await lending.landed(next))).toBe('txSuccess/invokeHostFunctionSuccess');
    expect(lending.network.control.figures(lending.pool.pool)).toMatchObject({ loanCounter: '2' });
    await lending.stop();
  });

  it('gives a chain of an older version the entries of its code, in a ledger of their own', async () => {
    const lending = await start();
    const { ledger } = lending.network.control.head();
    await lending.stop();
    const lines = readFileSync(log(), 'utf8').trimEnd().split('\n');
    writeFileSync(log(), `${lines.map(withoutCode).join('\n')}\n`);
    await lending.open({ folder });
    expect(lending.network.control.head().ledger).toBe(ledger + 1);
    const { entries } = await lending.server.getLedgerEntries(lending.instance(lending.pool.pool));
    const { executable } = instanceOf(entries[0]!.val);
    if (executable.type !== 'contractExecutableWasm') throw new Error('no Wasm');
    const code = await lending.server.getLedgerEntries(codeKey(executable.value.toBytes()).key);
    expect(code.entries).toHaveLength(1);
    await lending.stop();
  });

  it('drops a torn last line, whose ledger was never reported, and closes that ledger again', async () => {
    const lending = await start();
    const { ledger } = await lending.network.closeLedgers(2);
    await lending.stop();
    truncateSync(log(), statSync(log()).size - 7);
    await lending.open({ folder });
    expect(lending.network.control.head().ledger).toBe(ledger - 1);
    expect((await lending.network.closeLedgers()).ledger).toBe(ledger);
    await lending.stop();
    appendFileSync(log(), '00000000 {"sequence":');
    await lending.open({ folder });
    expect(lending.network.control.head().ledger).toBe(ledger);
    await lending.stop();
  });

  it('refuses a log that is damaged before its end, instead of continuing with less', async () => {
    const network = await startNetwork({ folder });
    await network.closeLedgers(3);
    await network.close();
    const bytes = readFileSync(log());
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    writeFileSync(log(), bytes);
    await expect(startNetwork({ folder })).rejects.toThrow('damaged at byte 0');
  });

  it('closes a ledger at once when a timer is set, so that no caller gets a time long past', async () => {
    const lending = await start();
    const { ledger } = lending.network.control.head();
    await lending.stop();
    lending.clock += 5000;
    await lending.open({ folder, closeSeconds: 3600 });
    expect(lending.network.control.head()).toEqual({
      ledger: ledger + 1,
      closeTime: lending.clock,
    });
  });
});

describe('the log on the disk', () => {
  it('does not report a ledger that could not be written', async () => {
    const lending = await start();
    const before = lending.network.control.head();
    await lending.stop(); // the file is closed now
    await expect(lending.network.closeLedgers()).rejects.toThrow('the ledger log is closed');
    expect(() => lending.network.control.travel(10)).toThrow('the ledger log is closed');
    expect(lending.network.control.state()).toMatchObject({ ...before, timeOffset: 0 });
  });

  it('rewrites a long log with the same content', async () => {
    const lending = await start({ retentionLedgers: 50 });
    const loan = await lending.loan(lending.borrower(0));
    await lending.send(loan);
    await lending.network.closeLedgers(200);
    const { ledger } = lending.network.control.head();
    const size = statSync(log()).size;
    const before = lending.network.control.state();
    await lending.stop();
    await lending.open({ folder, retentionLedgers: 50 });
    expect(statSync(log()).size).toBeLessThan(size);
    const after = lending.network.control.state();
    expect(after).toEqual({ ...before, oldestLedger: ledger - 49 });
    expect((await lending.landed(loan)).status).toBe('NOT_FOUND');
    await lending.stop();
    await lending.open({ folder, retentionLedgers: 50 });
    expect(lending.network.control.state()).toEqual(after);
    await lending.stop();
  });
});

describe('a process of its own', () => {
  const main = fileOf('network');
  const running: ChildProcess[] = [];
  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
  });

  async function startProcess(): Promise<{ child: ChildProcess; rpcUrl: string }> {
    const child = spawn(process.execPath, [main], {
      env: { PATH: '', DATA_DIR: folder, LOCAL_LEDGER_SECONDS: '0.05' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.push(child);
    for await (const line of createInterface({ input: child.stdout! }))
      if (line.includes('control')) break;
    const facts = JSON.parse(readFileSync(path.join(folder, 'network.json'), 'utf8')) as {
      pid: number;
      rpcUrl: string;
    };
    expect(facts.pid).toBe(child.pid);
    expect(statSync(path.join(folder, 'network.json')).mode & 0o777).toBe(0o600);
    return { child, rpcUrl: facts.rpcUrl };
  }
  async function latest(
    rpcUrl: string,
  ): Promise<{ latestLedger: number; latestLedgerCloseTime: string }> {
    const reply = await fetch(rpcUrl, {
      method: 'POST',
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getHealth' }),
    });
    return (
      (await reply.json()) as { result: { latestLedger: number; latestLedgerCloseTime: string } }
    ).result;
  }

  it('takes the passphrase it is given, and refuses a chain that began with another', async () => {
    const start = (passphrase: string, ...more: string[]): ChildProcess => {
      const child = spawn(process.execPath, [main, ...more], {
        env: { PATH: '', DATA_DIR: folder, LOCAL_NETWORK_PASSPHRASE: passphrase },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      running.push(child);
      return child;
    };
    const first = start('of the environment', '--network-passphrase', 'of the option');
    const said: string[] = [];
    for await (const line of createInterface({ input: first.stdout! })) {
      said.push(line);
      if (line.includes('control')) break;
    }
    expect(said.join()).toContain('passphrase  of the option');
    first.kill('SIGTERM');
    await once(first, 'exit');
    const other = start('of the environment');
    const errors = createInterface({ input: other.stderr! });
    const [line] = (await once(errors, 'line')) as [string];
    expect(line).toContain('began with another passphrase');
    expect(await once(other, 'exit')).toEqual([1, null]);
  });

  it('loses no reported ledger when it is killed, and the next process takes the folder over', async () => {
    const first = await startProcess();
    let spoken = await latest(first.rpcUrl);
    while (spoken.latestLedger < 5) spoken = await latest(first.rpcUrl);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const second = await startProcess();
    const found = await latest(second.rpcUrl);
    expect(found.latestLedger).toBeGreaterThanOrEqual(spoken.latestLedger);
    expect(Number(found.latestLedgerCloseTime)).toBeGreaterThanOrEqual(
      Number(spoken.latestLedgerCloseTime),
    );
    second.child.kill('SIGTERM');
    expect(await once(second.child, 'exit')).toEqual([0, null]);
    expect(existsSync(path.join(folder, 'network.json'))).toBe(false);
  });

  it('is the only process of its folder', async () => {
    const { child } = await startProcess();
    expect(() => DataFolder.claim(folder)).toThrow(`in use by process ${child.pid}`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const claimed = DataFolder.claim(folder);
    expect(() => DataFolder.claim(folder)).toThrow('in use by process');
    claimed.release();
  });
});
