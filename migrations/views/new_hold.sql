-- Its row type is what a batch of holds travels as (decision 0048). A view, because a type has no file
-- that is applied again.
create or replace view new_hold as
  select
    null::uuid as pool,
    null::uuid as id,
    null::uuid as loan,
    null::integer as slot,
    null::bigint as max_time,
    null::bigint as version,
    null::text collate "C" as hash,
    null::text collate "C" as borrower,
    null::text collate "C" as network,
    null::text collate "C" as tenant,
    null::numeric as amount,
    null::numeric as held,
    null::numeric as in_flight,
    null::bigint as at_ledger,
    null::integer as entry_bytes,
    null::numeric as total,
    null::numeric as guarantee,
    null::text collate "C" as vendor,
    null::text collate "C" as loan_type,
    null::text collate "C" as schedule,
    null::bytea as xdr,
    null::bigint as sequence,
    null::bigint as issued_after,
    null::bigint as fee,
    null::numeric as first,
    null::numeric as last,
    null::integer as window_bytes,
    null::bigint as window_fee,
    null::bigint as inclusion_fee,
    null::bigint as going_rate,
    null::text collate "C" as key,
    null::text collate "C" as fingerprint
  where false;

comment on view new_hold is
  'The type of one hold of a batch, as the service sends it to be written. It has no rows.';
