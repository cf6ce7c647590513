import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { ReconciliationLedger } from '../../src/modules/liquidity/snapshots/reconciliation-ledger.js';
import { ContractWatch } from '../../src/modules/settlement/contract-watch.js';
import type { LinkState } from '../../sandbox/network/instance-writes.js';
import {
  type Answer,
  ask,
  dueIn,
  givenBorrowers,
  type GivenPool,
  givenPool,
  givenService,
  loanBody,
  observe,
  postLoan,
  type Service,
} from '../support/given.js';

/**
 * Links between the contracts of a pool break on the local network (docs/protocol.md#contracts-broken):
 * the watch says what is broken and stops the pool, until the link is mended and an operator resumes.
 */
let service: Service;
let watch: ContractWatch;
let alarms: { readonly name: string; readonly facts: Readonly<Record<string, unknown>> }[] = [];
beforeAll(async () => {
  service = await givenService();
  const connections = service.app.get(LedgerConnections, { strict: false });
  watch = new ContractWatch(
    {
      ledger: new ReconciliationLedger(connections, 15_000),
      pools: service.registry,
      chain: service.chain,
      guards: service.ledger.guards,
    },
    { raise: (name, facts) => alarms.push({ name, facts }) },
  );
});
afterAll(() => service.stop());
beforeEach(() => {
  alarms = [];
});

type Generation = 'g1' | 'g2' | 'g3';
type Link = 'creditline' | 'pool' | 'token' | 'vendor_registry' | 'reputation' | 'parameters';
const poolOf = (generation: Generation): Promise<GivenPool> =>
  givenPool(service, {
    profile: 'stepfi',
    ...(generation !== 'g1' && { generation }),
    decimals: 0,
    deposit: 10_000n,
  });
const setLink = (of: GivenPool, to: Link, state: LinkState): unknown =>
  service.network.control.instances.setLink({ pool: of.contract, to, state });
const page = async (of: GivenPool): Promise<unknown> =>
  (await ask(service, { url: `/pools/${of.pool.id}` })).body['state'];
function post(of: GivenPool): Promise<Answer> {
  const [borrower] = givenBorrowers(service, of.contract, { tokens: 5_000n, score: 95 });
  if (!borrower) throw new Error('a borrower was asked for');
  const schedule = [{ amount: '200', dueAt: dueIn(30) }];
  return postLoan(
    service,
    loanBody(of, borrower, { totalAmount: '200', guaranteeAmount: '100', schedule }),
  );
}

describe.each<readonly [Generation, Link, LinkState, Readonly<Record<string, unknown>>]>([
  ['g2', 'creditline', 'missing', { contract: 'pool', number: 9, name: 'NotCreditLine' }],
  ['g3', 'creditline', 'other', { contract: 'pool', number: 9, name: 'NotCreditLine' }],
  ['g2', 'pool', 'missing', { contract: 'lending_contract', number: null, name: 'OtherPool' }],
  ['g2', 'token', 'none', { contract: 'lending_contract', number: 15, name: 'TokenNotConfigured' }],
  [
    'g1',
    'vendor_registry',
    'none',
    { contract: 'lending_contract', number: 16, name: 'InvalidVendor' },
  ],
  ['g3', 'vendor_registry', 'other', { contract: 'lending_contract', number: 17 }],
  ['g2', 'reputation', 'missing', { contract: 'lending_contract', name: 'ReputationMissing' }],
  ['g3', 'reputation', 'none', { contract: 'lending_contract', number: 20 }],
  ['g2', 'parameters', 'none', { contract: 'lending_contract', number: 20 }],
  ['g1', 'parameters', 'missing', { contract: 'lending_contract', number: 20 }],
])('of %s, the link to the %s that is %s', (generation, to, state, broken) => {
  test('stops the pool at the next watch, with an alarm, until it is mended and resumed', async () => {
    const of = await poolOf(generation);
    await watch.watch(of.pool);
    expect([alarms, await page(of)]).toEqual([[], 'active']);

    setLink(of, to, state);
    await watch.watch(of.pool);
    expect(alarms).toMatchObject([
      { name: 'contracts_broken', facts: { pool: of.pool.id, ...broken } },
    ]);
    expect(await page(of)).toBe('paused');
    expect(
      (await ask(service, { url: `/pools/${of.pool.id}/reconciliations` })).body,
    ).toMatchObject({ pauses: [{ reason: 'contracts_broken', facts: broken }] });
    expect(await post(of)).toMatchObject({ status: 409, body: { code: 'POOL_PAUSED' } });

    setLink(of, to, 'own');
    await watch.watch(of.pool);
    expect(alarms).toHaveLength(1);
    await service.registry.change(of.pool.id, { state: 'active' });
    await observe(service, of.pool);
    expect((await post(of)).status).toBe(201);
  });
});

test('a loan that meets a missing contract first is told which link is broken', async () => {
  const of = await poolOf('g2');
  setLink(of, 'reputation', 'missing');
  expect(await post(of)).toMatchObject({
    status: 502,
    body: { code: 'CONTRACTS_BROKEN', contract: 'lending_contract', name: 'ReputationMissing' },
  });
  expect(await page(of)).toBe('paused');
});

test('what a generation does not need is not broken: it lends by its defaults', async () => {
  const [g3, g2] = [await poolOf('g3'), await poolOf('g2')];
  setLink(g3, 'parameters', 'none');
  setLink(g2, 'parameters', 'none'); // and the watch never saw one
  for (const of of [g3, g2]) {
    await watch.watch(of.pool);
    await observe(service, of.pool);
    expect((await post(of)).status).toBe(201);
  }
  expect(alarms).toEqual([]);
});

test('one reply that names a broken link stops nothing', async () => {
  const of = await poolOf('g2');
  setLink(of, 'reputation', 'missing');
  const lie = await service.chain.brokenLinks(of.pool);
  setLink(of, 'reputation', 'own');
  const brokenLinks = service.chain.brokenLinks.bind(service.chain);
  let lies = 1;
  service.chain.brokenLinks = (pool) => (lies-- > 0 ? Promise.resolve(lie) : brokenLinks(pool));
  try {
    await watch.watch(of.pool);
  } finally {
    service.chain.brokenLinks = brokenLinks;
  }
  expect([lie.length, alarms, await page(of)]).toEqual([1, [], 'active']);
});
