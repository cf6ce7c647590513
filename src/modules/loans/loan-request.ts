import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Caller } from '../../common/caller.js';
import { HoldfastError } from '../../common/errors.js';
import { formatAmount, parseAmount } from '../../common/money.js';
import { instantOf, secondsOf } from '../../common/times.js';
import {
  DEPTH_MAX,
  faultsOf,
  type FieldFault,
  tooDeep,
  validationFailed,
} from '../../http/validation.js';
import { instant } from '../../http/wire.schemas.js';
import { type AddressKind, addressKind } from '../chain/address.js';
import type { Instalment, LoanType } from '../chain/chain.js';
import type { LendingRules } from '../chain/families/contract-family.js';
import { INSTALMENTS_MAX } from '../chain/chain.js';
import { type Signing, SIGNINGS } from '../liquidity/reservation.js';

/**
 * The longest fraction that a registered token can have (`pools.decimals`), used while the pool is
 * not known.
 */
const DECIMALS_MAX = 18;
const KEY = /^[\x21-\x7e]{1,255}$/;

/** A transaction needs the sequence number and the signature of a G account. */
const CONTRACT_BORROWER =
  'is a contract account (C…), which cannot be the source of a transaction. It borrows with ' +
  '"signing": "authorization"';
const BORROWER_WRONG = {
  muxed:
    'is a muxed address (M…). Use the G address behind it: a hold belongs to the account itself',
  none: 'must be a Stellar account (G…) or contract account (C…) address with a valid checksum',
} as const;
const VENDOR_WRONG = {
  muxed: 'is a muxed address (M…). Use the G address behind it',
  none: 'must be a Stellar account (G…) or contract (C…) address with a valid checksum',
} as const;

/**
 * Unix seconds, cut: the contract knows no fractions. Its times are unsigned, so a date before 1970
 * cannot be encoded.
 */
const isSince1970 = (seconds: bigint): boolean => seconds >= 0n;
const dueAt = instant.transform(secondsOf).refine(isSince1970, 'must not be before 1970');

/**
 * The body of `POST /loans` for a token with these decimals. It is named where it is documented,
 * because a schema's name is unique in the process.
 */
function loanSchema(decimals: number) {
  const amount = (meaning: string) =>
    z
      .string('must be a string of token units, such as "125.5"')
      .superRefine((text, context) => {
        const message = amountFault(text, decimals);
        if (message !== null) context.addIssue({ code: 'custom', message });
      })
      .meta({
        description: `${meaning}, token units; at most as many fractional digits as the pool's token has`,
        pattern: String.raw`^(0|[1-9][0-9]*)(\.[0-9]+)?$`,
      });
  return z.strictObject({
    poolId: z
      .uuid('must be the UUID of a pool, see GET /pools')
      .meta({ description: 'The pool that funds the loan' }),
    borrower: addressThat(
      (kind) => (kind === 'account' || kind === 'contract' ? null : BORROWER_WRONG[kind]),
      'Stellar account (G…) that signs, or with `signing` authorization also a contract account ' +
        '(C…). A wallet may leave it out, an API key may not. Muxed (M…) addresses are refused',
    ),
    vendor: addressThat(
      (kind) => (kind === 'account' || kind === 'contract' ? null : VENDOR_WRONG[kind]),
      'Account (G…) or contract (C…) that is paid; left out where the contracts take none',
    ),
    totalAmount: amount('Price of the financed purchase'),
    guaranteeAmount: amount(
      'What the borrower pays first; left out: the least that the contracts accept. Refused ' +
        'where they take none',
    ).optional(),
    schedule: z
      .array(
        z.strictObject({
          amount: amount('What is due'),
          dueAt: dueAt.meta({
            description:
              'When, any RFC 3339 time; cut to whole seconds, and shown so in the answer',
            format: 'date-time',
          }),
        }),
        'must be a list of instalments',
      )
      .min(1, 'must have at least one instalment')
      .max(INSTALMENTS_MAX, `must have at most ${INSTALMENTS_MAX} instalments`)
      .meta({
        description:
          'Instalments in order: due dates strictly increasing, the first after the ' +
          "transaction's maxTime; amounts sum to totalAmount. Interest and fee are the " +
          "contract's own. Left out where the contracts take none",
      }),
    loanType: z
      .enum(['standard', 'learner_installment'], 'must be "standard" or "learner_installment"')
      .default('standard')
      .meta({ description: 'Pools of the generations trustup and reserve know only "standard"' }),
    signing: z
      .enum(SIGNINGS, 'must be "transaction" or "authorization"')
      .optional()
      .meta({
        description:
          'What the borrower signs: a transaction of its own account, or an authorization that this ' +
          "service lands (docs/signing.md). Left out: the pool's rule `signing`",
      }),
  });
}

function addressThat(fault: (kind: AddressKind) => string | null, description: string) {
  return z
    .string('must be a string')
    .superRefine((text, context) => {
      const message = fault(addressKind(text));
      if (message !== null) context.addIssue({ code: 'custom', message });
    })
    .meta({ description });
}

function amountFault(text: string, decimals: number): string | null {
  const units = parseAmount(text, decimals);
  return typeof units === 'string' ? units : units === 0n ? 'must be above zero' : null;
}

/** Building and compiling a schema costs more than the rest of a refused request. */
const built = new Map<string, ReturnType<typeof requestSchema>>();
function builtSchema(decimals: number, { vendor, schedule }: RequestRules) {
  const name = `${decimals} ${vendor} ${schedule}`;
  const schema = built.get(name) ?? requestSchema(decimals, !vendor, !schedule);
  built.set(name, schema);
  return schema;
}
// what the contracts take none of is no longer in the body
const requestSchema = (decimals: number, noVendor: boolean, noSchedule: boolean) =>
  loanSchema(decimals).partial({
    ...(noVendor && { vendor: true }),
    ...(noSchedule && { schedule: true }),
  });

/**
 * For the API's pages. Whether `borrower` is required depends on the caller, the rest on the pool's
 * contracts.
 */
export const createLoanSchema = loanSchema(DECIMALS_MAX)
  .partial({ borrower: true, vendor: true, schedule: true })
  .meta({ id: 'CreateLoan' });

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

/** What the pool's contracts take, and what is signed when the request does not say. */
interface RequestRules extends Pick<LendingRules, 'vendor' | 'guarantee' | 'schedule'> {
  readonly signing?: Signing;
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

/**
 * @throws HoldfastError VALIDATION_FAILED when the header is not a key; IDEMPOTENCY_KEY_MISSING
 * when a backend sends none
 */
export function readKey(header: string | undefined, caller: Caller): string | null {
  if (header === undefined && caller.kind === 'backend')
    throw new HoldfastError(
      'IDEMPOTENCY_KEY_MISSING',
      'Send an Idempotency-Key: a new one for each loan, and the same one when you repeat a ' +
        'request.',
    );
  if (header === undefined) return null;
  if (!KEY.test(header))
    throw validationFailed([
      { field: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' },
    ]);
  return header;
}

/**
 * Hex sha256 of the body's meaning: key order and spacing do not matter, anything else does. Taken
 * before validation, because a known key is answered first.
 * @throws HoldfastError VALIDATION_FAILED for a body nested deeper than any request
 */
export function fingerprintOf(body: unknown): string {
  return hash('sha256', `POST /loans\n${canonical(body, 0)}`);
}

function canonical(value: unknown, depth: number): string {
  // the depth is checked at the door too; this recursion must not depend on it
  if (depth > DEPTH_MAX) throw tooDeep();
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member, depth + 1)}`).join(',')}}`;
}
