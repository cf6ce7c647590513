import { z } from 'zod';
import type { Caller } from '../../common/caller.js';
import { HoldfastError } from '../../common/errors.js';
import { formatAmount, parseAmount } from '../../common/money.js';
import { instantOf, secondsOf } from '../../common/times.js';
import { faultsOf, type FieldFault, validationFailed } from '../../http/validation.js';
import { addressKind } from '../chain/address.js';
import type { Instalment, LoanType } from '../chain/chain.js';
import type { Signing } from '../liquidity/reservation.js';
import { builtSchema, DECIMALS_MAX, isSince1970, type RequestRules } from './loan-schema.js';

/** A transaction needs the sequence number and the signature of a G account. */
const CONTRACT_BORROWER =
  'is a contract account (C…), which cannot be the source of a transaction. It borrows with ' +
  '"signing": "authorization"';

/**
 * A request whose every field is valid for a pool with these decimals. Base units, unix seconds.
 */
export interface LoanRequest {
  readonly poolId: string;
  readonly borrower: string;
  /** Null where the contracts take none. */
  readonly vendor: string | null;
  readonly totalAmount: bigint;
  /** Null: the minimum that the contract accepts. */
  readonly guaranteeAmount: bigint | null;
  /** Empty where the contracts take none. */
  readonly schedule: readonly Instalment[];
  readonly loanType: LoanType;
  readonly signing: Signing;
}

/**
 * The pool id of a body that may be wrong in any way, or null. The pool's decimals are needed to
 * check the rest.
 */
export function poolIdOf(body: unknown): string | null {
  const found = poolId.safeParse(membersOf(body)?.['poolId']);
  return found.success ? found.data.toLowerCase() : null;
}
const poolId = z.uuid();

/** The members of a body that may be wrong in any way; null when it is no object. */
function membersOf(body: unknown): Readonly<Record<string, unknown>> | null {
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? (body as Record<string, unknown>)
    : null;
}

const ALL_PARTS: RequestRules = { vendor: true, guarantee: true, schedule: true };
const PARTS = [
  ['vendor', 'vendor'],
  ['guaranteeAmount', 'guarantee'],
  ['schedule', 'schedule'],
] as const;

/**
 * @param decimals of the pool's token; null when the pool is not known
 * @throws HoldfastError VALIDATION_FAILED with every faulty field; NOTHING_TO_FUND
 */
export function readLoanRequest(
  given: unknown,
  decimals: number | null,
  lending: RequestRules = ALL_PARTS,
): LoanRequest {
  const digits = decimals ?? DECIMALS_MAX;
  const { body, faults: unwanted } = withoutUnwanted(given, lending);
  const fields = builtSchema(digits, lending).safeParse(body);
  const faults = [
    ...(fields.success ? [] : faultsOf(fields.error, 'body')),
    ...unwanted,
    ...faultsBetweenFields(body, digits),
    ...signingFaults(body, lending.signing),
  ];
  if (!fields.success || faults.length > 0) throw validationFailed(faults);
  const { guaranteeAmount, ...sound } = fields.data;
  const request: LoanRequest = {
    poolId: sound.poolId.toLowerCase(),
    borrower: sound.borrower,
    vendor: sound.vendor ?? null,
    totalAmount: baseUnits(sound.totalAmount, digits),
    guaranteeAmount: guaranteeAmount === undefined ? null : baseUnits(guaranteeAmount, digits),
    schedule: (sound.schedule ?? []).map((row) => ({
      amount: baseUnits(row.amount, digits),
      dueAt: row.dueAt,
    })),
    loanType: sound.loanType,
    signing: sound.signing ?? lending.signing ?? 'transaction',
  };
  if (request.guaranteeAmount === request.totalAmount) throw nothingToFund();
  return request;
}

function signingFaults(body: unknown, rule: Signing = 'transaction'): FieldFault[] {
  const { borrower, signing = rule } = membersOf(body) ?? {};
  return signing === 'transaction' &&
    typeof borrower === 'string' &&
    addressKind(borrower) === 'contract'
    ? [{ field: 'borrower', message: CONTRACT_BORROWER }]
    : [];
}

