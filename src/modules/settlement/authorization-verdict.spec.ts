import { describe, expect, test } from '@jest/globals';
import {
  authorizedEvidence as evidence,
  E,
  found,
  landing,
  nonceAt,
  S,
  TTL,
} from '../../../test/support/authorization-evidence.js';
import {
  CONFLICT,
  created,
  failure,
  funded,
  headAt,
  notFound,
  range,
  REFUSED,
  sighting,
  success,
} from '../../../test/support/verdict-evidence.js';
import { authorizationVerdict as verdict } from './authorization-verdict.js';

const IDS = { poolId: 'pool', reservationId: 'hold' };
const OURS = [created, funded];
const FUNDING = { txHash: 'f'.repeat(64), envelopeHash: 'f'.repeat(64), ledger: 55, loanId: 9n };
/** Ledger and close time as `range` dates them. */
const head = (ledger: number) => headAt(range(ledger).latestCloseTime, ledger);

describe('a nonce that is not spent, before the fence', () => {
  test('keeps the hold and stores nothing', () => {
    expect(verdict(evidence({ nonce: nonceAt(55) }))).toMatchObject({
      settlement: null,
      expiry: null,
      why: 'may_still_land',
      alarm: null,
      nonce: null,
    });
  });
  test('at the fence itself is no vote, because the entry may land in that ledger', () => {
    expect(verdict(evidence({ nonce: nonceAt(E), head: head(E) }))).toMatchObject({
      why: 'may_still_land',
      nonce: null,
    });
  });
  test('was not read: nothing is known', () => {
    expect(verdict(evidence({ nonce: null }))).toMatchObject({ why: 'may_still_land' });
    expect(verdict(evidence({ nonce: null, head: head(E + 1) }))).toMatchObject({
      why: 'deadline_passed',
      nonce: null,
    });
  });
  test('two replies of one round raise U, at the older of their ledgers', () => {
    const again = { head: head(57), nonce: nonceAt(57), nonceAgain: nonceAt(58) };
    expect(verdict(evidence(again)).nonce).toEqual({ ...IDS, kind: 'unspent', ledger: 57 });
    const turned = { ...again, nonce: nonceAt(58), nonceAgain: nonceAt(56) };
    expect(verdict(evidence(turned)).nonce).toEqual({ ...IDS, kind: 'unspent', ledger: 56 });
  });
  test.each([
    ['one reply', { nonce: nonceAt(57) }],
    ['the second shows it spent', { nonce: nonceAt(57), nonceAgain: nonceAt(58, 50) }],
    ['the second is after the fence', { nonce: nonceAt(E), nonceAgain: nonceAt(E + 1) }],
    [
      'U is newer already',
      { nonce: nonceAt(57), nonceAgain: nonceAt(58), authorization: { unspentLedger: 57 } },
    ],
  ])('U is not raised when %s', (_, change) => {
    expect(verdict(evidence(change)).nonce).toBeNull();
  });
});

