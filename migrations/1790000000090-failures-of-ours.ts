import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Change, changeFunctions } from './changed.functions.js';
import { commentOnColumn } from './reporting/commented.view.js';

/**
 * A failure that the contract did not decide keeps the promise (decision 0031): the envelope says
 * who decided and why, the first of the two replies that
 * D3 needs is kept on it, and a hold that nothing took the place of in time is released as
 * `not_rebuilt`, so that `tx_failed` is the contract's decision alone.
 * A hold whose funding event is stored has landed: no transaction of it is stored as failed, and
 * none is issued.
 */
const COLUMNS = `
alter table envelopes add column failed_by text, add column failed_reason text, add column failed_contract text, add column failed_number bigint, add column failure_seen jsonb,
  add constraint envelopes_failed_by_check check (failed_by in ('contract', 'ours', 'unknown'));
comment on column envelopes.failed_by is 'Who decided that it failed: the contracts, our figures or the state of the chain (ours), or the node did not say (unknown); null unless failed';
comment on column envelopes.failed_reason is 'Why it failed, such as contract_error, resource_limit or outside_footprint; null unless failed';
comment on column envelopes.failed_contract is 'C address of the contract that decided; null unless one did';
comment on column envelopes.failed_number is 'Error number of that contract; null when it gave none';
comment on column envelopes.failure_seen is 'Step 1 of D3: what the first reply that said FAILED said, and its latest ledger; a second reply of a later ledger must agree';
comment on column envelopes.kept_failure is 'Its failure was not decided by the contract: the hold is kept for a rebuild until max_time (R9)';
update envelopes set failed_by = 'ours', failed_reason = 'outside_footprint' where kept_failure;
alter table reservations drop constraint reservations_release_reason_check,
  add constraint reservations_release_reason_check check (release_reason in ('tx_failed', 'not_rebuilt', 'sequence_consumed'));
`;
const COLUMNS_BACK = `
update reservations set release_reason = 'tx_failed' where release_reason = 'not_rebuilt';
alter table reservations drop constraint reservations_release_reason_check,
  add constraint reservations_release_reason_check check (release_reason in ('tx_failed', 'sequence_consumed'));
comment on column envelopes.kept_failure is 'Failed by the counter conflict alone: the hold is kept for a rebuild until max_time (R9)';
alter table envelopes drop column failed_by, drop column failed_reason, drop column failed_contract, drop column failed_number, drop column failure_seen;
`;

/**
 * A process of the release before, still running, names no cause: it keeps a hold for the failed
 * footprint alone.
 */
const CHANGES: Readonly<Record<string, readonly Change[]>> = {
  fail_envelopes: [
    [
      'kept_failure = true, found_ledger = m.ledger, result_code = m.result\n',
      `kept_failure = true, found_ledger = m.ledger, result_code = m.result,
        failed_by = coalesce(m.evidence::jsonb ->> 'failedBy', 'ours'), failed_reason = coalesce(m.evidence::jsonb ->> 'failReason', 'outside_footprint'),
        failed_contract = m.evidence::jsonb ->> 'failedContract', failed_number = (m.evidence::jsonb ->> 'failedNumber')::bigint
`,
    ],
    [
      "e.hash = m.hash and e.state = 'open'\n",
      `e.hash = m.hash and e.state = 'open'
        and not exists (select from fundings f where f.pool_id = e.pool_id and f.reservation_id = e.reservation_id) -- it landed, whoever denies it
`,
    ],
    [
      "m.ledger, 'counter_conflict', m.evidence",
      "m.ledger, coalesce(m.evidence::jsonb ->> 'failReason', 'outside_footprint'), m.evidence",
    ],
  ],
  issue_envelope: [
    [
      "and e.sequence <> p_sequence) then return 'undecided'; end if;\n",
      `and e.sequence <> p_sequence) then return 'undecided'; end if;
  -- one landed, perhaps after it was stored as failed: a next sequence could land beside it
  if exists (select from fundings f where f.pool_id = p_pool and f.reservation_id = p_id) then return 'undecided'; end if;
`,
    ],
  ],
  end_batch: [
    [
      "and (m.state <> 'released' or m.reason <> 'tx_failed'\n",
      "and (m.state <> 'released' or m.reason not in ('tx_failed', 'not_rebuilt')\n",
    ],
    ["if m.reason = 'tx_failed' then\n", "if m.reason in ('tx_failed', 'not_rebuilt') then\n"],
    [
      "update envelopes e set state = 'failed', found_ledger = m.ledger, result_code = m.result\n",
      `update envelopes e set state = 'failed', found_ledger = m.ledger, result_code = m.result,
          failed_by = coalesce(e.failed_by, m.evidence::jsonb ->> 'failedBy'), failed_reason = coalesce(e.failed_reason, m.evidence::jsonb ->> 'failReason'),
          failed_contract = coalesce(e.failed_contract, m.evidence::jsonb ->> 'failedContract'), failed_number = coalesce(e.failed_number, (m.evidence::jsonb ->> 'failedNumber')::bigint)
`,
    ],
  ],
};

const WORDS: readonly (readonly [view: string, column: string, now: string, before: string])[] = [
  [
    'reservations_v1',
    'release_reason',
    'Why it was released: tx_failed (the contract refused the loan), not_rebuilt (a ' +
      "transaction failed for a reason that is not the borrower's, and no new one landed in " +
      'time) or sequence_consumed; null in every other state',
    'Why it was released: tx_failed or sequence_consumed; null in every other state',
  ],
  [
    'reservations_v1',
    'rebuilds',
    'How often its transaction was made anew; a count, 0 to 3, and up to 5 more in place ' +
      "of failures that were not the borrower's",
    'How often its transaction was made anew; a count, 0 to 3',
  ],
  [
    'journal_v1',
    'reason',
    'Why, when there is more than one possible cause: of envelope_failed why the ' +
      'transaction failed (evidence says who decided, failedBy); else null',
    'Why, when there is more than one possible cause; else null',
  ],
];

export class FailuresOfOurs1790000000090 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMNS);
    await changeFunctions(runner, CHANGES, 0);
    await runner.query(
      WORDS.map(([view, column, now]) => commentOnColumn(view, column, now)).join('\n'),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      WORDS.map(([view, column, , before]) => commentOnColumn(view, column, before)).join('\n'),
    );
    await changeFunctions(runner, CHANGES, 1);
    await runner.query(COLUMNS_BACK);
  }
}
