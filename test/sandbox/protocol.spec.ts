import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rpc, xdr } from '@stellar/stellar-sdk';
import { referredEntry } from '../../sandbox/network/executable-reference.js';
import { contractDataValue, instanceOf } from '../../sandbox/network/ledger-entries.js';
import { LendingNetwork, outcome } from '../support/lending-network.js';

const LANDED = 'txSuccess/invokeHostFunctionSuccess';

let lending: LendingNetwork;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-protocol-'));
  lending = await LendingNetwork.start({ folder }, { borrowers: 4 });
});
afterEach(async () => {
  await lending.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function control(route: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${lending.network.controlUrl}${route}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, unknown>;
}
const upgraded = (): Promise<unknown> => control('/settings', { protocolVersion: 28 });
async function call(method: string, params: object = {}): Promise<Record<string, unknown>> {
  const response = await fetch(lending.network.rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  return ((await response.json()) as { result: Record<string, unknown> }).result;
}
async function versions(): Promise<unknown[]> {
  const latest = await call('getLatestLedger');
  const header = xdr.LedgerHeader.fromXdr(String(latest['headerXdr']), 'base64');
  return [
    (await call('getNetwork'))['protocolVersion'],
    latest['protocolVersion'],
    header.ledgerVersion,
  ];
}

describe('a protocol upgrade', () => {
  it('shows in what a node and the headers from there on name, and stays', async () => {
    expect(await versions()).toEqual([27, 27, 27]);
    await upgraded();
    expect(await versions()).toEqual([28, 28, 28]);
    await control('/faults', { name: 'node_lags', parameters: { ledgers: 1 } });
    expect(await versions()).toEqual([27, 27, 27]);
    await lending.stop();
    await lending.open({ folder });
    expect(await versions()).toEqual([28, 28, 28]);
    expect((await lending.land([await lending.loan(lending.borrower(0))])).map(outcome)).toEqual([
      LANDED,
    ]);
  });
});

describe('code by reference', () => {
  const byReference = (more: object = {}): Promise<Record<string, unknown>> =>
    control('/executables', { pool: lending.pool.pool, contract: 'creditline', ...more });
  const executable = async (): Promise<xdr.ContractExecutable> => {
    const key = lending.instance(lending.pool.creditline);
    const [entry] = (await lending.server.getLedgerEntries(key)).entries;
    if (!entry) throw new Error('no instance');
    return instanceOf(entry.val).executable;
  };

  it('is named by an entry of another contract, which the footprint needs', async () => {
    const before = await lending.loan(lending.borrower(0));
    const direct = await executable();
    if (direct.type !== 'contractExecutableWasm') throw new Error(direct.type);
    await upgraded();
    const { wasmHash } = await byReference();
    expect(wasmHash).toBe(Buffer.from(direct.value.toBytes()).toString('hex'));
    const named = referredEntry(await executable());
    if (!named) throw new Error('no reference');
    const [entry] = (await lending.server.getLedgerEntries(named.key)).entries;
    const value = entry && contractDataValue(entry.val);
    expect(value?.type === 'scvBytes' && Buffer.from(value.value.toBytes()).toString('hex')).toBe(
      wasmHash,
    );
    const [late, after] = await lending.land([before, await lending.loan(lending.borrower(1))]);
    expect(late && outcome(late)).toBe('txFailed/invokeHostFunctionTrapped');
    expect(after && outcome(after)).toBe(LANDED);
    await byReference({ byReference: false });
    expect(await executable()).toEqual(direct);
    expect((await lending.land([await lending.loan(lending.borrower(2))])).map(outcome)).toEqual([
      LANDED,
    ]);
  });

  it('is restored with the entry that names it, and ends with an upgrade', async () => {
    await upgraded();
    await byReference();
    const { pool } = lending.pool;
    const lifetimes = { pool, code: ['creditline'], ledgers: 0 };
    expect(await control('/lifetimes', lifetimes)).toMatchObject({ entries: 2 });
    await lending.network.closeLedgers(1);
    const [reply] = await lending.land([await lending.loan(lending.borrower(0))]);
    expect(reply && outcome(reply)).toBe(LANDED);
    expect(await control('/upgrades', { pool, contract: 'creditline' })).toMatchObject({
      succeeded: true,
    });
    expect((await executable()).type).toBe('contractExecutableWasm');
  });

  it('can be changed by its owner alone: the instance stays as it is', async () => {
    await upgraded();
    await byReference();
    expect(lending.network.control.state()).toMatchObject({
      pools: [{ creditlineGeneration: 'g1' }],
    });
    const instance = await executable();
    expect(await byReference({ wasmHash: '0'.repeat(64) })).toEqual({
      detail: `no code has this hash: ${'0'.repeat(64)}`,
    });
    const pool = lending.instance(lending.pool.pool);
    const [entry] = (await lending.server.getLedgerEntries(pool)).entries;
    const other = entry && instanceOf(entry.val).executable;
    if (other?.type !== 'contractExecutableWasm') throw new Error('no code');
    await byReference({ wasmHash: Buffer.from(other.value.toBytes()).toString('hex') });
    expect(await executable()).toEqual(instance);
    const reply = await lending.server.simulateTransaction(
      await lending.draft(lending.borrower(0)),
    );
    expect('error' in reply && reply.error).toContain('Error(WasmVm, MissingValue)');
  });
});

describe('an executable that no SDK knows', () => {
  it('makes the entry unreadable, and only that entry', async () => {
    const { pool, creditline } = lending.pool;
    await control('/faults', { name: 'unknown_executable', parameters: { contracts: [pool] } });
    await expect(lending.server.getLedgerEntries(lending.instance(pool))).rejects.toThrow(
      'unknown enum value 9',
    );
    const { entries } = await lending.server.getLedgerEntries(lending.instance(creditline));
    expect(entries).toHaveLength(1);
    const raw = (await call('getLedgerEntries', {
      keys: [lending.instance(pool).toXdr('base64')],
    })) as { entries: rpc.Api.RawLedgerEntryResult[] };
    expect(raw.entries).toHaveLength(1);
    expect(() => xdr.LedgerEntryData.fromXdr(raw.entries[0]?.xdr ?? '', 'base64')).toThrow(
      'unknown enum value 9',
    );
    // the network itself goes on
    expect((await lending.land([await lending.loan(lending.borrower(0))])).map(outcome)).toEqual([
      LANDED,
    ]);
  });
});
