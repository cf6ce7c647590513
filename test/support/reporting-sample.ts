import pg from 'pg';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { DailyBalances } from '../../src/modules/liquidity/snapshots/daily-balances.js';
import {
  LIMA,
  QUITO,
  address,
  ago,
  entry,
  hash,
  landings,
  on,
  pool,
  snapshot,
  reconciliation,
  refusal,
  reservation,
  units,
} from './reporting-rows.js';

const EVENT = '0000000007301444403-0000000001';
const STRANGER = address('G', 'STRANGER');
const BREAKS = [
  {
    class: 'unreserved_funding',
    figure: 'locked',
    amount: units(30),
    rows: [{ eventId: EVENT, txHash: hash(77), ledger: 1700, amount: units(30), note: STRANGER }],
  },
  {
    class: 'external_transfer',
    figure: 'tokenBalance',
    amount: units(5),
    rows: [{ ledger: 1711, txHash: hash(78), amount: units(5), note: 'transfer' }],
  },
];

/**
 * A small world for `docs/reporting.md` and the report command: two hours of one pool on
 * 2026-11-21, and two holds that are live now. Fixed rows, because the ledger stamps its own clock
 * on what it writes.
 */
const STATEMENTS = [
  'alter table pools disable trigger pool_rules_history_note',
  pool(LIMA, 'Lima'),
  pool(QUITO, 'Quito'),
  'alter table pools enable trigger pool_rules_history_note',
  snapshot({ at: on('09:59:00'), ledger: 1000, locked: 1000, tokens: 1000 }),
  reservation({
    n: 1,
    borrower: 'ALICE',
    tokens: 80,
    state: 'settled',
    heldAt: on('10:00:05'),
    endedAt: on('10:00:35'),
    expiresAt: on('10:05:00'),
    settledLedger: 1007,
    atLedger: 1000,
  }),
  entry({
    n: 1,
    number: 1,
    kind: 'held',
    at: on('10:00:05'),
    tokens: 80,
    counters: [0, 80, 0, 0],
    version: 11,
    ledger: 1000,
  }),
  entry({
    n: 1,
    number: 2,
    kind: 'settled',
    at: on('10:00:35'),
    tokens: 80,
    counters: [80, 0, 0, 80],
    version: 12,
    ledger: 1007,
    after: 'settled',
    evidence: { certificate: 'D4', chainLoanId: '41', feeBump: false },
  }),
  snapshot({ at: on('10:01:00'), ledger: 1012, locked: 1080, tokens: 920 }),
  reservation({
    n: 2,
    borrower: 'BRUNO',
    tokens: 120,
    state: 'settled',
    heldAt: on('10:05:00'),
    endedAt: on('10:06:30'),
    expiresAt: on('10:10:00'),
    settledLedger: 1078,
    atLedger: 1012,
  }),
  landings(2, on('10:06:20')),
  entry({
    n: 2,
    number: 1,
    kind: 'held',
    at: on('10:05:00'),
    tokens: 120,
    counters: [0, 120, 0, 0],
    version: 14,
    ledger: 1012,
  }),
  entry({
    n: 2,
    number: 2,
    kind: 'settled',
    at: on('10:06:30'),
    tokens: 120,
    counters: [120, 0, 0, 120],
    version: 15,
    ledger: 1078,
    after: 'settled',
    evidence: { certificate: 'D4', chainLoanId: '42', feeBump: false },
  }),
  snapshot({ at: on('10:07:00'), ledger: 1084, locked: 1200, tokens: 800 }),
  reservation({
    n: 3,
    borrower: 'CARLA',
    tokens: 200,
    state: 'expired',
    heldAt: on('10:10:00'),
    endedAt: on('10:15:20'),
    expiresAt: on('10:15:00'),
    atLedger: 1084,
  }),
  entry({
    n: 3,
    number: 1,
    kind: 'held',
    at: on('10:10:00'),
    tokens: 200,
    counters: [0, 200, 0, 0],
    version: 17,
    ledger: 1084,
  }),
  entry({
    n: 3,
    number: 2,
    kind: 'expired',
    at: on('10:15:20'),
    tokens: 200,
    counters: [200, 0, 0, 0],
    version: 18,
    ledger: 1181,
    after: 'expired',
    evidence: { certificate: 'D1', passedLedger: 1181, notFoundAt: [1183, 1184] },
  }),
  refusal(1, on('10:20:00'), 800, {
    code: 'INSUFFICIENT_LIQUIDITY',
    facts: { available: units(750), atLedger: 1084 },
  }),
  snapshot({ at: on('11:00:00'), ledger: 1720, locked: 1230, tokens: 775 }),
  reservation({
    n: 4,
    borrower: 'BRUNO',
    tokens: 50,
    state: 'released',
    heldAt: on('11:02:00'),
    endedAt: on('11:02:40'),
    expiresAt: on('11:07:10'),
    envelopes: 2,
    atLedger: 1720,
  }),
  entry({
    n: 4,
    number: 1,
    kind: 'held',
    at: on('11:02:00'),
    tokens: 50,
    counters: [0, 50, 0, 0],
    version: 21,
    ledger: 1720,
  }),
  entry({
    n: 4,
    number: 2,
    kind: 'rebuilt',
    at: on('11:02:10'),
    tokens: 50,
    counters: [50, 50, 0, 0],
    version: 22,
    ledger: 1745,
  }),
  entry({
    n: 4,
    number: 3,
    kind: 'released',
    at: on('11:02:40'),
    tokens: 50,
    counters: [50, 0, 0, 0],
    version: 23,
    ledger: 1751,
    after: 'released',
    evidence: { certificate: 'D3', failedLedger: 1751, resultCode: 'txFAILED' },
  }),
  refusal(2, on('11:03:00'), 75, {
    code: 'LOAN_REFUSED_BY_CONTRACT',
    facts: { contract: 'lending_contract', number: 9 },
  }),
  reservation({
    n: 6,
    borrower: 'ALICE',
    tokens: 150,
    state: 'held',
    heldAt: ago('8 minutes'),
    expiresAt: ago('3 minutes'),
    atLedger: 8900,
  }),
  entry({
    n: 6,
    number: 1,
    kind: 'held',
    at: ago('8 minutes'),
    tokens: 150,
    counters: [0, 150, 0, 0],
    version: 25,
    ledger: 8900,
  }),
  reservation({
    n: 5,
    borrower: 'DIEGO',
    tokens: 100,
    state: 'held',
    heldAt: ago('3 minutes'),
    expiresAt: "clock_timestamp() + interval '2 minutes'",
    cancelAt: ago('1 minute'),
    atLedger: 8960,
  }),
  entry({
    n: 5,
    number: 1,
    kind: 'held',
    at: ago('3 minutes'),
    tokens: 100,
    counters: [150, 250, 0, 0],
    version: 26,
    ledger: 8960,
  }),
  entry({
    n: 5,
    number: 2,
    kind: 'cancel_requested',
    at: ago('1 minute'),
    tokens: 100,
    counters: [250, 250, 0, 0],
    version: 27,
    ledger: 8990,
  }),
  snapshot({ at: ago('20 seconds'), ledger: 9000, locked: 1230, tokens: 775, held: 250 }),
  `update pools set version = 28, held = ${units(250)}, snapshot_ledger = 9000, ` +
    `snapshot_total = ${units(2000)}, snapshot_locked = ${units(1230)}, ` +
    `snapshot_token_balance = ${units(775)}, snapshot_close_time = ${ago('23 seconds')}, ` +
    `snapshot_advanced_at = ${ago('20 seconds')}, head_ledger = 9001, head_close_time = ` +
    `${ago('18 seconds')} where id = '${LIMA}'`,
  'insert into chain_events (pool_id, id, ledger, tx_hash, contract, name, topics, data, ' +
    `seen_at) values ('${LIMA}', '${EVENT}', 1700, '${hash(77)}', ` +
    `'${address('C', 'POOLLIMA')}', 'LQFUND', '[]', '{}', ${on('10:59:02')})`,
  'insert into fundings (pool_id, event_id, ledger, tx_hash, amount, borrower, ' +
    `chain_loan_id, seen_at) values ('${LIMA}', '${EVENT}', 1700, '${hash(77)}', ` +
    `${units(30)}, '${STRANGER}', 43, ${on('10:59:02')})`,
  reconciliation({
    from: 1000,
    to: 1012,
    at: on('10:01:04'),
    locked: [1000, 1080],
    tokens: [1000, 920],
    lockedTerms: { settledByUs: 80 },
    tokenTerms: { settledByUs: -80 },
    breaks: [],
  }),
  reconciliation({
    from: 1012,
    to: 1084,
    at: on('10:07:04'),
    locked: [1080, 1200],
    tokens: [920, 800],
    lockedTerms: { settledByUs: 120 },
    tokenTerms: { settledByUs: -120 },
    breaks: [],
  }),
  reconciliation({
    from: 1084,
    to: 1720,
    at: on('11:00:04'),
    locked: [1200, 1230],
    tokens: [800, 775],
    lockedTerms: { unreservedFundings: 30 },
    tokenTerms: { unreservedFundings: -30, externalTransfers: 5 },
    breaks: BREAKS,
  }),
];

export async function loadSample(url: string): Promise<void> {
  const client = new pg.Client(url);
  const connections = new LedgerConnections({ url, deadlineMs: 10_000 });
  await client.connect();
  try {
    for (const statement of STATEMENTS) await client.query(statement);
    await new DailyBalances(connections, 10_000).note(LIMA, 1);
  } finally {
    await Promise.all([client.end(), connections.close()]);
  }
}
