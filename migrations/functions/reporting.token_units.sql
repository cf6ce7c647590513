create or replace function reporting.token_units(p_base numeric, p_decimals smallint)
returns numeric language sql immutable parallel safe
return trim_scale(p_base * ('1e-' || p_decimals::text)::numeric);

revoke all on function reporting.token_units(numeric, smallint) from public;
comment on function reporting.token_units(numeric, smallint) is
  'Base units as token units, exact, without trailing zeros: by multiplication, because numeric '
  'division rounds at some digit.';
