import { z } from 'zod';
import { limit, nextCursorSchema, pageCursor } from '../../http/list-query.js';
import { time } from '../../http/wire.schemas.js';
import type { EpisodeKey, EpisodePlace } from '../reporting/break-episodes.js';
import { breakClass } from './reconciliations.schemas.js';

/** Wire shapes of breaks as episodes. Amounts are token units; null is "not known", never zero. */
const POOL = '01a226e3-afc3-7da9-8fab-f5afb0781887';
const HASH = 'd7d5b3f2a1c04e6f8b9a7c5d3e1f0a2b4c6d8e0f1a3b5c7d9e1f3a5b7c9d1e3f';
const EPISODE = {
  id: `${POOL}.shortfall.17`,
  poolId: POOL,
  poolName: 'Main',
  class: 'shortfall',
  isAlarm: true,
  since: '2026-11-25T21:55:09.184Z',
  until: null,
  fromLedger: 16,
  firstLedger: 17,
  lastLedger: 21,
  found: 5,
  largestAmount: '100',
  totalAmount: null,
} as const;

const units = (description: string, example: string) =>
  z
    .string()
    .nullable()
    .meta({ description: `${description}, token units`, examples: [example] });
const ledger = (description: string) => z.int().meta({ description });

const episode = z.object({
  id: z.string().meta({
    description: 'Pool, class and first ledger; it never changes. Any later ledger works too',
  }),
  poolId: z.string().meta({ format: 'uuid' }),
  poolName: z.string(),
  class: breakClass,
  isAlarm: z.boolean().meta({ description: 'false: timing only' }),
  since: time('When it was found first'),
  until: time('When it was found last; null: it lasts').nullable(),
  fromLedger: ledger('Of the last snapshot before it'),
  firstLedger: ledger('Of the first snapshot that shows it'),
  lastLedger: ledger('Of the last snapshot that shows it'),
  found: z.int().meta({ description: 'Snapshots that show it' }),
  largestAmount: units('The most in one snapshot; null: not known', '100'),
  totalAmount: units('All of it; null where each snapshot shows the same money', '80'),
});
export const episodeListSchema = z
  .object({
    episodes: z.array(episode.meta({ id: 'BreakEpisode', examples: [EPISODE] })),
    nextCursor: nextCursorSchema,
  })
  .meta({ id: 'BreakEpisodeList', examples: [{ episodes: [EPISODE], nextCursor: null }] });

const transaction = z.object({
  transaction: z.string().optional().meta({ description: 'Hash, as explorers show it' }),
  ledger: z.int().optional(),
  lastLedger: z.int().optional().meta({ description: 'Of a span of ledgers' }),
  amount: z.string().optional().meta({ description: 'Its part, token units' }),
  reservation: z.string().optional().meta({ description: 'The hold that it belongs to' }),
  note: z.string().optional().meta({ description: 'The borrower, or what is wrong' }),
});
const cause = z
  .object({
    term: z.string().meta({
      description:
        'A term of the bridges, as in `Bridge.terms`; or `ownHolds`, `buffer`, ' +
        '`utilisationLimit` (set aside by this service or the contract), `roomBefore`, ' +
        '`unexplained`, `lostEvents`, `contradiction`',
      examples: ['withdrawals'],
    }),
    words: z.string().meta({ description: 'The term for people', examples: ['withdrawals'] }),
    figure: z
      .string()
      .nullable()
      .meta({ description: 'The bridges it belongs to; null: none', examples: ['total'] }),
    amount: units('What it changed `available` by; below zero it took money', '-800'),
    transactions: z
      .array(transaction)
      .meta({ description: 'Up to 100 for each pair of snapshots' }),
    notListed: units('What transactions account for that are not listed; null: none', '-5'),
    note: z.string().nullable(),
  })
  .meta({ id: 'BreakCause' });
export const episodeSchema = episode
  .extend({
    sentence: z.string().meta({ description: 'What took the money, for people' }),
    causes: z.array(cause).meta({
      description:
        'Events of the chain first, the greatest loss before others. Those of a shortfall add up ' +
        'to the shortfall below zero. What no event explains is the term `unexplained`',
    }),
  })
  .meta({
    id: 'BreakEpisodePage',
    examples: [
      {
        ...EPISODE,
        sentence:
          'More is held than there is: 100. Withdrawals took 800 in 1 transaction; holds of this ' +
          'service took 300.',
        causes: [
          {
            term: 'withdrawals',
            words: 'withdrawals',
            figure: 'total',
            amount: '-800',
            transactions: [{ transaction: HASH, ledger: 17, amount: '-800' }],
            notListed: null,
            note: null,
          },
          {
            term: 'ownHolds',
            words: 'holds of this service',
            figure: null,
            amount: '-300',
            transactions: [],
            notListed: null,
            note: 'Holds of this service, less those that ended without a loan.',
          },
          {
            term: 'roomBefore',
            words: 'room before',
            figure: null,
            amount: '1000',
            transactions: [],
            notListed: null,
            note: 'Free at ledger 9, the last one without a shortfall.',
          },
        ],
      },
    ],
  });
export type EpisodeListAnswer = z.infer<typeof episodeListSchema>;
export type EpisodeAnswer = z.infer<typeof episodeSchema>;

export const episodeId = ({ poolId, class: kind, firstLedger }: EpisodeKey): string =>
  `${poolId}.${kind}.${firstLedger}`;
const KEY = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([a-z_]{1,20})\.([0-9]{1,10})$/;
/** @returns null when it names no episode */
export function episodeKey(id: string): EpisodeKey | null {
  const [, poolId, kind, firstLedger] = KEY.exec(id) ?? [];
  const known = breakClass.safeParse(kind);
  if (poolId === undefined || !known.success) return null;
  return { poolId, class: known.data, firstLedger: Number(firstLedger) };
}

const PLACE = /^1\.([0-9]{1,17})\.(.+)\.([a-z_]{1,20})$/;
/** Opaque to callers. The leading 1 is the version of the form. */
export const episodeCursor = ({ sinceMicros, poolId, class: kind }: EpisodePlace): string =>
  Buffer.from(`1.${sinceMicros}.${poolId}.${kind}`).toString('base64url');
function placeOf(cursor: string): EpisodePlace | null {
  const [, micros, poolId, kind] =
    PLACE.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  const known = breakClass.safeParse(kind);
  const pool = z.uuid().safeParse(poolId);
  if (micros === undefined || !known.success || !pool.success) return null;
  return { sinceMicros: BigInt(micros), poolId: pool.data, class: known.data };
}

export const episodeQuery = z.strictObject({
  poolId: z.uuid('must be a UUID').optional().meta({ description: 'Only of this pool' }),
  class: breakClass.optional().meta({ description: 'Only of this class' }),
  lasting: z
    .enum(['true', 'false'], 'must be true or false')
    .transform((text) => text === 'true')
    .optional()
    .meta({ description: 'Only those that last, or only those that are over' }),
  cursor: pageCursor(placeOf),
  limit,
});
