-- What holds may still take of a pool, base units: docs/protocol.md#available. Below zero in a
-- shortfall; null before the first snapshot and where a counter was not kept. With nothing held,
-- in flight or kept back it is what the chain would let out. In TypeScript it is `availableOf`.
-- The planner puts its text into the query that calls it.
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