describe('after the fence', () => {
  test('one reply without the entry is a vote, and expires nothing', () => {
    expect(verdict(evidence({ nonce: nonceAt(E + 1), head: head(E + 1) }))).toMatchObject({
      expiry: null,
      why: 'one_vote',
      nonce: { ...IDS, kind: 'vote', ledger: E + 1 },
    });
  });
  test('a second one of a later ledger expires the hold', () => {
    const voted = { authorization: { voteLedger: E + 1 }, head: head(E + 2) };
    expect(verdict(evidence({ ...voted, nonce: nonceAt(E + 2) }))).toMatchObject({
      why: null,
      alarm: null,
      nonce: null,
      expiry: {
        ...IDS,
        envelopeVersion: 1,
        expirationLedger: E,
        firstVoteLedger: E + 1,
        secondVoteLedger: E + 2,
        minTemporaryTtl: TTL,
      },
    });
  });
  test.each([
    ['of the same ledger', { nonce: nonceAt(E + 1) }],
    ['of an earlier ledger than the vote', { nonce: nonceAt(E + 1), vote: E + 2 }],
  ])('a second one %s does not', (_, { nonce, vote = E + 1 }: Second) => {
    const known = { authorization: { voteLedger: vote }, head: head(E + 3) };
    expect(verdict(evidence({ ...known, nonce }))).toMatchObject({ expiry: null, why: 'one_vote' });
  });
  test.each([
    ['no head was read', null],
    ['the believed head has not passed it', head(E)],
  ])('%s: the reply alone is no vote', (_, believed) => {
    const voted = { authorization: { voteLedger: E + 1 }, nonce: nonceAt(E + 2) };
    const known = { knownLedger: E };
    expect(verdict(evidence({ ...voted, head: believed, hold: known }))).toMatchObject({
      expiry: null,
      nonce: null,
      why: 'deadline_passed',
    });
  });
  test('a reply far ahead of the chain is no vote', () => {
    const far = { head: head(E + 1), nonce: nonceAt(E + 26) };
    expect(verdict(evidence(far))).toMatchObject({ why: 'deadline_passed', nonce: null });
    const voted = { ...far, authorization: { voteLedger: E + 1 } };
    expect(verdict(evidence(voted))).toMatchObject({ why: 'deadline_passed', expiry: null });
  });
  test('the network does not say how long a spent nonce shows: nothing is proven', () => {
    const voted = {
      authorization: { voteLedger: E + 1 },
      nonce: nonceAt(E + 2),
      head: head(E + 2),
    };
    expect(verdict(evidence({ ...voted, minTemporaryTtl: null }))).toMatchObject({
      expiry: null,
      why: 'deadline_passed',
    });
  });

  /** The last ledger at which a nonce spent after S must still show. */
  const LAST = S + TTL;
  test('the last ledger in which the entry of a spent nonce must live still counts', () => {
    const voted = { authorization: { voteLedger: LAST - 1 }, head: head(LAST) };
    expect(verdict(evidence({ ...voted, nonce: nonceAt(LAST) })).expiry).toMatchObject({
      secondVoteLedger: LAST,
    });
  });
  test('a later one proves nothing, because the entry may be gone', () => {
    const late = { authorization: { voteLedger: LAST }, head: head(LAST + 1) };
    expect(verdict(evidence({ ...late, nonce: nonceAt(LAST + 1) }))).toMatchObject({
      expiry: null,
      nonce: null,
      why: 'lookup_proves_nothing',
      alarm: 'lookup_proves_nothing',
    });
  });
  test('with U, which was noted in between, it does', () => {
    const noted = { voteLedger: LAST + 5, unspentLedger: E, expirationLedger: E };
    const late = { authorization: noted, head: head(LAST + 6) };
    expect(verdict(evidence({ ...late, nonce: nonceAt(LAST + 6) })).expiry).not.toBeNull();
  });
  test('a node that names a longer lifetime is not believed', () => {
    const late = { authorization: { voteLedger: LAST }, head: head(LAST + 1) };
    expect(
      verdict(evidence({ ...late, nonce: nonceAt(LAST + 1), minTemporaryTtl: 100_000 })),
    ).toMatchObject({ expiry: null, why: 'lookup_proves_nothing' });
  });
  test('a node that names a shorter one only costs time', () => {
    const voted = {
      authorization: { voteLedger: E + 1 },
      nonce: nonceAt(E + 2),
      head: head(E + 2),
    };
    expect(verdict(evidence({ ...voted, minTemporaryTtl: 16 }))).toMatchObject({
      expiry: null,
      why: 'lookup_proves_nothing',
    });
  });
  test('a known funding forbids it, whatever the votes say', () => {
    const voted = {
      authorization: { voteLedger: E + 1 },
      nonce: nonceAt(E + 2),
      head: head(E + 2),
    };
    expect(verdict(evidence({ ...voted, hold: { funding: FUNDING } }))).toMatchObject({
      expiry: null,
      why: 'outcome_disputed',
      alarm: 'outcome_disputed',
    });
  });
  test('a landing that a reply reports as SUCCESS forbids it, even one that proves nothing', () => {
    const doubtful = { ...success(OURS), ...range(E + 2), latestCloseTime: 1n };
    const voted = {
      authorization: { voteLedger: E + 1 },
      nonce: nonceAt(E + 2),
      head: head(E + 2),
    };
    expect(
      verdict(evidence({ ...voted, reports: [{ landing: landing(), report: doubtful }] })),
    ).toMatchObject({ expiry: null, settlement: null, why: 'outcome_disputed' });
  });
});

