import pg from 'pg';

/**
 * A small world for `docs/reporting.md` and the report command: two hours of one pool on
 * 2026-11-21, and two holds that are live now. Fixed rows, because the ledger stamps its own clock
 * on what it writes.
 */
export const LIMA = '01990000-0000-7000-8000-00000000000a';
export const QUITO = '01990000-0000-7000-8000-00000000000b';

const id = (kind: string, n: number): string =>
  `01990000-0000-7000-${kind}-${String(n).padStart(12, '0')}`;
const hold = (n: number): string => id('8001', n);
const hash = (n: number): string => `${String(n).padStart(2, '0')}`.repeat(32);
const address = (letter: string, name: string): string => letter + name.padEnd(55, '2');
const units = (tokens: number): string => String(tokens * 10_000_000);
const on = (time: string): string => `timestamptz '2026-11-21 ${time}+00'`;
const ago = (span: string): string => `clock_timestamp() - interval '${span}'`;

const pool = (
  poolId: string,
  name: string,
): string => `insert into pools (id, name, network, profile, pool_contract, creditline_contract,
  token_contract, pool_wasm_hash, decimals, hold_seconds, min_signing_seconds, max_snapshot_age_seconds,
  buffer, created_at)
  values ('${poolId}', '${name}', 'Sample Network', 'stepfi', '${address('C', `POOL${name}`.toUpperCase())}', '${address('C', `LINE${name}`.toUpperCase())}', '${address('C', 'TOKEN')}', repeat('ab', 32), 7, 300, 30, 600, ${units(50)}, timestamptz '2026-11-20 00:00:00+00');
insert into pool_rules_history (pool_id, number, at, from_start, name, state, buffer, hold_seconds,
  min_signing_seconds, max_snapshot_age_seconds, max_extension_seconds, strict, max_wallet_share_bps,
  lapses_max)
  values ('${poolId}', 1, timestamptz '2026-11-20 00:00:00+00', true, '${name}', 'active', ${units(50)},
    300, 30, 600, 900, false, 10000, 3);`;

interface Life {
  readonly n: number;
  readonly borrower: string;
  readonly tokens: number;
  readonly state: string;
  readonly heldAt: string;
  readonly endedAt?: string;
  readonly expiresAt: string;
  readonly settledLedger?: number;
  readonly envelopes?: number;
  readonly cancelAt?: string;
  readonly atLedger: number;
}
function reservation(life: Life): string {
  const {
    n,
    tokens,
    state,
    heldAt,
    endedAt = 'null',
    settledLedger = null,
    cancelAt = 'null',
  } = life;
  const borrower = address('G', life.borrower);
  return `insert into reservations (pool_id, id, tenant_id, loan_id, borrower, amount, state,
    release_reason, envelope_version, expires_at, at_ledger, settled_ledger, held_at, submitted_at,
    ended_at, cancel_requested_at)
  values ('${LIMA}', '${hold(n)}', 'default', '${id('8002', n)}', '${borrower}', ${units(tokens)}, '${state}', ${state === 'released' ? "'tx_failed'" : 'null'}, ${life.envelopes ?? 1}, ${life.expiresAt}, ${life.atLedger}, ${settledLedger}, ${heldAt}, ${state === 'settled' ? `${heldAt} + interval '12 seconds'` : 'null'}, ${endedAt}, ${cancelAt});
insert into loans (pool_id, id, reservation_id, tenant_id, borrower, vendor, total_amount,
  guarantee_amount, schedule, loan_type)
  values ('${LIMA}', '${id('8002', n)}', '${hold(n)}', 'default', '${borrower}',
  '${address('G', 'VENDOR')}', ${units(tokens * 1.25)}, ${units(tokens * 0.25)}, '[]', 'standard');
insert into envelopes (pool_id, reservation_id, number, hash, xdr_deflated, sequence, max_time,
  issued_after_ledger, fee, loan_id_first, loan_id_last, state)
  values ('${LIMA}', '${hold(n)}', 1, '${hash(n)}', 'SECRET-XDR', 5, ${life.expiresAt}, 1, 1000, 1, 25,
  '${state === 'held' ? 'open' : 'dead'}');`;
}

