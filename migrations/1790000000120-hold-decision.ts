import type { MigrationInterface, QueryRunner } from 'typeorm';

export class HoldDecision1790000000120 implements MigrationInterface {
  name = 'HoldDecision1790000000120';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
create function observed_available(total numeric, locked numeric, token_balance numeric) returns numeric
  language sql immutable parallel safe
  as $$ select least(total - locked, token_balance) $$;
create function available(total numeric, locked numeric, token_balance numeric, held numeric, in_flight numeric, buffer numeric) returns numeric
  language sql immutable parallel safe
  as $$ select coalesce(observed_available(total, locked, token_balance), 0) - held - in_flight - buffer $$;
create function hold_guard() returns void language plpgsql as $$
begin
  if current_setting('transaction_isolation') <> 'serializable' then
    raise exception 'hold_guard runs in a ledger transaction only' using errcode = '25001';
  end if;
  if exists (select from database_identity d where d.timeline <> (select substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))) then
    perform notice_database_identity();
  end if;
end $$;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop function hold_guard; drop function available; drop function observed_available',
    );
  }
}
