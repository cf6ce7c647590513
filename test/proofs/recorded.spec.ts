import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Host } from '../../sandbox/contracts/host.js';
import { contractCode } from '../../sandbox/contracts/registry.js';
import { ABSENT_FUNCTIONS, KEPT_DIFFERENCES, STORY } from '../support/recorded-differences.js';
import { codeOf } from '../support/recorded-code.js';
import type { Aspect, Difference } from '../support/recorded-entries.js';
import { recorded } from '../support/recorded.js';
import { replayStory, type StoryReplay } from '../support/recorded-story.js';

/** A story is about 290 steps and takes seconds; a busy machine takes longer. */
const PATIENCE = 120_000;

const place = ({ step, aspect }: Pick<Difference, 'step' | 'aspect'>): string =>
  `${step}: ${aspect}`;

describe.each(['g1', 'g2', 'g3'] as const)(
  'the story of %s on the contracts of the sandbox',
  (generation) => {
    const expected = STORY[generation];
    const kept = new Set(
      KEPT_DIFFERENCES.filter(({ generations }) => generations.includes(generation)).flatMap(
        ({ steps, aspects }) =>
          steps.flatMap((step) => aspects.map((aspect) => place({ step, aspect }))),
      ),
    );
    let replay: StoryReplay;
    beforeAll(() => {
      replay = replayStory(recorded(generation));
    }, PATIENCE);

    it('ends every step as recorded, except for the listed differences', () => {
      expect(replay.differences.filter((difference) => !kept.has(place(difference)))).toEqual([]);
    });

    it('lists no difference that no longer exists', () => {
      const found = new Set(replay.differences.map(place));
      expect([...kept].filter((each) => !found.has(each))).toEqual([]);
      expect(replay.differences).toHaveLength(expected.differences);
    });

    it('leaves out only steps that something else than the contracts decided', () => {
      expect(replay.outside).toEqual(expected.outside);
    });

    // a comparison that is never made finds nothing
    it.each(Object.entries(expected.compared))('compares %s %i times', (aspect, times) => {
      expect(replay.compared[aspect as Aspect]).toBe(times);
    });
  },
);

describe('a replay', () => {
  const recording = recorded('g1');

  it(
    'finds the limits of another profile',
    () => {
      const found = replayStory(recording, contractCode('scaled', 7)).differences.filter(
        ({ step }) => step.startsWith('limit-'),
      );
      expect(found.map(place)).toEqual([
        'limit-90-one-above: simulation',
        'limit-89-one-above: simulation',
        'limit-50-above: simulation',
      ]);
    },
    PATIENCE,
  );

  it(
    'finds a loan that is one second younger',
    () => {
      const code = codeOf('g1');
      const altered = new Map(code);
      const creditline = code.get('creditline');
      const create = creditline?.functions['create_loan'];
      if (!creditline || !create) throw new Error('no creditline');
      const later = (host: Host): Host =>
        Object.create(host, {
          ledger: { value: { ...host.ledger, timestamp: host.ledger.timestamp + 1n } },
        }) as Host;
      altered.set('creditline', {
        ...creditline,
        functions: {
          ...creditline.functions,
          create_loan: (host, args) => create(later(host), args),
        },
      });
      expect(
        replayStory(recording, altered)
          .differences.filter(({ step }) => step === 'create_loan-standard')
          .map(({ aspect }) => aspect),
      ).toEqual(['entries', 'figures']);
    },
    PATIENCE,
  );

  it(
    'finds that a story is not of the generation that replays it',
    () => {
      const found = replayStory(recording, codeOf('g2')).differences.map(place);
      expect(found).toContain('between-repayment: footprint');
      expect(found).toContain('instalment-on-time: outcome');
      expect(found.length).toBeGreaterThan(100);
    },
    PATIENCE,
  );
});

describe('docs/local-network.md', () => {
  const section =
    readFileSync('docs/local-network.md', 'utf8')
      .split('## Differences from the recordings')[1]
      ?.split('\n## ')[0] ?? '';
  const rows = section
    .split('\n')
    .filter((line) => /^\| g[123]/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

  it('lists every kept difference with its reason, and no other', () => {
    expect(rows.filter((cells) => cells.length === 4)).toEqual(
      KEPT_DIFFERENCES.map(({ generations, steps, difference, reason }) => [
        generations.join(', '),
        steps.map((step) => `\`${step}\``).join(', '),
        difference,
        reason,
      ]),
    );
  });

  it('lists the functions that are left out', () => {
    expect(rows.filter((cells) => cells.length === 3)).toEqual(
      ABSENT_FUNCTIONS.map(({ generations, role, functions }) => [
        generations.join(', '),
        `\`${role}\``,
        functions.map((fn) => `\`${fn}\``).join(', '),
      ]),
    );
  });
});
