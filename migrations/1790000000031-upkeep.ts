import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the upkeep job needs: the oldest rows of each kind are found without a walk over the others.
 * The rows of `idempotency_keys` come in the order of their
 * expiry, so its index grows at one end. A funding names its event as a fact of the chain, and
 * outlives the row of it.
 */
const UP = `
create index idempotency_keys_by_expiry on idempotency_keys (expires_at);
create index reconciliations_unremarkable on reconciliations (pool_id, to_ledger) where outcome = 'explained' and not (breaks @? '$[*] ? (@.class != "in_transit")');
alter table fundings drop constraint fundings_pool_id_event_id_fkey;
comment on column fundings.event_id is 'The event LQFUND, as the node numbers it; the funding of a reservation is kept longer than the event''s own row';
`;

/** Not valid: events of fundings may have been pruned meanwhile. */
const DOWN = `
comment on column fundings.event_id is null;
alter table fundings add constraint fundings_pool_id_event_id_fkey foreign key (pool_id, event_id) references chain_events (pool_id, id) not valid;
drop index reconciliations_unremarkable; drop index idempotency_keys_by_expiry;
`;

export class Upkeep1790000000031 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
