/** For negative controls: each hold raises its pool's counter by half of its amount only. */
export const HOLDS_COUNT_HALF = `
create function holds_count_half() returns trigger language plpgsql as $$ begin
  if new.held > old.held then new.held := old.held + trunc((new.held - old.held) / 2); end if;
  return new;
end $$;
create trigger holds_count_half before update on pools
  for each row execute function holds_count_half()`;
