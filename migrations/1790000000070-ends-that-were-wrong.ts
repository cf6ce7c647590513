import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Change, changeFunctions } from './changed.functions.js';

/**
 * 1. R9: a hold whose envelope trapped is kept until that envelope's T. `expires_at` was the
 * greatest T of all its envelopes, also of those that the trap killed with it (D3): whoever
 * rebuilt and then signed the older one had the funds set aside until the newer one's T, up to
 * `max_extension_seconds` longer, while no rebuild was to be had any more.
 * 2. R7: two NOT_FOUND of a node that lost its transactions and kept its events ended a hold whose
 * funding this database had read itself. A funding event is proof that it landed: whatever
 * speaks for its death beside one is wrong, and the hold counts on until a look-up finds it, or a
 * person has looked.
 */
const CHANGES: Readonly<Record<string, readonly Change[]>> = {
  fail_envelopes: [
    [
      "and e.state = 'open' and e.sequence <= v_sequence;\n",
      `and e.state = 'open' and e.sequence <= v_sequence;
      update reservations t set expires_at = (select max(e.max_time) from envelopes e where e.pool_id = t.pool_id and e.reservation_id = t.id and e.state <> 'dead')
        where t.pool_id = m.pool and t.id = m.id;
`,
    ],
  ],
  end_batch: [
    [
      't.envelope_version = m.version\n',
      `t.envelope_version = m.version
        and (m.evidence::jsonb ->> 'certificate' = 'operator' or not exists (select from fundings f where f.pool_id = t.pool_id and f.reservation_id = t.id)) -- it landed, whoever denies it
`,
    ],
  ],
};
const meaning = (text: string): string =>
  `comment on column reservations.expires_at is '${text}, chain time. Passing it frees nothing by itself'`;

/** Holds that wait meanwhile end at the time they were told. */
export class EndsThatWereWrong1790000000070 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await changeFunctions(runner, CHANGES, 0);
    await runner.query(
      meaning('Greatest maxTime of its envelopes but for those that died of a trap'),
    );
  }
  async down(runner: QueryRunner): Promise<void> {
    await changeFunctions(runner, CHANGES, 1);
    await runner.query(meaning('Greatest maxTime of its envelopes'));
  }
}
