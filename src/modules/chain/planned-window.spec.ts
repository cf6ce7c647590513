import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  borrower,
  chainOn,
  fundingRequest,
  ScriptedChain,
  windowOf,
} from '../../../test/support/scripted-chain.js';
import { HoldfastError } from '../../common/errors.js';
import type { WantedWindow } from './chain.js';
import { accountKey } from './ledger-entries.js';
import type { SorobanChain } from './soroban-chain.js';

let node: ScriptedChain;
let chain: SorobanChain;
let nodeAsked: Promise<void>;
beforeEach(async () => {
  node = new ScriptedChain();
  nodeAsked = new Promise((resolve) => {
    node.rpc.answers['simulateTransaction'] = () => {
      resolve();
      return node.simulated();
    };
  });
  chain = chainOn(await node.rpc.start());
});
afterEach(() => node.rpc.stop());

describe('a window that is still being planned', () => {
  test('the node is asked meanwhile, and the transaction has that window', async () => {
    const window = nodeAsked.then(() => windowOf(7));
    expect(await chain.buildFunding(fundingRequest({ window }))).toMatchObject({
      kind: 'built',
      funding: { window: { loans: 7 } },
    });
  });

  test.each([
    ['has no such account', () => node.drop(accountKey(borrower.publicKey()))],
    ['fails', () => delete node.rpc.answers['getLedgerEntries']],
  ])('and is full refuses before what the node says, which %s', async (_, spoil) => {
    spoil();
    const full = new HoldfastError('COUNTER_WINDOW_FULL', 'No transaction has room for one more.');
    const window = nodeAsked.then((): WantedWindow => {
      throw full;
    });
    await expect(chain.buildFunding(fundingRequest({ window }))).rejects.toBe(full);
  });
});
