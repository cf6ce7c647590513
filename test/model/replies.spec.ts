import { expect, test } from '@jest/globals';
import {
  lies,
  proveLanding,
  proveSequence,
  proveStep,
  proveVotes,
  readAt,
  type TimeRules,
} from './replies.js';

const AGREE: TimeRules = { replies: 'agree', snapshot: 'confirmed' };
const ONE: TimeRules = { replies: 'one', snapshot: 'itself' };
const named = (list: Iterable<{ reply: string; field: string; by: number }>): string[] =>
  [...list].map(({ reply, field, by }) => `${reply}.${field} ${by}`);

test('honest replies prove the same by both rules', () => {
  for (const rules of [AGREE, ONE]) {
    expect(proveStep(rules, { ledger: 5, isFound: false, deadline: 5 }, null)).toBe(5);
    expect(proveStep(rules, { ledger: 4, isFound: false, deadline: 5 }, null)).toBeNull();
    expect(proveVotes(rules, { ledger: 6, isFound: false, deadline: 5, step: 5 }, null)).toBe(true);
    expect(readAt(rules, 7, null)).toBe(7);
    expect(proveLanding(rules.replies, 3, null)).toBe(3);
    expect(proveSequence(rules.replies, { consumed: 1, wanted: 1 }, null)).toBe(true);
  }
});

test('no lie in one field of one reply proves anything false; when one reply suffices, these do', () => {
  const step = { ledger: 4, isFound: false, deadline: 9 };
  const wrong = (rules: TimeRules) => ({
    step: named([...lies(['head', 'look'])].filter((lie) => proveStep(rules, step, lie) !== null)),
    votes: named(
      [...lies(['firstVote', 'secondVote'])].filter(
        (lie) =>
          proveVotes(rules, { ...step, step: 4 }, lie) ||
          proveVotes(rules, { ledger: 10, isFound: true, deadline: 9, step: 9 }, lie),
      ),
    ),
    snapshot: named(
      [...lies(['head', 'figures'])].filter((lie) => (readAt(rules, 20, lie) ?? 20) > 20),
    ),
    landing: named(
      [...lies(['landing', 'laterLanding'])].filter(
        (lie) => (proveLanding(rules.replies, 20, lie) ?? 20) !== 20,
      ),
    ),
    sequence: named(
      [...lies(['account', 'laterAccount'])].filter((lie) =>
        proveSequence(rules.replies, { consumed: 1, wanted: 2 }, lie),
      ),
    ),
  });
  expect(wrong(AGREE)).toEqual({ step: [], votes: [], snapshot: [], landing: [], sequence: [] });
  expect(wrong(ONE)).toEqual({
    step: ['head.time 9'],
    votes: [],
    snapshot: ['figures.ledger 1', 'figures.ledger 9'],
    landing: ['landing.ledger 1', 'landing.ledger 9', 'landing.ledger -1', 'landing.ledger -9'],
    sequence: ['account.sequence 1', 'account.sequence 9'],
  });
});
