import { describe, expect, test } from '@jest/globals';
import { explore, summaryOf } from './explore.js';
import { holdWorld, type HoldRule } from './hold-world.js';

/** A run takes a few seconds on a free machine. The limit allows for two cores with other work. */
const LIMIT_MS = 120_000;

test(
  'under the protocol no transaction with a hold ever reverts for lack of liquidity',
  () => {
    const found = explore(holdWorld('protocol'));
    process.stdout.write(summaryOf('protocol', found));
    expect(found.history).toBeNull();
    expect(found.states).toBeGreaterThan(150_000);
  },
  LIMIT_MS,
);

describe('each shortcut breaks a hold, by this shortest history', () => {
  test.each<[HoldRule, string]>([
    [
      'dropOnSettle',
      'hold #0 → hold #1 → close 1 with #0 → settle #0 → hold #2 → close 2 with #1 #2',
    ],
    ['wallClock', 'hold #0 → hold #1 → expire #0 → hold #2 → close 1 with #0 #1 #2'],
    ['cancelFrees', 'hold #0 → hold #1 → cancel #0 → hold #2 → close 1 with #0 #1 #2'],
    [
      'noTimebounds',
      'hold #0 → hold #1 → close 1 → close 2 → close 3 → expire #0 → hold #2 → close 4 with #0 #1 #2',
    ],
    [
      'oneReplyDates',
      'hold #0 → hold #1 → step one by a lie in head.time #0 → close 1 → expire #0 → hold #2 → ' +
        'close 2 with #0 #1 #2',
    ],
    [
      'snapshotByOneReply',
      'hold #0 → hold #1 → read ledger 1, by a lie in figures.ledger → close 1 with #0 → ' +
        'store the snapshot of ledger 1 → settle #0 → hold #2 → close 2 with #1 #2',
    ],
  ])(
    '%s',
    (rule, history) => {
      const found = explore(holdWorld(rule));
      process.stdout.write(summaryOf(rule, found));
      expect(found.history?.join(' → ')).toBe(history);
    },
    LIMIT_MS,
  );
});
