-- The functions, views and roles that the start of the service has applied from migrations/.
create table repeatable_objects (
  name text primary key,
  hash text not null,
  applied_at timestamptz not null default clock_timestamp()
);
comment on table repeatable_objects is
  'SQL files of functions, views and roles as they were last applied. A start applies a file again '
  'when its hash is another one.';
