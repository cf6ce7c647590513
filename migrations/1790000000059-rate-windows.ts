import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Counts of requests for the rate limits, one row per caller and kind of request, shared by every
 * process. UNLOGGED: after a crash of the server, and on a standby
 * that takes over, the table is empty and every window begins anew, which lets a caller have one
 * window more; in return a count costs no WAL and no fsync.
 * A row is updated in place (nothing indexed changes within a window), hence the room on its page.
 */
const UP = `
create unlogged table rate_windows (
  subject text primary key, taken integer not null, ends_at timestamptz not null
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
create index rate_windows_by_end on rate_windows (ends_at);
comment on table rate_windows is 'Requests counted in the present window of each caller. Lost when the server crashes, on purpose';
comment on column rate_windows.subject is 'Kind of request and caller: an API key''s id, a wallet''s account, or the address of whoever is neither';
`;

export class RateWindows1790000000059 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table rate_windows');
  }
}
