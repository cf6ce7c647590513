import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Chain } from '../../src/modules/chain/chain.js';
import { OperatorResolution } from '../../src/modules/settlement/operator-resolution.js';
import { type AuthorizedHold, AuthorizationStage } from '../support/authorization-stage.js';
import { chainOver, reservationNow, settlementOn } from '../support/settlement-stage.js';

/** The service slept until the entry of a spent nonce may be gone, and no event was read. */
let on: AuthorizationStage;
beforeEach(async () => {
  on = await AuthorizationStage.open({ holdSeconds: 60 });
});
afterEach(() => on.end());

const now = ({ reservationId }: AuthorizedHold) => reservationNow(on.stage, reservationId);
const land = (hold: AuthorizedHold) =>
  on.stage.network.control.signers.land({ entry: hold.signedEntryXdr, close: true });
async function slept(ledgers = 800): Promise<void> {
  await on.close(ledgers);
  on.stage.network.control.travel(120); // past the estimate of the fence
}
async function contractState() {
  const { settlement, alarms } = settlementOn(on.stage);
  const applied = await settlement.resolveForgotten(on.pool, await on.stage.chain.head());
  return { applied, alarms: alarms.map(({ name }) => name) };
}
const operator = (own: Partial<Chain> = {}) =>
  new OperatorResolution(
    {
      ledger: on.stage.under.ledger,
      pools: on.stage.under.registry,
      chain: chainOver(on.stage, own),
      settlement: settlementOn(on.stage).settlement,
    },
    { raise: () => undefined },
  );
const statement = (hold: AuthorizedHold, change: object) => ({
  reservationId: hold.reservationId,
  as: 'settled' as const,
  ledger: null,
  loanId: null,
  envelopeHash: null,
  reason: 'seen in an explorer of the network',
  by: 'tester',
  ...change,
});

describe("the contract's own list", () => {
  test('without the loan expires the hold', async () => {
    const hold = await on.held();
    await slept();
    await on.observe();
    expect(await contractState()).toMatchObject({ applied: { expired: 1 } });
    expect(await now(hold)).toMatchObject({
      state: 'expired',
      evidence: { certificate: 'contract_state', loansRead: 0 },
    });
  });
  test('with the loan settles it, though no transaction is known', async () => {
    const hold = await on.held();
    land(hold);
    await slept();
    await on.observe();
    expect(await contractState()).toMatchObject({ applied: { settled: 1 } });
    expect(await now(hold)).toMatchObject({
      state: 'settled',
      evidence: { certificate: 'contract_state', transactionHash: null, by: 'other' },
    });
  });
  test('does not say to which of two equal holds of a wallet a loan belongs', async () => {
    await on.stage.under.registry.change(on.pool.id, { holdsPerWallet: 2 });
    const one = await on.held();
    const other = await on.held(one);
    land(one);
    await slept();
    await on.observe();
    expect(await on.loansOf(one)).toBe(1);
    expect(await contractState()).toEqual({
      applied: { settled: 0, released: 0, expired: 0 },
      alarms: ['loans_ambiguous', 'loans_ambiguous'],
    });
    const landed = one.authorization.issuedAfterLedger + 1;
    expect(await operator().resolve(statement(one, { ledger: landed, loanId: 1n }))).toMatchObject({
      kind: 'resolved',
      state: 'settled',
      alarm: 'loans_ambiguous',
    });
    // the only loan has its hold now
    expect(await contractState()).toMatchObject({ applied: { settled: 0, expired: 1 } });
    expect(await now(other)).toMatchObject({ state: 'expired' });
  });
  test('decides nothing before the fence, and nothing that votes can still prove', async () => {
    const hold = await on.held();
    on.stage.network.control.travel(120);
    await on.close(1);
    expect(await contractState()).toMatchObject({ applied: { expired: 0, settled: 0 } });
    await on.close(hold.authorization.expirationLedger + 1 - on.head);
    expect(await contractState()).toMatchObject({ applied: { expired: 0, settled: 0 } });
    expect(await now(hold)).toMatchObject({ state: 'held' });
  });
});

describe('an operator', () => {
  test('is refused before the fence, because the chain will decide', async () => {
    const hold = await on.held();
    expect(await operator().resolve(statement(hold, { as: 'expired' }))).toMatchObject({
      kind: 'refused',
      why: 'nothing_for_a_person',
      sentence: expect.stringContaining(`ledger ${hold.authorization.expirationLedger}`),
    });
  });
  test('learns what the list proves, and that is written', async () => {
    const hold = await on.held();
    await slept();
    await on.observe();
    expect(await operator().resolve(statement(hold, { as: 'expired' }))).toMatchObject({
      kind: 'proven',
      state: 'expired',
    });
  });
  test('may state the end that nothing proves, unless a reply contradicts it', async () => {
    const hold = await on.held();
    await slept();
    await on.observe();
    // the list cannot be read
    const resolution = operator({ borrowerLoans: () => Promise.resolve(null) });
    const { expirationLedger } = hold.authorization;
    expect(
      await resolution.resolve(statement(hold, { ledger: expirationLedger + 1 })),
    ).toMatchObject({ kind: 'refused', why: 'ledger_impossible' });
    expect(await resolution.resolve(statement(hold, { as: 'released' }))).toMatchObject({
      kind: 'refused',
      why: 'sequence_not_consumed',
    });
    expect(await resolution.resolve(statement(hold, { as: 'expired' }))).toEqual({
      kind: 'resolved',
      state: 'expired',
      alarm: 'lookup_proves_nothing',
    });
    expect(await now(hold)).toMatchObject({
      state: 'expired',
      evidence: { certificate: 'operator', by: 'tester' },
    });
  });
  test('ends a hold whose nonce two replies showed as spent, if the list has no loan', async () => {
    const hold = await on.held();
    await on.close();
    const spentLedger = on.head;
    const lying = chainOver(on.stage, {
      minTemporaryTtl: () => on.stage.chain.minTemporaryTtl(),
      nonces: (list) =>
        Promise.resolve(
          list.map((each) => ({
            ...each,
            ledger: on.head,
            spent: { ledger: spentLedger, liveUntil: spentLedger + 719 },
          })),
        ),
    });
    await on.close();
    await on.observe(lying);
    await on.close();
    await on.observe(lying);
    expect((await on.live(hold))?.authorization).toMatchObject({ state: 'spent' });
    await slept();
    await on.observe();
    expect(await now(hold)).toMatchObject({ state: 'held' });
    const expired = statement(hold, { as: 'expired' });
    const unread = operator({ borrowerLoans: () => Promise.resolve(null) });
    expect(await unread.resolve(expired)).toMatchObject({ kind: 'refused', why: 'loan_exists' });
    expect(await operator().resolve(expired)).toMatchObject({
      kind: 'resolved',
      state: 'expired',
      alarm: 'landing_not_found',
    });
    expect(await now(hold)).toMatchObject({
      state: 'expired',
      evidence: { certificate: 'operator', loansRead: 0 },
    });
    expect(await on.stage.under.ledger.guards.differences(on.pool.id)).toEqual([]);
  });
});