type Second = { readonly nonce: ReturnType<typeof nonceAt>; readonly vote?: number };

describe('a nonce that shows its entry', () => {
  test('one reply is step 1, and settles nothing', () => {
    expect(verdict(evidence({ nonce: nonceAt(57, 55) }))).toMatchObject({
      settlement: null,
      why: 'landing_not_found',
      alarm: null,
      nonce: { ...IDS, kind: 'spent', ledger: 57, spentLedger: 55 },
    });
  });
  test('a later reply that agrees makes it final', () => {
    const seen = { spent: { ledger: 55, seenLedger: 57 } };
    expect(verdict(evidence({ authorization: seen, nonce: nonceAt(58, 55) })).nonce).toEqual({
      ...IDS,
      kind: 'confirmed',
      ledger: 58,
      spentLedger: 55,
    });
  });
  test('a second reply of the same ledger does not', () => {
    const seen = { spent: { ledger: 55, seenLedger: 57 } };
    expect(verdict(evidence({ authorization: seen, nonce: nonceAt(57, 55) })).nonce).toBeNull();
  });
  test('a later reply that names another ledger discards the first', () => {
    const seen = { spent: { ledger: 55, seenLedger: 57 } };
    expect(verdict(evidence({ authorization: seen, nonce: nonceAt(58, 54) }))).toMatchObject({
      why: 'outcome_disputed',
      nonce: { ...IDS, kind: 'disproved', ledger: 58, was: 57 },
    });
  });
  test.each([
    ['at S or before it', nonceAt(57, S)],
    ['after the fence', nonceAt(E + 5, E + 1)],
    ['after the reply itself', nonceAt(55, 56)],
    ['in a ledger that the node does not say', { ...nonceAt(57, 55), spent: found(null) }],
  ])('spent %s: one lie is stored nowhere and raises the alarm', (_, nonce) => {
    expect(verdict(evidence({ nonce, head: head(E + 5) }))).toMatchObject({
      nonce: null,
      expiry: null,
      alarm: 'outcome_disputed',
    });
  });
  test('a reply far ahead is not stored: no later one could contradict it', () => {
    expect(verdict(evidence({ nonce: nonceAt(5_000, 55), head: head(56) }))).toMatchObject({
      nonce: null,
      alarm: null,
      why: 'may_still_land',
    });
  });
  test.each([
    ['before the fence', 58, 'disproved'],
    ['after the fence, while it must still live', E + 3, 'disproved'],
    ['when it may be gone', 55 + TTL, undefined],
  ])('a later reply without it, %s', (_, ledger, kind) => {
    const seen = { spent: { ledger: 55, seenLedger: 57 } };
    const now = evidence({ authorization: seen, nonce: nonceAt(ledger), head: head(ledger) });
    expect(verdict(now)).toMatchObject({ expiry: null, settlement: null });
    expect(verdict(now).nonce?.kind).toBe(kind);
  });
  test('after the fence it discards the votes', () => {
    const voted = { authorization: { voteLedger: E + 1 }, head: head(E + 2) };
    expect(verdict(evidence({ ...voted, nonce: nonceAt(E + 2, 55) }))).toMatchObject({
      expiry: null,
      nonce: { kind: 'spent', spentLedger: 55 },
    });
  });
  test('a nonce that is spent for good never expires, and is searched for a while', () => {
    const spent = {
      state: 'spent',
      spent: { ledger: 55, seenLedger: 57 },
      voteLedger: E + 1,
    } as const;
    const at = (ledger: number) =>
      verdict(evidence({ authorization: spent, nonce: nonceAt(ledger), head: head(ledger) }));
    expect(at(79)).toMatchObject({ expiry: null, why: 'landing_not_found', alarm: null });
    expect(at(80)).toMatchObject({ expiry: null, alarm: 'landing_not_found' });
  });
});

