-- The lock that every ledger transaction takes first: docs/protocol.md#ledger-transaction
create table ledger_gate (
  only_row boolean primary key default true check (only_row)
);
comment on table ledger_gate is
  'Never holds a row. Its EXCLUSIVE lock, taken before the snapshot, lets one ledger transaction '
  'run at a time.';
