-- Versioned views, the public contract for readers by SQL (docs/reporting.md). They read with their
-- owner's rights, so a reader needs no rights on tables. They never show XDR, keys, idempotency
-- keys or fingerprints.
create schema reporting;
comment on schema reporting is
  'Views for people who read the ledger by SQL. Views ending in _v1 keep their columns and their '
  'meaning; everything else in this database may change.';
revoke all on schema reporting from public;
