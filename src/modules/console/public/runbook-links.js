/** Which section of docs/operations.md says what to do. */

const BREAKS = {
  shortfall: 'shortfall',
  unreserved_funding: 'strangers',
  external_transfer: 'strangers',
  in_transit: 'holds-not-settling',
  gap: 'jobs-late',
  unexplained: 'unexplained',
  ledger_error: 'ledger-error',
};
const PAUSES = {
  unexplained: 'unexplained',
  contract_upgraded: 'contract-upgraded',
  unreadable_event: 'unreadable',
  unreadable_entry: 'unreadable',
  contracts_broken: 'contracts-broken',
};
/** How the sections are called where there is no room for their titles. */
const TITLES = {
  shortfall: 'shortfall',
  strangers: "strangers' loans",
  'holds-not-settling': 'holds land and do not settle',
  'holds-lapsing': 'holds stay past their deadline',
  unexplained: 'a snapshot does not follow',
  'ledger-error': 'ledger and chain contradict',
  'jobs-late': 'jobs are late',
  'dead-letters': 'a round ended for good',
  'contract-upgraded': 'a contract was upgraded',
  'contracts-broken': 'the contracts do not work together',
  unreadable: 'an event or entry cannot be read',
  'upgrade-proposed': 'an upgrade is proposed',
  'pool-paused': 'a pool is paused',
  quarantine: 'every pool is quarantined',
  'snapshot-stale': 'snapshots are old',
  'chain-unreachable': 'RPC is down',
  'chain-lagging': 'the chain lags',
  'database-away': 'the database is down',
};

/** Sections and their titles, as a filter offers them. */
export const sections = Object.entries(TITLES);
export const sectionOfBreak = (kind) => BREAKS[kind] ?? 'first-look';
export const sectionOfPause = (reason) => PAUSES[reason] ?? 'pool-paused';
export const runbookLink = (section) => ({
  text: TITLES[section] ?? section,
  href: `#/runbook/${section}`,
});
