import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { contractCode } from '../../../sandbox/contracts/registry.js';
import { codeEntry } from '../../../sandbox/network/ledger-entries.js';
import { modelWasm } from '../../../sandbox/network/model-wasm.js';
import { PASSPHRASE, ScriptedChain } from '../../../test/support/scripted-chain.js';
import { codeKey, ContractCodeReader } from './contract-code.js';
import { RpcClient } from './rpc-client.js';

const pool = contractCode('stepfi', 7).get('pool');
if (!pool) throw new Error('there is no pool');
const WASM = modelWasm(pool, 'a pool');
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const HASH = hashOf(WASM);

let node: ScriptedChain;
let reader: ContractCodeReader;
beforeEach(async () => {
  node = new ScriptedChain();
  reader = new ContractCodeReader(
    new RpcClient({
      rpcUrl: await node.rpc.start(),
      networkPassphrase: PASSPHRASE,
      timeoutMs: 2_000,
    }),
  );
});
afterEach(() => node.rpc.stop());
const give = (hash: string, code: Uint8Array): void => {
  node.put(codeKey(hash), codeEntry(Buffer.from(hash, 'hex'), code));
};

test('functions and their numbers of arguments are read from the Wasm, once for each hash', async () => {
  give(HASH, WASM);
  const found = (await reader.read([HASH])).get(HASH);
  expect(found?.functions.get('fund_loan')).toBe(3);
  expect(found?.functions.get('distribute_interest')).toBe(1);
  expect(found?.functions.has('absorb_loss')).toBe(false);
  await reader.read([HASH, HASH]);
  expect(node.rpc.countOf('getLedgerEntries')).toBe(1);
});

test('other code under the hash is refused: one reply cannot name a generation', async () => {
  const other = Buffer.from(WASM);
  other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
  give(HASH, other);
  await expect(reader.read([HASH])).rejects.toMatchObject({
    code: 'CHAIN_UNREACHABLE',
    message: expect.stringContaining('is other code') as unknown,
  });
});

test('code without a description shows no function, and code that the node lacks is absent', async () => {
  const bare = Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  give(hashOf(bare), bare);
  const found = await reader.read([hashOf(bare), HASH]);
  expect(found.get(hashOf(bare))?.functions.size).toBe(0);
  expect(found.has(HASH)).toBe(false);
});