/** The body without what the pool's contracts take none of, each of which is a fault. */
function withoutUnwanted(
  body: unknown,
  lending: RequestRules,
): { readonly body: unknown; readonly faults: readonly FieldFault[] } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { body, faults: [] };
  const unwanted = PARTS.flatMap(([field, part]) =>
    !lending[part] && field in body ? [field] : [],
  );
  if (unwanted.length === 0) return { body, faults: [] };
  const left = Object.entries(body).filter(([name]) => !unwanted.some((field) => field === name));
  return {
    body: Object.fromEntries(left),
    faults: unwanted.map((field) => ({
      field,
      message: "must be left out: this pool's contracts take none",
    })),
  };
}

export const nothingToFund = (): HoldfastError =>
  new HoldfastError(
    'NOTHING_TO_FUND',
    'The guarantee covers the whole total, so there is nothing for the pool to fund.',
  );

function baseUnits(text: string, decimals: number): bigint {
  const units = parseAmount(text, decimals);
  if (typeof units === 'string')
    throw new Error(`an amount that was accepted cannot be read: ${units}`);
  return units;
}

/**
 * Faults that only two fields together show. Checks whatever can be read, so that they are reported
 * with the faults of other fields.
 */
function faultsBetweenFields(body: unknown, decimals: number): FieldFault[] {
  const members = membersOf(body);
  if (!members) return [];
  const units = (value: unknown): bigint | null => {
    const found = typeof value === 'string' ? parseAmount(value, decimals) : 0n;
    return typeof found === 'string' || found === 0n ? null : found;
  };
  const faults: FieldFault[] = [];
  const [total, guarantee] = [units(members['totalAmount']), units(members['guaranteeAmount'])];
  if (total !== null && guarantee !== null && guarantee > total)
    faults.push({ field: 'guaranteeAmount', message: 'is larger than totalAmount' });
  const given: unknown = members['schedule'];
  const schedule = Array.isArray(given) ? given.map((row: unknown) => membersOf(row) ?? {}) : [];
  const times = schedule.map((row) => secondsIn(row['dueAt']));
  for (const [index, time] of times.entries()) {
    const before = times[index - 1] ?? null;
    if (before !== null && time !== null && time <= before)
      faults.push({
        field: `schedule[${index}].dueAt`,
        message: 'must be later than the instalment before it',
      });
  }
  const amounts = schedule.map((row) => units(row['amount']));
  const sum = amounts.reduce<bigint | null>(
    (so, amount) => (so === null || amount === null ? null : so + amount),
    0n,
  );
  if (total !== null && sum !== null && schedule.length > 0 && sum !== total)
    faults.push({
      field: 'schedule',
      message: `amounts sum to ${formatAmount(sum, decimals)}, not to totalAmount`,
    });
  return faults;
}

/** As `dueAt` reads it; null for what it refuses. */
function secondsIn(given: unknown): bigint | null {
  const found = typeof given === 'string' ? instantOf(given) : null;
  const seconds = found && secondsOf(found);
  return seconds !== null && isSince1970(seconds) ? seconds : null;
}

/**
 * The body as the caller means it: a wallet borrows for itself, so a missing `borrower` is its own
 * account. Filled in before the hash is taken, so that both forms are the same request.
 * @throws HoldfastError FORBIDDEN when a wallet names another borrower, whatever else is wrong with
 * the body
 */
export function bodyOf(caller: Caller, body: unknown): unknown {
  if (caller.kind !== 'wallet' || typeof body !== 'object' || body === null || Array.isArray(body))
    return body;
  const borrower = 'borrower' in body ? body.borrower : undefined;
  if (borrower === undefined) return { ...body, borrower: caller.account };
  if (borrower === caller.account) return body;
  const message = `must be the account that signed in, ${caller.account}, or left out`;
  throw new HoldfastError('FORBIDDEN', `borrower ${message}.`, {
    errors: [{ field: 'borrower', message }],
  });
}
