import type pg from 'pg';
import {
  AVAILABLE_COLUMNS,
  availableOf,
  type AvailableRow,
  availableTermsOf,
} from './available.js';
import {
  AUTHORIZATION_JSON,
  type AuthorizationText,
  LANDING_JSON,
  type LandingText,
  liveAuthorizationOf,
  liveLandingOf,
} from '../landings/live-authorization.js';
import { LIMIT_COLUMNS, type LimitRow, limitsOf } from './contract-limits.js';
import type {
  ContractPauses,
  FailureSighting,
  HoldFunding,
  LiveHold,
  LiveEnvelope,
  Position,
  PoolState,
  ReservationState,
} from '../reservation.js';

/**
 * Reads every term of `available` in one statement, so that all terms are of one moment. Amounts
 * come as text.
 */
const POSITION = `
select p.id, p.state, p.version::text, p.snapshot_ledger::text, extract(epoch
  from p.snapshot_close_time)::bigint::text as snapshot_close_time,
  ${AVAILABLE_COLUMNS}, p.last_loan_id::text, p.contract_paused, p.contract_pauses, ${LIMIT_COLUMNS},
  extract(epoch from clock_timestamp() - p.snapshot_advanced_at)::float8 as age, p.max_snapshot_age_seconds as max_age,
  extract(epoch from p.head_close_time)::bigint::text as head_close_time, extract(epoch
    from clock_timestamp() - p.head_close_time)::float8 as lag,
  case when p.state = 'quarantined' then (select max(c.at)
    from database_changes c) end as quarantined_since, extract(epoch
    from p.quarantined_until)::bigint::text as quarantined_until,
  live.count as held_count, extract(epoch from live.next)::bigint::text as next_deadline
from pools p cross join lateral (
  select count(*)::int as count, min(r.expires_at) as next from reservations r
    where r.pool_id = p.id and r.state = 'held') live
where $1::uuid is null or p.id = $1 order by p.id`;

interface PositionRow extends AvailableRow, LimitRow {
  readonly id: string;
  readonly state: PoolState;
  readonly version: string;
  readonly snapshot_ledger: string | null;
  readonly snapshot_close_time: string | null;
  readonly last_loan_id: string | null;
  readonly contract_paused: boolean | null;
  readonly contract_pauses: ContractPauses | null;
  readonly age: number | null;
  readonly max_age: number;
  readonly head_close_time: string | null;
  readonly lag: number | null;
  readonly held_count: number;
  readonly next_deadline: string | null;
  readonly quarantined_since: Date | null;
  readonly quarantined_until: string | null;
}
const big = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

export async function positions(database: pg.Pool, poolId: string | null): Promise<Position[]> {
  const answer = await database.query<PositionRow>(POSITION, [poolId]);
  return answer.rows.map((row) => {
    const terms = availableTermsOf(row);
    const { observed, available, shortfall } = availableOf(terms);
    return {
      poolId: row.id,
      state: row.state,
      version: BigInt(row.version),
      snapshotLedger: row.snapshot_ledger === null ? null : Number(row.snapshot_ledger),
      snapshotCloseTime: big(row.snapshot_close_time),
      ...terms,
      observedAvailable: observed,
      lastLoanId: big(row.last_loan_id),
      contractPaused: row.contract_paused,
      contractPauses: row.contract_pauses,
      limits: limitsOf(row),
      heldCount: row.held_count,
      available,
      shortfall,
      ageSeconds: row.age,
      maxSnapshotAgeSeconds: row.max_age,
      headCloseTime: big(row.head_close_time),
      chainLagSeconds: row.lag,
      nextDeadline: big(row.next_deadline),
      quarantine:
        row.state === 'quarantined'
          ? { since: row.quarantined_since, until: big(row.quarantined_until) }
          : null,
    };
  });
}

export async function nextDeadline(database: pg.Pool, poolId: string): Promise<bigint | null> {
  const answer = await database.query<{ next: string | null }>(
    'select extract(epoch from min(expires_at))::bigint::text as next from reservations ' +
      `where pool_id = $1 and state = 'held'`,
    [poolId],
  );
  return big(answer.rows[0]?.next ?? null);
}

/**
 * The borrower's live hold, read before anything is built. The ledger decides again under the lock
 * (docs/protocol.md#one-live-hold-per-borrower).
 */
