import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Change, changeFunctions } from './changed.functions.js';
import { commentOnColumn } from './reporting/commented.view.js';

/**
 * What the views of `reporting` said of an end was written before all of its proofs were: a hold
 * may have ended by a person's word, the contract's own list may show a loan as well as
 * lack it, and the hash is that of the transaction we issued, also when a fee bump around it
 * landed. Words only; the columns are what they were.
 */
const CERTIFICATE =
  'D1 time, D2 sequence, D3 failed, D4 landed, contract_state (the node had forgotten; the ' +
  "contract's own list of loans shows or lacks it), operator (no proof: a person's word";
const WORDS: readonly (readonly [view: string, column: string, now: string, before: string])[] = [
  [
    'reservations_v1',
    'certificate',
    `The proof that ended it: ${CERTIFICATE}, which journal_v1.evidence has); null while held`,
    'The proof that ended it: D1 time, D2 sequence, D3 failed, D4 landed, contract_state; null while held',
  ],
  [
    'reservations_v1',
    'end_transaction',
    'Hash of the transaction that landed or failed; of a fee bump that of the transaction ' +
      'inside, which journal_v1.evidence says; null when none was found',
    'Hash of the transaction that landed or failed, as explorers show it; null when none was found',
  ],
  [
    'reservations_v1',
    'result_code',
    'Result of that transaction; of a settlement txSuccess, also where the proof is ' +
      'contract_state or operator and it was not seen; null without one',
    'Result of that transaction; null without one',
  ],
  [
    'journal_v1',
    'certificate',
    `The proof: ${CERTIFICATE}, in evidence); null when it is no end`,
    'The proof: D1 time, D2 sequence, D3 failed, D4 landed, contract_state; null when it is no end',
  ],
  [
    'journal_v1',
    'transaction',
    'Hash of the transaction it is about, as this service issued it; when a fee bump ' +
      'around it landed, explorers show that one first; null when none is',
    'Hash of the transaction it is about; null when none is',
  ],
  [
    'journal_v1',
    'evidence',
    'What the chain said, as kept, or who said so, why and at which alarm (certificate ' +
      'operator); ledgers are numbers, amounts and sequences are text; null when it is no end',
    'What the chain said, as kept; ledgers are numbers, amounts and sequences are text; null when it is no end',
  ],
];

/**
 * A closed pool answers POOL_PAUSED, as the API does (pool_state says which). An age is compared as
 * it is: rounded to a tenth of a second it allowed what the ledger had refused.
 */
const POSITION_AT: Readonly<Record<string, readonly Change[]>> = {
  'reporting.position_at': [
    [
      "    when r.state <> 'active' then 'POOL_' || upper(r.state)",
      "    when r.state = 'quarantined' then 'POOL_QUARANTINED'\n    when r.state <> " +
        "'active' then 'POOL_PAUSED' -- a closed pool too",
    ],
    [
      '    when s.ledger is null or snapshot_age_seconds > r.max_snapshot_age_seconds then',
      '    when s.ledger is null or p_at - s.observed_at > make_interval(secs => r.max_snapshot_age_seconds) then',
    ],
  ],
};

export class WordsOfEnds1790000000071 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      WORDS.map(([view, column, now]) => commentOnColumn(view, column, now)).join('\n'),
    );
    await changeFunctions(runner, POSITION_AT, 0);
  }

  async down(runner: QueryRunner): Promise<void> {
    await changeFunctions(runner, POSITION_AT, 1);
    await runner.query(
      WORDS.map(([view, column, , before]) => commentOnColumn(view, column, before)).join('\n'),
    );
  }
}