describe('a landing that was found', () => {
  const on = (report: ReturnType<typeof success>, change: Parameters<typeof evidence>[0] = {}) =>
    verdict(
      evidence({ nonce: nonceAt(60, 55), reports: [{ landing: landing(), report }], ...change }),
    );
  test('with our events settles the hold, with what it cost', () => {
    expect(on(success(OURS))).toMatchObject({
      settlement: {
        ...IDS,
        envelopeHash: landing().hash,
        settledLedger: 55,
        closeTime: 990n,
        loanId: 9n,
        feeBump: false,
        feeCharged: 90_000n,
      },
      why: null,
      alarm: null,
      nonce: null,
    });
  });
  test('settles, also when a reply about the nonce hides it', () => {
    expect(on(success(OURS), { nonce: nonceAt(60) }).settlement).not.toBeNull();
  });
  test('without our events is alarmed', () => {
    expect(on(success([created]))).toMatchObject({
      settlement: null,
      alarm: 'success_without_our_events',
    });
  });
  test.each([
    ['after the fence', { ledger: E + 1, closeTime: 1055n, ...range(E + 2) }, {}],
    ['before it was built', { ledger: 44, closeTime: 970n }, {}],
    ['after its maxTime', {}, { maxTime: 980n }],
    ['after the reply itself', { ledger: 61, closeTime: 1050n }, {}],
  ])('%s it proves nothing and is alarmed', (_, change, own) => {
    const report = { ...success(OURS), ...change };
    const reports = [{ landing: landing({ maxTime: 2_000n, ...own }), report }];
    expect(verdict(evidence({ reports }))).toMatchObject({
      settlement: null,
      alarm: 'outcome_disputed',
    });
  });
  test('with a close time that a known ledger contradicts proves nothing', () => {
    expect(on(success(OURS), { times: [{ ledger: 55, closeTime: 991n }] })).toMatchObject({
      settlement: null,
      disputes: [{ seen: { ledger: 55, closeTime: 990n }, known: { ledger: 55, closeTime: 991n } }],
    });
    expect(on(success(OURS), { times: [{ ledger: 60, closeTime: 1n }] })).toMatchObject({
      settlement: null,
      disputes: [{ known: { ledger: 60 } }],
    });
  });
});

describe("a stranger's transaction", () => {
  const other = (report: ReturnType<typeof success>, change: Parameters<typeof evidence>[0] = {}) =>
    verdict(
      evidence({
        hold: { funding: FUNDING },
        nonce: nonceAt(60, 55),
        funded: { hash: FUNDING.envelopeHash, report },
        ...change,
      }),
    );
  test('that the funding event names settles the hold', () => {
    expect(other(success(OURS)).settlement).toMatchObject({
      envelopeHash: FUNDING.envelopeHash,
      settledLedger: 55,
      loanId: 9n,
    });
  });
  test("that carries the entry without using it settles nothing: the borrower's own loan", () => {
    const unused = { nonce: nonceAt(60) };
    expect(other(success(OURS), unused)).toMatchObject({ settlement: null, nonce: null });
    const later = { nonce: nonceAt(60, 57) };
    expect(other(success(OURS), later)).toMatchObject({
      settlement: null,
      nonce: { kind: 'spent', spentLedger: 57 },
    });
    expect(other(success(OURS), { nonce: null })).toMatchObject({ settlement: null });
  });
  test('settles by a nonce that was seen spent before; the first sight of it is stored with it', () => {
    const seen = { nonce: null, authorization: { spent: { ledger: 55, seenLedger: 58 } } };
    expect(other(success(OURS), seen)).toMatchObject({
      settlement: { settledLedger: 55 },
      nonce: null,
    });
    expect(other(success(OURS)).nonce).toEqual({
      ...IDS,
      kind: 'spent',
      ledger: 60,
      spentLedger: 55,
    });
  });
  test('around one of our landings needs no word about the nonce', () => {
    const landings = [landing({ hash: FUNDING.envelopeHash, state: 'dead' })];
    const hold = { funding: FUNDING, landings };
    expect(other(success(OURS), { nonce: null, hold })).toMatchObject({
      settlement: { settledLedger: 55 },
    });
  });
  test.each([
    ['it has other events', success([created])],
    ['it is of a ledger after the fence', { ...success(OURS), ledger: E + 1, ...range(E + 2) }],
    ['it is not found', notFound(60)],
    ['it failed', failure(REFUSED)],
  ])('settles nothing when %s', (_, report) => {
    expect(other(report)).toMatchObject({ settlement: null, expiry: null });
  });
  test('our landing that is not found meanwhile is not called dead', () => {
    const ours = landing({ hash: FUNDING.envelopeHash, maxTime: 900n });
    expect(
      verdict(
        evidence({
          hold: { funding: FUNDING },
          head: head(50),
          reports: [{ landing: ours, report: notFound(60) }],
        }),
      ),
    ).toMatchObject({ deaths: [], steps: [] });
  });
});