export async function findLiveLoan(
  database: pg.Pool,
  network: string,
  borrower: string,
): Promise<{ loanId: string; reservationId: string } | null> {
  const answer = await database.query<{ loan_id: string; reservation_id: string }>(
    'select loan_id, reservation_id from live_borrowers where network = $1 and account = $2',
    [network, borrower],
  );
  const row = answer.rows[0];
  return row ? { loanId: row.loan_id, reservationId: row.reservation_id } : null;
}

/** Reads live holds at one moment of the database. */
const liveSql = (conditions: string, order: string): string => `
select r.pool_id, r.id, r.amount::text, r.borrower, r.envelope_version, extract(epoch
  from r.expires_at)::bigint::text as expires_at, r.submitted_at,
  r.cancel_requested_at is not null as cancel_requested,
    coalesce(p.head_ledger, 0)::int as known_ledger, l.vendor, l.total_amount::text as total,
    l.guarantee_amount::text as guarantee,
  (select jsonb_agg(jsonb_build_object('number', e.number, 'hash', e.hash, 'sequence', e.sequence::text,
    'maxTime', extract(epoch from e.max_time)::bigint::text,
      'issuedAfterLedger', e.issued_after_ledger, 'passedLedger', e.passed_ledger, 'passedCloseTime',
        extract(epoch from e.passed_close_time)::bigint::text, 'voteLedger', e.vote_ledger,
      'state', e.state, 'foundLedger', e.found_ledger, 'resultCode', e.result_code,
      'cause', case when e.failed_by is not null then jsonb_build_object('by', e.failed_by, 'reason',
        e.failed_reason, 'contract', e.failed_contract, 'number', e.failed_number) end,
      'sighting', e.failure_seen, 'consumedLedger', e.consumed_ledger, 'consumedSequence', e.consumed_sequence::text,
      'consumedVoteLedger', e.consumed_vote_ledger,
      'loanIdFirst', e.loan_id_first::text, 'loanIdLast', e.loan_id_last::text,
      'submission', case when e.signed_xdr_deflated is not null then jsonb_build_object('status',
        e.submission_status, 'ledger', e.submission_ledger) end) order by e.number)
    from envelopes e where e.pool_id = r.pool_id and e.reservation_id = r.id) as envelopes,
  case when r.signing = 'authorization' then (select ${AUTHORIZATION_JSON} from authorizations a
    where a.pool_id = r.pool_id and a.reservation_id = r.id) end as authorization_row,
  case when r.signing = 'authorization' then (select jsonb_agg(${LANDING_JSON} order by n.number)
    from landings n where n.pool_id = r.pool_id and n.reservation_id = r.id) end as landings,
  (select jsonb_build_object('txHash', f.tx_hash, 'envelopeHash', f.envelope_hash, 'ledger', f.ledger,
    'loanId', f.chain_loan_id::text)
    from fundings f where f.pool_id = r.pool_id and f.reservation_id = r.id order by f.event_id limit 1) as funding
from reservations r join pools p on p.id = r.pool_id join loans l on l.pool_id = r.pool_id and l.id = r.loan_id
where r.pool_id = $1 and r.state = 'held' and ($2::bigint is null or r.expires_at <= to_timestamp($2))
  and ($4::uuid is null or r.id = $4)
  and (not $5 or exists (select from fundings f where f.pool_id = r.pool_id and f.reservation_id = r.id))
  ${conditions} order by ${order} limit $3`;
/** Submitted ones first, then by the oldest deadline. */
const LIVE = liveSql('', 'r.submitted_at nulls last, r.expires_at, r.id');
/** By deadline alone, which stays as it is while a person turns pages. */
const LIVE_PAGE = liveSql(
  `and ($6::text is null or r.borrower = $6)
    and ($7::boolean is null or $7 = (r.submitted_at is not null))
    and ($8::bigint is null or (r.expires_at, r.id) > (to_timestamp($8), $9::uuid))`,
  'r.expires_at, r.id',
);

interface LiveRow {
  readonly pool_id: string;
  readonly id: string;
  readonly amount: string;
  readonly borrower: string;
  readonly envelope_version: number;
  readonly expires_at: string;
  readonly submitted_at: Date | null;
  readonly cancel_requested: boolean;
  readonly known_ledger: number;
  readonly vendor: string | null;
  readonly total: string;
  readonly guarantee: string;
  readonly envelopes: readonly EnvelopeText[] | null;
  readonly authorization_row: AuthorizationText | null;
  readonly landings: readonly LandingText[] | null;
  readonly funding: FundingText | null;
}
type FundingText = Omit<HoldFunding, 'loanId'> & { readonly loanId: string | null };
type Wide =
  'sequence' | 'maxTime' | 'passedCloseTime' | 'consumedSequence' | 'loanIdFirst' | 'loanIdLast';
