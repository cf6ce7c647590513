import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Change, changeFunctions } from './changed.functions.js';

/**
 * Against hoarding, decided under the ledger's lock: a share of the pool that one wallet's hold may
 * be, and a back-off for wallets that keep letting holds lapse
 * unsigned. `hold_batch`, `settle_batch` and `end_batch` are changed in a few places of the text
 * that the database has, whichever migration wrote it last.
 */
const UP = `
alter table pools add column max_wallet_share_bps integer not null default 10000 check (max_wallet_share_bps between 1 and 10000),
  add column lapses_max integer not null default 3 check (lapses_max between 0 and 100);
comment on column pools.max_wallet_share_bps is 'One hold may be so much of the observed total at most, hundredths of a percent; 10000: no bound';
comment on column pools.lapses_max is 'Lapses of a wallet without a settlement between them before it has to wait; 0: it never has to';
create table wallet_lapses (
  network text not null, account text not null,
  lapses integer not null check (lapses > 0), last_lapsed_at timestamptz not null,
  primary key (network, account)
);
create index wallet_lapses_by_time on wallet_lapses (last_lapsed_at);
comment on table wallet_lapses is 'Wallets whose last holds lapsed without a submission, in whichever pool. A settled hold deletes the row; 48 hours after the last lapse nothing is left of it';
comment on column wallet_lapses.last_lapsed_at is 'Database clock, whole seconds: when the proof of the last lapse was written';
create function back_off_until(p_lapses integer, p_last timestamptz, p_allowed integer) returns timestamptz language sql stable as $$
  select case when p_allowed > 0 and p_lapses >= p_allowed then p_last + least(interval '24 hours', interval '10 minutes' * (1 << least(p_lapses - p_allowed, 8))) end
$$;
comment on function back_off_until is '10 minutes after the last lapse that is allowed, twice as long with each further one, 24 hours at most; null: nothing to wait for';
`;
const DOWN =
  'drop function back_off_until; drop table wallet_lapses; alter table pools drop column ' +
  'max_wallet_share_bps, drop column lapses_max;';

const CONSUMED =
  'left join account_sequences s on s.network = u.network and s.account = u.borrower';
const LAPSES = `${CONSUMED}\n        left join wallet_lapses w on w.network = u.network and w.account = u.borrower`;

const CHANGES: Readonly<Record<string, readonly Change[]>> = {
  hold_batch: [
    [
      'coalesce(s.consumed < u.sequence, true), false)), false)',
      `coalesce(s.consumed < u.sequence, true) and coalesce(back_off_until(w.lapses, w.last_lapsed_at, p.lapses_max) <= v_now, true)
      and (p.max_wallet_share_bps = 10000 or u.amount <= div(p.snapshot_total * p.max_wallet_share_bps, 10000)), false)), false)`,
    ],
    [
      `from unnest(p_id, p_pool, p_network, p_borrower, p_tenant, p_key, p_ask, p_sequence, p_max_time)
      as u(id, pool, network, borrower, tenant, key, ask, sequence, max_time)`,
      `from unnest(p_id, p_pool, p_network, p_borrower, p_tenant, p_key, p_ask, p_sequence, p_max_time, p_amount)
      as u(id, pool, network, borrower, tenant, key, ask, sequence, max_time, amount)`,
    ],
    [`${CONSUMED};`, `${LAPSES};`],
    [`${CONSUMED}\n        order by u.ord`, `${LAPSES}\n        order by u.ord`],
    [
      'b.reservation_id as b_reservation, s.consumed\n',
      `b.reservation_id as b_reservation, s.consumed, w.lapses, p.lapses_max, back_off_until(w.lapses, w.last_lapsed_at, p.lapses_max) as waits_until,
          case when p.max_wallet_share_bps < 10000 then div(greatest(p.snapshot_total, 0) * p.max_wallet_share_bps, 10000) end as share_bound, p.max_wallet_share_bps\n`,
    ],
    [
      '        if m.too_old or coalesce(',
      `        if m.waits_until > v_now then
          v_outcome[i] := 'back_off'; v_facts[i] := jsonb_build_object('until', extract(epoch from m.waits_until)::bigint::text, 'lapses', m.lapses, 'allowed', m.lapses_max, 'wait', extract(epoch from m.waits_until - v_now)); continue;
        end if;
        if m.too_old or coalesce(`,
    ],
    [
      '        j := array_position(v_pools, m.pool);\n',
      `        if m.amount > m.share_bound then
          v_outcome[i] := 'share_exceeded'; v_facts[i] := jsonb_build_object('bound', m.share_bound::text, 'shareBps', m.max_wallet_share_bps, 'asked', m.amount::text, 'atLedger', m.snapshot_ledger); continue;
        end if;
        j := array_position(v_pools, m.pool);\n`,
    ],
  ],
  settle_batch: [
    [
      'delete from live_borrowers b where b.network = before.network and b.account = ' +
        'r.borrower and b.reservation_id = m.id;',
      `delete from live_borrowers b where b.network = before.network and b.account = r.borrower and b.reservation_id = m.id;
    delete from wallet_lapses w where w.network = before.network and w.account = r.borrower;`,
    ],
  ],
  end_batch: [
    [
      'returning t.amount, t.borrower into r;',
      'returning t.amount, t.borrower, t.submitted_at into r;',
    ],
    [
      '    o_written := true; o_state := m.state; return next;',
      `    -- a lapse: proven dead by time, nothing handed over through us that a node took, nothing of it on the chain. A person's word and what cannot be looked up any more are none
    if m.state = 'expired' and m.evidence::jsonb ->> 'certificate' = 'D1' and r.submitted_at is null
      and not exists (select from envelopes e where e.pool_id = m.pool and e.reservation_id = m.id and e.state in ('landed', 'failed')) then
      insert into wallet_lapses as w (network, account, lapses, last_lapsed_at) values (before.network, r.borrower, 1, date_trunc('second', clock_timestamp()))
        on conflict (network, account) do update set last_lapsed_at = excluded.last_lapsed_at,
          lapses = case when w.last_lapsed_at < excluded.last_lapsed_at - interval '48 hours' then 1 else w.lapses + 1 end;
    end if;
    o_written := true; o_state := m.state; return next;`,
    ],
  ],
};

export class WalletLimits1790000000058 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
    await changeFunctions(runner, CHANGES, 0);
  }
  async down(runner: QueryRunner): Promise<void> {
    await changeFunctions(runner, CHANGES, 1);
    await runner.query(DOWN);
  }
}
