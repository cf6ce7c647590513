import { describe, expect, test } from '@jest/globals';
import type { AuthorizationRule } from './authorization-replies.js';
import type { AuthorizationWorldOptions } from './authorization-state.js';
import { authorizationWorld } from './authorization-world.js';
import { explore, summaryOf } from './explore.js';

/** A run takes less than a minute of one core. The limit allows for two cores with other work. */
const LIMIT_MS = 300_000;

test(
  'under the protocol no amount is freed whose nonce was spent or may still be, and every ' +
    'history ends, whoever lands the entry and whatever one reply says',
  () => {
    const found = explore(authorizationWorld('protocol'));
    process.stdout.write(summaryOf('protocol', found));
    expect(found.history).toBeNull();
    expect(found.states).toBeGreaterThan(100_000);
  },
  LIMIT_MS,
);

test('a funding that was read prevents an end, also after a second lie', () => {
  expect(explore(authorizationWorld('protocol', { afterLie: true })).history).toBeNull();
});

describe('each shortcut breaks a hold, by this shortest history', () => {
  test.each<[AuthorizationRule, AuthorizationWorldOptions, string]>([
    [
      'oneVote',
      {},
      'hold #0 → close 1 → close 2 → judge #0: unspent → close 3 with #0 by a stranger → ' +
        'close 4 → write #0 → judge #0: dead, by a lie in nonce.spent → write #0 expired',
    ],
    [
      'ignoresFence',
      {},
      'hold #0 → close 1 → judge #0: vote → write #0 → judge #0: dead, by a lie in ' +
        'nonce.ledger → write #0 expired',
    ],
    [
      'ignoresUnspent',
      {},
      'hold #0 → close 1 with #0 by a stranger → close 2 → close 3 → close 4 → judge #0: vote ' +
        '→ write #0 → judge #0: dead, by a lie in nonce.ledger → write #0 expired',
    ],
    [
      'ownLandingsOnly',
      {},
      'hold #0 → close 1 → close 2 → close 3 with #0 by a stranger → close 4 → close 5 → quiet',
    ],
    [
      'cancelFrees',
      { requests: 2, liesMost: 0 },
      'hold #0 → cancel #0 → hold #1 → close 1 with #0 by a stranger with #1 by a stranger',
    ],
    [
      'ignoresFunding',
      { afterLie: true },
      'close 5 → judge #0: dead, by a lie in nonce.spent → write #0 expired',
    ],
  ])(
    '%s',
    (rule, options, history) => {
      const found = explore(authorizationWorld(rule, options));
      process.stdout.write(summaryOf(rule, found));
      expect(found.history?.join(' → ')).toBe(history);
    },
    LIMIT_MS,
  );
});
