import type { BreakCause, BreakEpisode } from '../reporting/break-episodes.js';
import { causeSentence, termWords } from '../reporting/cause-words.js';
import { type EpisodeAnswer, episodeId, type EpisodeListAnswer } from './breaks.schemas.js';

export const renderEpisode = (episode: BreakEpisode): EpisodeListAnswer['episodes'][number] => ({
  id: episodeId(episode),
  poolId: episode.poolId,
  poolName: episode.poolName,
  class: episode.class,
  isAlarm: episode.isAlarm,
  since: episode.since.toISOString(),
  until: episode.until?.toISOString() ?? null,
  fromLedger: episode.fromLedger,
  firstLedger: episode.firstLedger,
  lastLedger: episode.lastLedger,
  found: episode.found,
  largestAmount: episode.largestAmount,
  totalAmount: episode.totalAmount,
});

export const renderCauses = (
  episode: BreakEpisode,
  causes: readonly BreakCause[],
): EpisodeAnswer => ({
  ...renderEpisode(episode),
  sentence: causeSentence(episode, causes),
  causes: causes.map((cause) => ({
    term: cause.term,
    words: termWords(cause.term),
    figure: cause.figure,
    amount: cause.amount,
    transactions: [...cause.transactions],
    notListed: cause.notListed,
    note: cause.note,
  })),
});
