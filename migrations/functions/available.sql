-- Base units that holds may still take of a pool: docs/protocol.md#available. Below zero in a
-- shortfall; null before the first snapshot and where a counter was not stored. In TypeScript it is
-- `availableOf`. The planner inlines it into the calling query.
create or replace function available(
  total numeric,
  locked numeric,
  token_balance numeric,
  held numeric,
  in_flight numeric,
  buffer numeric
) returns numeric language sql immutable parallel safe as $$
  select least(total - locked, token_balance) - held - in_flight - buffer
$$;
