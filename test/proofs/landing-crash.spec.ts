import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AuthorizedHold, AuthorizationStage } from '../support/authorization-stage.js';
import { LandingProcess } from '../support/landing-process.js';
import { reservationNow } from '../support/settlement-stage.js';

/**
 * Kills a real worker process at each step of a landing: no loan lands twice, and none is lost. A
 * second process with the same channels does the rest.
 */
const HOLDS = 3;
let on: AuthorizationStage;
let survivor: LandingProcess;
beforeAll(async () => {
  on = await AuthorizationStage.open({ channels: HOLDS });
  survivor = await LandingProcess.start(on);
}, 60_000);
afterAll(async () => {
  await survivor.kill();
  await on.end();
});

async function signedHolds(): Promise<AuthorizedHold[]> {
  const holds: AuthorizedHold[] = [];
  while (holds.length < HOLDS) holds.push(await on.signed());
  return holds;
}
const landingsOf = async (holds: readonly AuthorizedHold[]) =>
  (await Promise.all(holds.map((hold) => on.landings(hold)))).flat();
const submissions = async (holds: readonly AuthorizedHold[]): Promise<(string | null)[]> =>
  (await landingsOf(holds)).map(({ submission }) => submission);
const statesOf = async (holds: readonly AuthorizedHold[]): Promise<string[]> =>
  Promise.all(
    holds.map(async ({ reservationId }) => {
      const { state } = await reservationNow(on.stage, reservationId);
      return String(state);
    }),
  );
const closeAndObserve = async (): Promise<void> => {
  await on.close();
  await survivor.round('observe');
};

/** Everything landed, once, and at the first try. */
async function assertLandedOnce(holds: readonly AuthorizedHold[]): Promise<void> {
  expect(await statesOf(holds)).toEqual(holds.map(() => 'settled'));
  for (const hold of holds) {
    expect(await on.landings(hold)).toMatchObject([{ state: 'landed' }]);
    expect(await on.loansOf(hold)).toBe(1);
  }
  expect(await on.stage.under.ledger.guards.differences(on.pool.id)).toEqual([]);
  const channels = await on.registry.list(on.pool.network);
  expect(channels.map(({ inFlight }) => inFlight)).toEqual(channels.map(() => null));
}

/** Where the lander dies, how many landings it leaves, and whether the node has one of them. */
const DEATHS = [
  ['landing.chosen', 0, false],
  ['landing.built', 0, false],
  ['transaction.committing', 0, false],
  ['landing.stored', HOLDS, false],
  ['landing.sent', HOLDS, true],
  ['landing.noted', HOLDS, true],
] as const;

describe('kill -9 of the process that lands', () => {
  test.each(DEATHS)(
    'at %s: %i of the landings are stored, and each loan lands once',
    async (step, stored, sent) => {
      const holds = await signedHolds();
      const doomed = await LandingProcess.start(on, { CRASH_AT: step });
      expect(await doomed.dies('land')).toBe('SIGKILL');
      const noted = step === 'landing.noted' ? 'PENDING' : null;
      expect(await submissions(holds)).toEqual(Array.from({ length: stored }, () => noted));
      // what was sent lands before anyone knows, and the lander comes before the observer
      if (sent) await on.close();
      const loans = await Promise.all(holds.map((hold) => on.loansOf(hold)));
      expect(Math.max(...loans)).toBe(sent ? 1 : 0);
      await survivor.round('land');
      expect(await landingsOf(holds)).toHaveLength(HOLDS);
      await closeAndObserve();
      await assertLandedOnce(holds);
    },
    120_000,
  );

  test.each([['landing.found'], ['transaction.committing'], ['transaction.committed']])(
    'by the observer at %s, after the ledger: the next one settles each hold, once',
    async (step) => {
      const holds = await signedHolds();
      await survivor.round('land');
      await on.close();
      const doomed = await LandingProcess.start(on, { CRASH_AT: step });
      expect(await doomed.dies('observe')).toBe('SIGKILL');
      const settled = step === 'transaction.committed' ? ['held', 'settled'] : ['held'];
      expect(settled).toEqual(expect.arrayContaining(await statesOf(holds)));
      await survivor.round('land');
      await survivor.round('observe');
      await assertLandedOnce(holds);
    },
    120_000,
  );
});

describe('two processes share the channels', () => {
  test.each([['landing.built'], ['landing.stored'], ['landing.sent']])(
    'one stands still at %s while the other lands everything: it does nothing afterwards',
    async (step) => {
      const holds = await signedHolds();
      const slow = await LandingProcess.start(on, { HALT_AT: step });
      try {
        const { goOn } = await slow.halts('land');
        await survivor.round('land');
        await closeAndObserve();
        await assertLandedOnce(holds);
        const before = await submissions(holds);
        await goOn();
        expect(await submissions(holds)).toEqual(before);
        await closeAndObserve();
        await assertLandedOnce(holds);
      } finally {
        await slow.kill();
      }
    },
    120_000,
  );

  test('one dies before its COMMIT while the other waits for the same channels', async () => {
    const holds = await signedHolds();
    const slow = await LandingProcess.start(on, { HALT_AT: 'transaction.committing' });
    await slow.halts('land');
    const waiting = survivor.round('land');
    await lockWaited();
    await slow.kill();
    await waiting;
    expect(await submissions(holds)).toEqual(holds.map(() => 'PENDING'));
    await closeAndObserve();
    await assertLandedOnce(holds);
  }, 120_000);
});

/** Resolves when a backend of the database waits for a lock of another one. */
async function lockWaited(): Promise<void> {
  for (;;) {
    const { rows } = await on.stage.under.connections.read.query<{ waits: boolean }>(
      `select exists (select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock') as waits`,
    );
    if (rows[0]?.waits === true) return;
  }
}
