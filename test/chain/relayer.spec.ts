import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/common/config.js';
import { RelayerSender, senderFrom } from '../../src/modules/chain/landing-sender.js';
import { AuthorizationStage, type AuthorizedHold } from '../support/authorization-stage.js';
import { type RelayerFault, StandInRelayer } from '../support/relayer.js';
import { assertEndsLogged, reservationNow } from '../support/settlement-stage.js';

/** Landings in fee bumps of a relayer, on a network whose ledgers are closed by hand. */
let on: AuthorizationStage;
let relayer: StandInRelayer;
beforeEach(async () => {
  on = await AuthorizationStage.open();
  relayer = await StandInRelayer.start(on.stage.network);
});
afterEach(async () => {
  await relayer.stop();
  await on.end();
});

const now = ({ reservationId }: AuthorizedHold) => reservationNow(on.stage, reservationId);
const landerOf = (key = relayer.options.key) =>
  on.lander({
    sender: new RelayerSender({ ...relayer.options, key }),
    options: { balanceMin: 10n ** 15n },
  });
async function closeAndObserve(): Promise<void> {
  await on.close();
  await on.observe();
}

test('a landing is stored, relayed, found by its own hash, and paid by the relayer', async () => {
  const hold = await on.signed();
  const balances = async (): Promise<(bigint | null | undefined)[]> => {
    const states = await on.stage.chain.channels([...on.accounts, relayer.fund]);
    return [...on.accounts, relayer.fund].map((account) => states.get(account)?.balance);
  };
  const before = await balances();
  const { lander, alarms } = landerOf();
  expect(await lander.round()).toEqual({ issued: 1, submitted: 1, again: true });
  const [stored] = await on.landings(hold);
  expect(stored).toMatchObject({ state: 'open', submission: 'PENDING', inclusionFee: 100 });
  expect(relayer.relayed).toEqual([stored?.hash]);
  await closeAndObserve();
  const [landing] = await on.landings(hold);
  expect(landing).toMatchObject({ state: 'landed', ledger: on.head });
  expect(await now(hold)).toMatchObject({
    state: 'settled',
    evidence: { transactionHash: stored?.hash, by: 'landing', feeBump: true },
  });
  const after = await balances();
  expect(after.slice(0, -1)).toEqual(before.slice(0, -1)); // the channels paid nothing
  expect(BigInt(before.at(-1) ?? 0) - BigInt(after.at(-1) ?? 0)).toBe(
    BigInt(landing?.feeCharged ?? 0),
  );
  expect(alarms).toEqual([]); // a channel needs no XLM for fees
  expect(await on.reconcile()).toEqual([]);
  await assertEndsLogged(on.stage, 'all');
  expect(await lander.round()).toEqual({ issued: 0, submitted: 0, again: false });
  expect(await on.loansOf(hold)).toBe(1);
});

test('three land in one ledger, each with room for the others', async () => {
  const holds = [await on.signed(), await on.signed(), await on.signed()];
  await landerOf().lander.round();
  await closeAndObserve();
  for (const hold of holds) {
    expect(await now(hold)).toMatchObject({ state: 'settled', settled_ledger: String(on.head) });
    expect(await on.landings(hold)).toMatchObject([{ state: 'landed', room: 2 }]);
  }
});

describe('a relayer that fails once', () => {
  const faults: readonly (readonly [RelayerFault, string | null])[] = [
    ['busy', 'TRY_AGAIN_LATER'],
    ['refuses', 'ERROR'],
    ['forgets', 'PENDING'],
    ['html', null],
    ['cut', null],
    ['answer lost', null],
  ];
  test.each(faults)('%s: the landing is sent again, and lands once', async (fault, status) => {
    const hold = await on.signed();
    relayer.faults.push(fault);
    const { lander } = landerOf();
    expect(await lander.round()).toMatchObject({ issued: 1 });
    expect(await on.landings(hold)).toMatchObject([{ state: 'open', submission: status }]);
    for (let ledger = 0; ledger < 5; ledger++) {
      await closeAndObserve();
      await lander.round();
    }
    expect(await on.landings(hold)).toMatchObject([{ state: 'landed' }]);
    expect(await now(hold)).toMatchObject({ state: 'settled' });
    expect(await on.loansOf(hold)).toBe(1);
  });
});

test('a landing that is relayed twice lands once', async () => {
  const hold = await on.signed();
  const { lander } = landerOf();
  await lander.round();
  relayer.faults.push('answer lost');
  await on.stage.under.connections.read.query(
    `update landings set submission_status = 'TRY_AGAIN_LATER', submission_ledger = 1`,
  );
  await lander.round();
  expect(relayer.relayed).toHaveLength(2);
  await closeAndObserve();
  expect(await on.landings(hold)).toMatchObject([{ state: 'landed' }]);
  expect(await on.loansOf(hold)).toBe(1);
});

test('with a key that the relayer does not know, nothing lands and the hold stays', async () => {
  const hold = await on.signed();
  await landerOf('another key').lander.round();
  await closeAndObserve();
  expect(await on.landings(hold)).toMatchObject([{ state: 'open', submission: 'ERROR' }]);
  expect(await now(hold)).toMatchObject({ state: 'held' });
});

describe('the configuration', () => {
  const of = (env: NodeJS.ProcessEnv) => senderFrom(readConfig(env), on.stage.chain).payer;
  test('names the relayer and its key, or the node is used', () => {
    const { url: RELAYER_URL } = relayer.options;
    expect(of({})).toBe('channel');
    expect(of({ LANDER: 'relayer', RELAYER_URL, RELAYER_API_KEY: 'k' })).toBe('relayer');
    for (const lacks of [{}, { RELAYER_URL }, { RELAYER_API_KEY: 'k' }])
      expect(() => of({ LANDER: 'relayer', ...lacks })).toThrow('LANDER=relayer needs');
  });
});