describe('a landing that failed', () => {
  const on = (
    report: ReturnType<typeof failure>,
    own: Parameters<typeof landing>[0] = {},
    change: Parameters<typeof evidence>[0] = {},
  ) =>
    verdict(
      evidence({ nonce: nonceAt(60), reports: [{ landing: landing(own), report }], ...change }),
    );
  test('by one reply stays in flight', () => {
    expect(on(failure(CONFLICT))).toMatchObject({
      failures: [],
      sightings: [{ ...IDS, number: 1, was: null, sighting: { seenLedger: 60, ledger: 55 } }],
      why: 'may_still_land',
    });
  });
  test('by two replies may be landed again, and the hold stays', () => {
    expect(on(failure(CONFLICT), { sighting: sighting(CONFLICT) })).toMatchObject({
      settlement: null,
      expiry: null,
      why: 'may_still_land',
      failures: [
        {
          ...IDS,
          number: 1,
          failedLedger: 55,
          cause: CONFLICT,
          feeCharged: 90_000n,
          seenAt: [59, 60],
        },
      ],
    });
  });
  test('by decision of a contract keeps the hold too: the contract may change its mind', () => {
    expect(on(failure(REFUSED), { sighting: sighting(REFUSED) })).toMatchObject({
      expiry: null,
      failures: [{ cause: REFUSED }],
    });
  });
  test('by two replies that differ is disputed', () => {
    expect(on(failure(CONFLICT), { sighting: sighting(CONFLICT, { ledger: 54 }) })).toMatchObject({
      failures: [],
      alarm: 'outcome_disputed',
    });
  });
  test('although its funding event was read is disputed', () => {
    const own = { sighting: sighting(CONFLICT), hash: FUNDING.envelopeHash };
    expect(on(failure(CONFLICT), own, { hold: { funding: FUNDING } })).toMatchObject({
      failures: [],
      alarm: 'outcome_disputed',
    });
  });
  test('without an effect is alarmed, and dies by its time', () => {
    const invalid = failure(CONFLICT, { applied: false, ...range(60) });
    expect(on(invalid)).toMatchObject({ failures: [], deaths: [], alarm: 'failed_without_effect' });
    expect(
      on(invalid, { passedLedger: 57, passedCloseTime: 1_001n, maxTime: 1_000n }),
    ).toMatchObject({ deaths: [{ number: 1 }], alarm: 'failed_without_effect' });
  });
});

