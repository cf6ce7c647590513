import { expect, test } from '@jest/globals';
import type { ChainEvent, EventData } from '../../chain.js';
import { TRAITS } from './generations.js';
import { factsOf } from './pool-events.js';

const contracts = { poolContract: 'CPOOL', lendingContract: 'CLENDER', tokenContract: 'CTOKEN' };
const proposed = (id: string, contract: string, data: EventData): ChainEvent => ({
  id,
  ledger: 7,
  txHash: 'a'.repeat(64),
  contract,
  name: 'UPGDPRP',
  topics: ['UPGDPRP'],
  data,
});

test('a proposed upgrade of an unknown shape is unreadable, of either contract', () => {
  const readable = proposed('1', 'CPOOL', ['ab'.repeat(32), '100', '260']);
  const facts = factsOf(
    TRAITS.g3,
    [readable, proposed('2', 'CPOOL', { hash: 'ab' }), proposed('3', 'CLENDER', 'soon')],
    contracts,
  );
  expect(facts.notices).toEqual([
    { kind: 'upgrade_proposed', event: readable, wasmHash: 'ab'.repeat(32), unlocksAt: 260n },
  ]);
  expect(facts.unreadable).toEqual(['2', '3']);
});
