-- Versioned views, the public contract of SQL readers: docs/reporting.md. They read with the rights
-- of their owner, so a reader needs none on the tables. Never in them: XDR, keys, idempotency keys,
-- fingerprints.
create schema reporting;
comment on schema reporting is
  'Views for people who read the ledger by SQL. Views ending in _v1 keep their columns and their '
  'meaning; everything else in this database may change.';
revoke all on schema reporting from public;