describe('a landing that is not found', () => {
  const on = (
    latest: number,
    own: Parameters<typeof landing>[0] = {},
    change: Parameters<typeof evidence>[0] = {},
  ) =>
    verdict(
      evidence({
        nonce: nonceAt(latest),
        reports: [{ landing: landing(own), report: notFound(latest) }],
        ...change,
      }),
    );
  test('before its time stays in flight', () => {
    expect(on(49, {}, { head: head(49) })).toMatchObject({ deaths: [], steps: [] });
  });
  test('once its time has passed, dies two ledgers later', () => {
    expect(on(51, {}, { head: head(51) })).toMatchObject({
      deaths: [],
      steps: [{ number: 1, passedLedger: 51, passedCloseTime: 1_005n, voteLedger: null }],
    });
    const passed = { passedLedger: 51, passedCloseTime: 1_005n };
    expect(on(52, passed)).toMatchObject({ deaths: [], steps: [] });
    expect(on(53, passed)).toMatchObject({
      deaths: [{ number: 1, passedLedger: 51, passedCloseTime: 1_005n, voteLedger: 53 }],
      expiry: null,
    });
  });
  test('dies also when the node has forgotten its ledgers: no amount depends on it', () => {
    const passed = { landing: landing({ passedLedger: 51, passedCloseTime: 1_005n }) };
    expect(
      verdict(evidence({ nonce: nonceAt(59), reports: [{ ...passed, report: notFound(59, 58) }] })),
    ).toMatchObject({ deaths: [{ number: 1 }] });
  });
  test('discards a failure that was seen before', () => {
    expect(on(61, { sighting: sighting(CONFLICT) }, { head: head(E) })).toMatchObject({
      sightings: [{ was: 59, sighting: null }],
    });
  });
});

describe('steps that rest on ledgers which do not exist', () => {
  const newest = { head: head(50), nonce: nonceAt(51) };
  test.each([
    ['U', { unspentLedger: E, issuedAfterLedger: 10 }],
    ['a vote', { voteLedger: E + 90 }],
    ['a spent nonce', { spent: { ledger: 50, seenLedger: 90 } }],
    ['one that two replies showed', { state: 'spent', spent: { ledger: 50, seenLedger: 90 } }],
  ] as const)('%s is discarded, and nothing is decided by it', (_, stored) => {
    const ground = { ...newest, ...('unspentLedger' in stored && { head: head(30) }) };
    const known = ground.head.ledger + 24;
    expect(verdict(evidence({ ...ground, authorization: stored }))).toMatchObject({
      settlement: null,
      expiry: null,
      nonce: { ...IDS, kind: 'doubted', ledger: known },
    });
  });
  test('U is never after the newest known ledger', () => {
    const ahead = { head: head(50), nonce: nonceAt(55), nonceAgain: nonceAt(55) };
    expect(verdict(evidence(ahead)).nonce).toEqual({ ...IDS, kind: 'unspent', ledger: 50 });
  });
  test('the deadline of a landing is proven anew', () => {
    const stored = landing({ passedLedger: 900, passedCloseTime: 9_999n, maxTime: 900n });
    expect(
      verdict(evidence({ head: head(50), reports: [{ landing: stored, report: notFound(51) }] })),
    ).toMatchObject({ deaths: [], steps: [{ passedLedger: 50 }] });
  });
});

describe('a node that is behind', () => {
  const known = { hold: { knownLedger: 70 } };
  const voted = { authorization: { voteLedger: E + 1 }, head: head(70) };
  test.each([
    ['the nonce', { nonce: nonceAt(E + 2) }],
    ['the second reply about it', { nonce: nonceAt(70), nonceAgain: nonceAt(69) }],
    ['a landing', { nonce: nonceAt(71), reports: [{ landing: landing(), report: notFound(69) }] }],
    ['the funding', { nonce: nonceAt(71), funded: { hash: 'f', report: success(OURS) } }],
  ])('about %s proves nothing', (_, change) => {
    expect(verdict(evidence({ ...known, ...voted, ...change }))).toEqual({
      settlement: null,
      expiry: null,
      why: 'node_behind',
      alarm: null,
      nonce: null,
      failures: [],
      deaths: [],
      steps: [],
      sightings: [],
      disputes: [],
    });
  });
  test('far behind serves another chain', () => {
    expect(verdict(evidence({ hold: { knownLedger: 100 }, nonce: nonceAt(62) }))).toMatchObject({
      expiry: null,
      nonce: null,
      alarm: 'chain_went_backwards',
    });
  });
});
