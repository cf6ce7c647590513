create or replace function back_off_until(
  p_lapses integer,
  p_last timestamptz,
  p_allowed integer
) returns timestamptz language sql stable as $$
  select case
    when p_allowed > 0 and p_lapses >= p_allowed
    then p_last + least(
      interval '24 hours',
      interval '10 minutes' * (1 << least(p_lapses - p_allowed, 8))
    )
  end
$$;

comment on function back_off_until is
  '10 minutes after the last lapse that is allowed, twice as long with each further one, 24 hours '
  'at most; null: nothing to wait for';
