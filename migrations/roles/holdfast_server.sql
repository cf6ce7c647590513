-- The role that serves (docs/database.md#roles). It has the rights that the statements of the service
-- need: no DDL, no triggers, no truncation; amounts, ends of holds and issued transactions change
-- through functions only (decision 0050). A new table, or a new column that a statement writes, is
-- added here. Attempts are repeated as in holdfast_reporting.sql.
do $$
declare
  f regprocedure;
  t regclass;
begin
  for attempt in 1..20 loop
    begin
      if not exists (select from pg_roles where rolname = 'holdfast_server') then
        create role holdfast_server login nosuperuser nocreatedb nocreaterole
          noreplication nobypassrls;
      end if;
      exit;
    exception
      when insufficient_privilege then
        raise notice 'The role holdfast_server was not made: % is not permitted to. '
          'docs/database.md has the statement for somebody who is.', current_user;
        exit;
      when duplicate_object or unique_violation or internal_error then
        if attempt = 20 then raise; end if;
        perform pg_sleep(0.05 * random());
    end;
  end loop;

  -- Functions with the owner's rights are for the server alone.
  for f in
    select p.oid from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.prosecdef order by p.oid
  loop
    execute format('revoke execute on function %s from public', f);
  end loop;
  if not exists (select from pg_roles where rolname = 'holdfast_server') then return; end if;

  for attempt in 1..20 loop
    begin
      for f in
        select p.oid from pg_proc p
        where p.pronamespace = 'public'::regnamespace and p.prosecdef order by p.oid
      loop
        execute format('grant execute on function %s to holdfast_server', f);
      end loop;
      revoke all on all tables in schema public from holdfast_server;
      grant usage on schema public, reporting, pgboss to holdfast_server;
      grant select on all tables in schema public, reporting to holdfast_server;
      grant execute on all functions in schema reporting to holdfast_server;
      grant usage on all sequences in schema public to holdfast_server;
      -- LOCK TABLE asks for a right to write
      grant update on ledger_gate to holdfast_server;

      -- Rows that are added and never changed. The triggers of the pools write with the owner's
      -- rights what they note.
      grant insert on
        chain_events, envelope_hashes, event_gaps, landed_loans, live_borrowers, loans,
        operator_actions, pool_pauses, refusals, reservation_events
        to holdfast_server;

      grant insert (
        id, name, network, generation, pool_contract, lending_contract, token_contract,
        pool_wasm_hash, decimals, asset_code, state, quarantined_from, hold_seconds,
        min_signing_seconds, max_snapshot_age_seconds, max_extension_seconds, buffer, strict, max_wallet_share_bps,
        lapses_max, fee_percentile, max_inclusion_fee, signing, holds_per_wallet
      ) on pools to holdfast_server;
      grant update (
        name, network, generation, pool_wasm_hash, asset_code, state, quarantined_from, hold_seconds,
        min_signing_seconds, max_snapshot_age_seconds, max_extension_seconds, buffer, strict,
        max_wallet_share_bps, lapses_max, fee_percentile, max_inclusion_fee, signing,
        holds_per_wallet, version, held
      ) on pools to holdfast_server;

      grant insert, update (submitted_at, signed_at) on reservations to holdfast_server;
      grant insert, update (
        signed_xdr_deflated, submitted_at, submission_status, submission_ledger, passed_ledger,
        passed_close_time, vote_ledger, consumed_ledger, consumed_sequence, consumed_vote_ledger,
        failure_seen, outbid_ledger
      ) on envelopes to holdfast_server;
      grant insert, update (
        network, signed_entry_deflated, signed_at, state, unspent_ledger, vote_ledger,
        spent_ledger, spent_seen_ledger
      ) on authorizations to holdfast_server;
      grant update (
        network, state, submitted_at, submission_status, submission_ledger, passed_ledger,
        passed_close_time, vote_ledger, failure_seen
      ) on landings to holdfast_server;

      grant insert, update (borrower, chain_loan_id, amount, vendor, reservation_id, envelope_hash)
        on fundings to holdfast_server;
      grant insert, update (cursor, start_ledger, through_ledger, updated_at)
        on event_cursors to holdfast_server;
      grant insert, update (
        outcome, total_difference, locked_difference, token_difference, bridges, breaks
      ), delete on reconciliations to holdfast_server;
      grant insert, update (
        settled_by_us, unreserved_fundings, repayments, deposits, withdrawals, interest, guarantees,
        losses, external_transfers, unexplained, not_known, closing, last_ledger, closed_at, pairs
      ) on daily_balances to holdfast_server;
      grant insert, update (wasm_hash, ledger, seen_at) on contract_codes to holdfast_server;
      grant insert, update (name, instance_until, code_until, ledger, seen_at), delete
        on contract_lifetimes to holdfast_server;
      grant insert, update (wasm_hash, unlocks_at, event_id, ledger, generation), delete
        on pool_upgrades to holdfast_server;
      grant insert, update (state, removed_at, name, added_at, balance, balance_ledger)
        on channels to holdfast_server;
      grant insert, update (believed), delete on ledger_times to holdfast_server;

      grant insert, update (revoked_at, last_used_at) on api_keys to holdfast_server;
      grant insert, update (active) on webhooks to holdfast_server;
      grant insert, update (version) on webhook_cursors to holdfast_server;
      grant insert, update (
        state, attempts, due_at, last_status, last_error, delivered_at
      ), delete on webhook_deliveries to holdfast_server;
      grant insert, update (taken, ends_at), delete on rate_windows to holdfast_server;
      -- SKIP LOCKED asks for a right to update: the expiry, which keeps a row or lets it go
      grant insert, update (expires_at), delete
        on idempotency_keys, used_challenges, spent_tokens
        to holdfast_server;

      -- What upkeep and the reset of a network delete; functions write the rows.
      grant update (observed_at), delete on snapshots to holdfast_server;
      grant update (seen_at), delete on chain_events to holdfast_server;
      grant update (last_lapsed_at), delete on wallet_lapses to holdfast_server;
      grant delete on account_sequences to holdfast_server;

      grant select, insert, update, delete on all tables in schema pgboss to holdfast_server;
      exit;
    exception when internal_error then
      if attempt = 20 then raise; end if;
      perform pg_sleep(0.05 * random());
    end;
  end loop;

  -- pg-boss makes a partition of its history each day, which takes the owner of the history.
  if to_regclass('pgboss.queue_stats') is not null then
    begin
      if not (select r.rolsuper from pg_roles r where r.rolname = current_user) then
        execute format('grant holdfast_server to %I', current_user);
      end if;
      grant create on schema pgboss to holdfast_server;
      for t in
        select c.oid from pg_class c
        where c.oid = 'pgboss.queue_stats'::regclass or c.oid in (
          select i.inhrelid from pg_inherits i where i.inhparent = 'pgboss.queue_stats'::regclass
        )
      loop
        execute format('alter table %s owner to holdfast_server', t);
      end loop;
    exception when insufficient_privilege then
      raise notice 'The history of the queues stays with %: %', current_user, sqlerrm;
    end;
  end if;
end $$;
