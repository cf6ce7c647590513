import type { Transaction } from '../../../database/transaction.js';
import { packXdr } from './envelope-packing.js';
import type {
  HoldOutcome,
  HoldRequest,
  PoolState,
  RefusalFacts,
  WindowFull,
} from '../reservation.js';

/**
 * A request whose XDR was packed before it began to wait: the work is not done while the gate is
 * held.
 */
export interface PackedRequest {
  readonly request: HoldRequest;
  readonly packedXdr: Buffer | null;
}

export const packed = (request: HoldRequest): PackedRequest => ({
  request,
  packedXdr: request.ask.kind === 'hold' ? packXdr(request.ask.envelope.xdr) : null,
});

export interface HoldRules {
  readonly keyHours: number;
  readonly chainLagSeconds: number;
}

const TYPES = [
  'uuid',
  'uuid',
  'text',
  'text',
  'numeric',
  'text',
  'text',
  'text',
  'text',
  'uuid',
  'text',
  'numeric',
  'numeric',
  'text',
  'text',
  'text',
  'bytea',
  'bigint',
  'bigint',
  'bigint',
  'bigint',
  'numeric',
  'numeric',
  'text',
  'text',
] as const;
/** Behind the rules, because they came later: what a process of the release before leaves out. */
const WINDOW_TYPES = ['integer', 'integer', 'integer', 'bigint'] as const;
const argument = (type: string, index: number): string => `$${index + 1}::${type}[]`;
const HOLD_BATCH = {
  name: 'hold_batch',
  text: `select o_ord::int as ord, o_outcome as outcome, o_reservation as reservation, o_loan as loan,
    o_pool as pool, o_ledger::text as ledger, o_code as code, o_facts as facts
           from hold_batch(${TYPES.map(argument).join(', ')}, $${TYPES.length + 1},
             $${TYPES.length + 2},
             ${WINDOW_TYPES.map((type, index) => argument(type, TYPES.length + 2 + index)).join(', ')})`,
};

interface HoldRow {
  readonly ord: number;
  readonly outcome: string;
  readonly reservation: string | null;
  readonly loan: string;
  readonly pool: string;
  readonly ledger: string | null;
  readonly code: string | null;
  readonly facts: Record<string, unknown> | null;
}

/** One member as the 25 columns of `hold_batch`, in its order. */
function columnsOf({ request, packedXdr }: PackedRequest): unknown[] {
  const envelope = request.ask.kind === 'hold' ? request.ask.envelope : null;
  const refusal = request.ask.kind === 'record-refusal' ? request.ask : null;
  return [
    request.reservationId,
    request.poolId,
    request.network,
    request.borrower,
    request.amount,
    request.tenantId,
    request.key,
    request.fingerprint,
    request.ask.kind,
    request.loan.loanId,
    request.loan.vendor,
    request.loan.totalAmount,
    request.loan.guaranteeAmount,
    JSON.stringify(request.loan.schedule),
    request.loan.loanType,
    envelope?.hash ?? null,
    packedXdr,
    envelope?.sequence ?? null,
    envelope?.maxTime ?? null,
    envelope?.issuedAfterLedger ?? null,
    envelope?.fee ?? null,
    envelope?.loanIdFirst ?? null,
    envelope?.loanIdLast ?? null,
    refusal?.code ?? null,
    refusal ? JSON.stringify(refusal.facts) : null,
  ];
}

/** Sizes of one member, as the last columns of `hold_batch`. */
function windowColumnsOf({ request }: PackedRequest): unknown[] {
  const envelope = request.ask.kind === 'hold' ? request.ask.envelope : null;
  return [
    request.loan.entryBytes,
    request.strangerBytes,
    envelope?.windowBytes ?? null,
    envelope?.windowFee ?? null,
  ];
}

/**
 * Decides a batch in the open ledger transaction.
 * @returns one outcome per member, in the order of the requests; absence from the database's answer
 * is an error, never a refusal
 */