/** The envelope as JSON returns it: a value that may be wider than 53 bits is text. */
type EnvelopeText = Omit<LiveEnvelope, Wide | 'sighting'> & {
  readonly sighting: (Omit<FailureSighting, 'closeTime'> & { readonly closeTime: string }) | null;
} & { readonly [member in Wide]: null extends LiveEnvelope[member] ? string | null : string };

export interface LiveHoldsWanted {
  readonly limit: number;
  /** Unix seconds of the chain: only holds whose greatest T is at or before it. */
  readonly lapsedBy?: bigint | null;
  readonly reservationId?: string;
  /** Only holds whose funding the contracts' events have shown. */
  readonly funded?: boolean;
}

/** A page of a pool's live holds, by deadline. A filter that is left out does not narrow it. */
export interface LivePageWanted {
  readonly limit: number;
  readonly lapsedBy?: bigint | undefined;
  readonly borrower?: string | undefined;
  readonly submitted?: boolean | undefined;
  /** Only holds after this one. */
  readonly after?: Pick<LiveHold, 'expiresAt' | 'reservationId'> | undefined;
}

/** Live holds of a pool. */
export async function liveHolds(
  database: pg.Pool,
  poolId: string,
  of: LiveHoldsWanted,
): Promise<LiveHold[]> {
  const answer = await database.query<LiveRow>(LIVE, [
    poolId,
    of.lapsedBy ?? null,
    of.limit,
    of.reservationId ?? null,
    of.funded ?? false,
  ]);
  return answer.rows.map(liveHoldOf);
}

export async function livePage(
  database: pg.Pool,
  poolId: string,
  { limit, lapsedBy, borrower, submitted, after }: LivePageWanted,
): Promise<LiveHold[]> {
  const answer = await database.query<LiveRow>(LIVE_PAGE, [
    poolId,
    lapsedBy ?? null,
    limit,
    null,
    false,
    borrower ?? null,
    submitted ?? null,
    after?.expiresAt ?? null,
    after?.reservationId ?? null,
  ]);
  return answer.rows.map(liveHoldOf);
}

const liveHoldOf = (row: LiveRow): LiveHold => ({
  poolId: row.pool_id,
  reservationId: row.id,
  amount: BigInt(row.amount),
  borrower: row.borrower,
  envelopeVersion: row.envelope_version,
  expiresAt: BigInt(row.expires_at),
  submittedAt: row.submitted_at,
  cancelRequested: row.cancel_requested,
  knownLedger: row.known_ledger,
  vendor: row.vendor,
  totalAmount: BigInt(row.total),
  guaranteeAmount: BigInt(row.guarantee),
  envelopes: (row.envelopes ?? []).map((e): LiveEnvelope => ({
    ...e,
    sequence: BigInt(e.sequence),
    maxTime: BigInt(e.maxTime),
    passedCloseTime: big(e.passedCloseTime),
    consumedSequence: big(e.consumedSequence),
    loanIdFirst: big(e.loanIdFirst),
    loanIdLast: big(e.loanIdLast),
    sighting: e.sighting && { ...e.sighting, closeTime: BigInt(e.sighting.closeTime) },
  })),
  authorization: row.authorization_row && liveAuthorizationOf(row.authorization_row),
  landings: (row.landings ?? []).map(liveLandingOf),
  funding: row.funding && { ...row.funding, loanId: big(row.funding.loanId) },
});

/** Where a reservation is, and its state. */
export interface ReservationPlace {
  readonly poolId: string;
  readonly reservationId: string;
  readonly state: ReservationState;
}

/** Finds a reservation by its id alone, or by that of its loan. */
export async function whereIs(database: pg.Pool, id: string): Promise<ReservationPlace | null> {
  const answer = await database.query<ReservationPlace>(
    `select r.pool_id as "poolId", r.id as "reservationId", r.state from pools p
        join reservations r on r.pool_id = p.id and r.id = $1
      union all select r.pool_id, r.id, r.state from pools p
        join loans l on l.pool_id = p.id and l.id = $1
        join reservations r on r.pool_id = l.pool_id and r.id = l.reservation_id`,
    [id],
  );
  return answer.rows[0] ?? null;
}

export async function knownLedger(database: pg.Pool, network: string): Promise<number> {
  const answer = await database.query<{ ledger: number }>(
    'select coalesce(max(head_ledger), 0)::int as ledger from pools where network = $1',
    [network],
  );
  return answer.rows[0]?.ledger ?? 0;
}
