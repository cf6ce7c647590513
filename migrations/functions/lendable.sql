-- Base units of a pool that its contract would have lent out at most: docs/protocol.md#contract-limits.
-- Where more is lent than the utilisation limit allows, that much and no more, so that the limit
-- alone never makes a shortfall. In TypeScript it is `lendableOf`. The planner inlines it.
create or replace function lendable(
  total numeric,
  locked numeric,
  utilisation_cap_bps bigint
) returns numeric language sql immutable parallel safe as $$
  select case
    when utilisation_cap_bps is null then total
    else least(total, greatest(div(total * utilisation_cap_bps, 10000), locked))
  end
$$;