export async function holdBatch(
  tx: Transaction,
  requests: readonly PackedRequest[],
  rules: HoldRules,
): Promise<HoldOutcome[]> {
  const [columns, windows] = [
    inColumns(requests.map(columnsOf), TYPES.length),
    inColumns(requests.map(windowColumnsOf), WINDOW_TYPES.length),
  ];
  const answer = await tx.client.query<HoldRow>({
    ...HOLD_BATCH,
    values: [...columns, rules.keyHours, rules.chainLagSeconds, ...windows],
  });
  const outcomes: (HoldOutcome | undefined)[] = requests.map(() => undefined);
  for (const row of answer.rows) outcomes[row.ord - 1] = outcomeOf(row);
  return outcomes.map((outcome, index) => {
    if (!outcome)
      throw new Error(
        `the ledger gave no outcome for reservation ${requests[index]?.request.reservationId}`,
      );
    return outcome;
  });
}

const inColumns = (rows: readonly (readonly unknown[])[], count: number): unknown[][] =>
  Array.from({ length: count }, (_, index) => rows.map((row) => row[index]));

function outcomeOf(row: HoldRow): HoldOutcome {
  switch (row.outcome) {
    case 'held':
      return {
        kind: 'held',
        reservationId: required(row.reservation, row),
        atLedger: Number(required(row.ledger, row)),
      };
    case 'refused':
      return { kind: 'refused', code: required(row.code, row), facts: factsOf(row) };
    case 'replayed':
      return {
        kind: 'replayed',
        record: row.reservation
          ? { kind: 'held', poolId: row.pool, reservationId: row.reservation }
          : {
              kind: 'refused',
              poolId: row.pool,
              code: required(row.code, row),
              facts: factsOf(row),
            },
      };
    case 'borrower_busy':
      return {
        kind: 'borrower_busy',
        loanId: row.loan,
        reservationId: required(row.reservation, row),
      };
    case 'pool_closed':
      return { kind: 'pool_closed_for_holds', state: required(row.code, row) as PoolState };
    case 'snapshot_stale': {
      const age = row.facts?.['age'];
      return {
        kind: 'snapshot_stale',
        ageSeconds: age === null || age === undefined ? null : Number(age),
        maxAgeSeconds: Number(row.facts?.['maxAge']),
      };
    }
    case 'window_full':
      return { kind: 'counter_window_full', ...windowFullOf(row) };
    case 'window_small':
      return { kind: 'window_small', ...windowFullOf(row) };
    case 'back_off':
      return {
        kind: 'back_off',
        until: BigInt(String(row.facts?.['until'])),
        waitSeconds: Number(row.facts?.['wait']),
        lapses: Number(row.facts?.['lapses']),
        allowed: Number(row.facts?.['allowed']),
      };
    case 'share_exceeded':
      return {
        kind: 'share_exceeded',
        bound: BigInt(String(row.facts?.['bound'])),
        asked: BigInt(String(row.facts?.['asked'])),
        shareBps: Number(row.facts?.['shareBps']),
        atLedger: Number(row.facts?.['atLedger']),
      };
    case 'key_reused':
    case 'stale':
    case 'fits':
    case 'pool_unknown':
      return { kind: row.outcome };
    default:
      throw new Error(`hold_batch answered with an unknown outcome: ${row.outcome}`);
  }
}

const windowFullOf = ({ facts }: HoldRow): WindowFull => ({
  liveHolds: Number(facts?.['live']),
  window: Number(facts?.['window']),
  ...(facts?.['bytesLeft'] !== undefined && {
    bytes: { entryBytes: Number(facts['bytes']), bytesLeft: Number(facts['bytesLeft']) },
  }),
});

const factsOf = (row: HoldRow): RefusalFacts => row.facts ?? {};

function required<T>(value: T | null, row: HoldRow): T {
  if (value === null)
    throw new Error(`hold_batch left out a part of its answer: ${JSON.stringify(row)}`);
  return value;
}
