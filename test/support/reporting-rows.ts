/** Statements that write one row each, for the fixed rows of `reporting-sample.ts`. */
export const LIMA = '01990000-0000-7000-8000-00000000000a';
export const QUITO = '01990000-0000-7000-8000-00000000000b';

const id = (kind: string, n: number): string =>
  `01990000-0000-7000-${kind}-${String(n).padStart(12, '0')}`;
const hold = (n: number): string => id('8001', n);
export const hash = (n: number): string => `${String(n).padStart(2, '0')}`.repeat(32);
export const address = (letter: string, name: string): string => letter + name.padEnd(55, '2');
export const units = (tokens: number): string => String(tokens * 10_000_000);
export const on = (time: string): string => `timestamptz '2026-11-21 ${time}+00'`;
export const ago = (span: string): string => `clock_timestamp() - interval '${span}'`;

export const pool = (
  poolId: string,
  name: string,
): string => `insert into pools (id, name, network, generation, pool_contract, lending_contract,
  token_contract, pool_wasm_hash, decimals, asset_code, hold_seconds, min_signing_seconds, max_snapshot_age_seconds,
  buffer, created_at)
  values ('${poolId}', '${name}', 'Sample Network', 'g1',
    '${address('C', `POOL${name}`.toUpperCase())}', '${address('C', `LINE${name}`.toUpperCase())}',
    '${address('C', 'TOKEN')}', repeat('ab', 32), 7, 'USDC', 300, 30, 600, ${units(50)},
    timestamptz '2026-11-20 00:00:00+00');
insert into pool_rules_history (pool_id, number, at, from_start, name, state, buffer, hold_seconds,
  min_signing_seconds, max_snapshot_age_seconds, max_extension_seconds, strict, max_wallet_share_bps,
  lapses_max, fee_percentile, max_inclusion_fee)
  values ('${poolId}', 1, timestamptz '2026-11-20 00:00:00+00', true, '${name}', 'active', ${units(50)},
    300, 30, 600, 900, false, 10000, 3, 'p90', 100000);`;

interface ReservationSample {
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
export function reservation(sample: ReservationSample): string {
  const {
    n,
    tokens,
    state,
    heldAt,
    endedAt = 'null',
    settledLedger = null,
    cancelAt = 'null',
  } = sample;
  const borrower = address('G', sample.borrower);
  return `insert into reservations (pool_id, id, tenant_id, loan_id, borrower, amount, state,
    release_reason, envelope_version, expires_at, at_ledger, settled_ledger, held_at, submitted_at,
    ended_at, cancel_requested_at)
  values ('${LIMA}', '${hold(n)}', 'default', '${id('8002', n)}', '${borrower}', ${units(tokens)},
    '${state}', ${state === 'released' ? "'tx_failed'" : 'null'}, ${sample.envelopes ?? 1},
    ${sample.expiresAt}, ${sample.atLedger}, ${settledLedger}, ${heldAt},
    ${state === 'settled' ? `${heldAt} + interval '12 seconds'` : 'null'}, ${endedAt}, ${cancelAt});
insert into loans (pool_id, id, reservation_id, tenant_id, borrower, vendor, total_amount,
  guarantee_amount, schedule, loan_type)
  values ('${LIMA}', '${id('8002', n)}', '${hold(n)}', 'default', '${borrower}',
  '${address('G', 'VENDOR')}', ${units(tokens * 1.25)}, ${units(tokens * 0.25)}, '[]', 'standard');
insert into envelopes (pool_id, reservation_id, number, hash, xdr_deflated, sequence, max_time,
  issued_after_ledger, fee, loan_id_first, loan_id_last, state)
  values ('${LIMA}', '${hold(n)}', 1, '${hash(n)}', 'SECRET-XDR', 5, ${sample.expiresAt}, 1, 1000, 1, 25,
  '${state === 'held' ? 'open' : 'dead'}');`;
}

/** A hold that its borrower signed by authorization; the first landing failed, the second landed. */
export const landings = (n: number, at: string): string => `
delete from envelopes where reservation_id = '${hold(n)}';
update reservations set signing = 'authorization' where id = '${hold(n)}';
insert into authorizations (pool_id, reservation_id, network, address, nonce, hash,
  expiration_ledger, issued_after_ledger, entry_deflated, state)
  select pool_id, id, 'Test Network', borrower, ${n}, '${hash(n)}', 1200, 1012, 'SECRET-XDR',
    'spent' from reservations where id = '${hold(n)}';
insert into landings (pool_id, reservation_id, number, network, channel, hash, xdr_deflated,
  sequence, max_time, issued_after_ledger, fee, created_at, state, fee_charged)
  select '${LIMA}', '${hold(n)}', u.number, 'Test Network', '${address('G', 'CHANNEL')}',
    md5(u.number::text) || md5(u.state), 'SECRET-XDR', u.number, ${at}, 1060, 90000, ${at},
    u.state, u.fee
  from (values (1, 'failed', 71234), (2, 'landed', 86021)) as u (number, state, fee);`;

type Counters = readonly [
  heldBefore: number,
  heldAfter: number,
  flightBefore: number,
  flightAfter: number,
];
interface JournalSample {
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
export const entry = ({
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
}: JournalSample): string => `insert into reservation_events (pool_id, reservation_id, number, kind, at,
  state_before, state_after, amount, pool_version, held_before, held_after, in_flight_before,
  in_flight_after, envelope_hash, ledger, reason, evidence)
  values ('${LIMA}', '${hold(n)}', ${number}, '${kind}', ${at}, ${number === 1 ? 'null' : "'held'"},
    '${after}', ${units(tokens)}, ${version}, ${counters.map(units).join(', ')}, '${hash(n)}',
    ${ledger}, ${kind === 'released' ? "'tx_failed'" : 'null'},
    ${evidence ? `'${JSON.stringify(evidence)}'` : 'null'});`;

interface SnapshotSample {
  readonly at: string;
  readonly ledger: number;
  readonly locked: number;
  readonly tokens: number;
  readonly held?: number;
}
export const snapshot = ({ at, ledger, locked, tokens, held = 0 }: SnapshotSample): string =>
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
interface ReconciliationSample {
  readonly from: number;
  readonly to: number;
  readonly at: string;
  readonly locked: readonly [number, number];
  readonly tokens: readonly [number, number];
  readonly lockedTerms: Readonly<Record<string, number>>;
  readonly tokenTerms: Readonly<Record<string, number>>;
  readonly breaks: readonly object[];
}
export const reconciliation = ({
  from,
  to,
  at,
  locked,
  tokens,
  lockedTerms,
  tokenTerms,
  breaks,
}: ReconciliationSample): string => `insert into reconciliations (pool_id, from_ledger, to_ledger, outcome,
  total_difference, locked_difference, token_difference, bridges, breaks, at,
  snapshot_at)
  values ('${LIMA}', ${from}, ${to}, 'explained', 0, 0, 0,
    '${JSON.stringify({
      total: bridge(2000, 2000, {}),
      locked: bridge(...locked, lockedTerms),
      tokenBalance: bridge(...tokens, tokenTerms),
    })}', '${JSON.stringify(breaks)}', ${at}, ${at});`;
export const refusal = (
  n: number,
  at: string,
  tokens: number,
  facts: { code: string; facts: object },
): string =>
  'insert into refusals (pool_id, id, tenant_id, borrower, amount, code, facts, ' +
  `created_at) values ('${LIMA}', '${id('8003', n)}', 'default', ` +
  `'${address('G', 'CARLA')}', ${units(tokens)}, '${facts.code}', ` +
  `'${JSON.stringify(facts.facts)}', ${at});`;