type Counters = readonly [
  heldBefore: number,
  heldAfter: number,
  flightBefore: number,
  flightAfter: number,
];
interface Entry {
  readonly n: number;
  readonly number: number;
  readonly kind: string;
  readonly at: string;
  readonly tokens: number;
  readonly counters: Counters;
  readonly version: number;
  readonly ledger: number;
  readonly after?: string;
  readonly evidence?: object;
}
const entry = ({
  n,
  number,
  kind,
  at,
  tokens,
  counters,
  version,
  ledger,
  after = 'held',
  evidence,
}: Entry): string => `insert into reservation_events (pool_id, reservation_id, number, kind, at,
  state_before, state_after, amount, pool_version, held_before, held_after, in_flight_before,
  in_flight_after, envelope_hash, ledger, reason, evidence)
  values ('${LIMA}', '${hold(n)}', ${number}, '${kind}', ${at}, ${number === 1 ? 'null' : "'held'"},
    '${after}', ${units(tokens)}, ${version}, ${counters.map(units).join(', ')}, '${hash(n)}',
    ${ledger}, ${kind === 'released' ? "'tx_failed'" : 'null'},
    ${evidence ? `'${JSON.stringify(evidence)}'` : 'null'});`;

interface Reading {
  readonly at: string;
  readonly ledger: number;
  readonly locked: number;
  readonly tokens: number;
  readonly held?: number;
}
const reading = ({ at, ledger, locked, tokens, held = 0 }: Reading): string =>
  'insert into snapshots (pool_id, ledger, total, locked, token_balance, close_time, ' +
  `observed_at, held, in_flight, buffer) values ('${LIMA}', ${ledger}, ${units(2000)}, ` +
  `${units(locked)}, ${units(tokens)}, ${at} - interval '3 seconds', ${at}, ` +
  `${units(held)}, 0, ${units(50)});`;

const bridge = (
  before: number,
  after: number,
  terms: Readonly<Record<string, number>>,
): object => ({
  before: units(before),
  after: units(after),
  expected: units(after),
  difference: '0',
  terms: Object.fromEntries(Object.entries(terms).map(([term, tokens]) => [term, units(tokens)])),
});
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
interface Pair {
  readonly from: number;
  readonly to: number;
  readonly at: string;
  readonly locked: readonly [number, number];
  readonly tokens: readonly [number, number];
  readonly lockedTerms: Readonly<Record<string, number>>;
  readonly tokenTerms: Readonly<Record<string, number>>;
  readonly breaks: readonly object[];
}
const reconciliation = ({
  from,
  to,
  at,
  locked,
  tokens,
  lockedTerms,
  tokenTerms,
  breaks,
}: Pair): string => `insert into reconciliations (pool_id, from_ledger, to_ledger, outcome,
  total_difference, locked_difference, token_difference, bridges, breaks, at)
  values ('${LIMA}', ${from}, ${to}, 'explained', 0, 0, 0,
    '${JSON.stringify({ total: bridge(2000, 2000, {}), locked: bridge(...locked, lockedTerms), tokenBalance: bridge(...tokens, tokenTerms) })}', '${JSON.stringify(breaks)}', ${at});`;
const refusal = (
  n: number,
  at: string,
  tokens: number,
  facts: { code: string; facts: object },
): string =>
  'insert into refusals (pool_id, id, tenant_id, borrower, amount, code, facts, ' +
  `created_at) values ('${LIMA}', '${id('8003', n)}', 'default', ` +
  `'${address('G', 'CARLA')}', ${units(tokens)}, '${facts.code}', ` +
  `'${JSON.stringify(facts.facts)}', ${at});`;

const STATEMENTS = [
  'alter table pools disable trigger pool_rules_history_note',
  pool(LIMA, 'Lima'),
  pool(QUITO, 'Quito'),
  'alter table pools enable trigger pool_rules_history_note',
  reading({ at: on('09:59:00'), ledger: 1000, locked: 1000, tokens: 1000 }),
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
  reading({ at: on('10:01:00'), ledger: 1012, locked: 1080, tokens: 920 }),
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
  reading({ at: on('10:07:00'), ledger: 1084, locked: 1200, tokens: 800 }),
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
  reading({ at: on('11:00:00'), ledger: 1720, locked: 1230, tokens: 775 }),
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
    facts: { contract: 'creditline', number: 9 },
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
  reading({ at: ago('20 seconds'), ledger: 9000, locked: 1230, tokens: 775, held: 250 }),
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
  await client.connect();
  try {
    for (const statement of STATEMENTS) await client.query(statement);
  } finally {
    await client.end();
  }
}
