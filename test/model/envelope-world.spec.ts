import { describe, expect, test } from '@jest/globals';
import { explore, summaryOf } from './explore.js';
import { envelopeWorld, type EnvelopeRule } from './envelope-world.js';

/** A run takes a few seconds on a free machine. The limit allows for two cores with other work. */
const LIMIT_MS = 120_000;

test(
  'under the protocol several envelopes, fee bumps, late snapshots and late verdicts break no hold',
  () => {
    const found = explore(envelopeWorld('protocol'));
    process.stdout.write(summaryOf('protocol', found));
    expect(found.history).toBeNull();
    expect(found.states).toBeGreaterThan(150_000);
  },
  LIMIT_MS,
);

describe('each shortcut breaks a hold, by this shortest history', () => {
  test.each<[EnvelopeRule, string]>([
    [
      'guardStateOnly',
      'hold #0 → close 1 with #0.0 trapped → judge #0: all are dead → rebuild with the ' +
        'next sequence #0 → write #0 released → hold #1 → close 2 with #0.1 with #1.0',
    ],
    [
      'firstDeadline',
      'hold #0 → close 1 → rebuild #0 → close 2 → judge #0: the first T has passed → write ' +
        '#0 released → hold #1 → close 3 with #0.1 with #1.0',
    ],
    [
      'anyFailure',
      'hold #0 → close 1 with #0.0 trapped → rebuild with the next sequence #0 → judge #0: ' +
        'one failed → write #0 released → hold #1 → close 2 with #0.1 with #1.0',
    ],
    ['rebuildAhead', 'hold #0 → rebuild ahead #0 → close 1 with #0.0 → close 2 with #0.1'],
    [
      'outerHashOnly',
      'hold #0 → close 1 with #0.0 bumped → judge #0: all are dead → write #0 released → ' +
        'hold #1 → close 2 with #1.0',
    ],
    [
      'landingByOneReply',
      'hold #0 → close 1 with #0.0 → judge #0: landed in 0, by a lie in landing.ledger → ' +
        'write #0 settled → hold #1 → close 2 with #1.0',
    ],
    [
      'sequenceByOneReply',
      'hold #0 → judge #0: sequence used, by a lie in account.sequence → write #0 released ' +
        '→ hold #1 → close 1 with #0.0 with #1.0',
    ],
  ])(
    '%s',
    (rule, history) => {
      const found = explore(envelopeWorld(rule));
      process.stdout.write(summaryOf(rule, found));
      expect(found.history?.join(' → ')).toBe(history);
    },
    LIMIT_MS,
  );
});
