import { formatAmount } from '../../common/money.js';
import { chainTime, secondsOf, timeOf } from '../../common/times.js';
import {
  authorizationParts,
  type NamedArgument,
  namedArguments,
} from '../chain/authorization-view.js';
import type { InvocationView } from '../chain/authorizations.js';
import type { EventData } from '../chain/chain.js';
import type { NamedContracts } from '../chain/failure-words.js';
import type { LandingEntity } from '../liquidity/landings/landing.entity.js';
import type { StoredLoan } from '../liquidity/holds/reservation.reader.js';
import type {
  AuthorizationNow,
  AuthorizationToSign,
  LandingAnswer,
} from './authorization.schemas.js';
import { causeOf } from './loan-failures.js';

/** What was issued, from the request that was just held or from its rows. It never changes. */
export interface IssuedAuthorization {
  readonly hash: string;
  readonly entryXdr: string;
  readonly nonce: bigint;
  readonly expirationLedger: number;
  /** Unix seconds, an estimate. */
  readonly expiresAt: bigint;
}

export const HOW_TO_SIGN =
  'Show the borrower what `authorizes` says. Sign `entryXdr` with `authorizeEntry` of the Stellar ' +
  'SDK up to `expirationLedger`, or give `preimageXdr` to the `signAuthEntry` of a wallet. Send what ' +
  'comes back to POST /loans/:id/submission.';

export function authorizationToSignOf(
  issued: IssuedAuthorization,
  { networkPassphrase, decimals }: { networkPassphrase: string; decimals: number },
): AuthorizationToSign {
  const { preimageXdr, invocation } = authorizationParts(issued.entryXdr, networkPassphrase);
  return {
    entryXdr: issued.entryXdr,
    preimageXdr,
    hash: issued.hash,
    nonce: issued.nonce.toString(),
    expirationLedger: issued.expirationLedger,
    expiresAboutAt: timeOf(issued.expiresAt),
    networkPassphrase,
    authorizes: {
      ...callOf(invocation, decimals),
      subInvocations: invocation.subInvocations.map((inside) => callOf(inside, decimals)),
    },
    howToSign: HOW_TO_SIGN,
  };
}

type Call = AuthorizationToSign['authorizes']['subInvocations'][number];
const callOf = (view: InvocationView, decimals: number): Call => ({
  contract: view.contract,
  function: view.function,
  args: namedArguments(view).map((each) => argumentOf(each, decimals)),
});

const AMOUNTS: readonly (string | null)[] = ['totalAmount', 'guaranteeAmount', 'amount'];
const BASE_UNITS = /^[0-9]{1,39}$/;

function argumentOf({ name, value }: NamedArgument, decimals: number): Call['args'][number] {
  if (AMOUNTS.includes(name) && typeof value === 'string' && BASE_UNITS.test(value))
    return { name, value: formatAmount(BigInt(value), decimals) };
  const rows = name === 'schedule' && Array.isArray(value) ? value.map(instalmentOf) : null;
  if (rows?.every((row) => row !== null))
    return {
      name,
      value: rows.map(({ amount, dueAt }) => ({
        amount: formatAmount(amount, decimals),
        dueAt: timeOf(dueAt),
      })),
    };
  return { name, value: textOf(value) };
}

const isRecord = (data: EventData): data is { readonly [member: string]: EventData } =>
  typeof data === 'object' && data !== null && !Array.isArray(data);

function instalmentOf(row: EventData): { amount: bigint; dueAt: bigint } | null {
  if (!isRecord(row)) return null;
  const { amount, due_date: dueAt } = row;
  return typeof amount === 'string' && typeof dueAt === 'string'
    ? { amount: BigInt(amount), dueAt: BigInt(dueAt) }
    : null;
}

/** A list of one text, such as an enum of a contract, is that text. */
const textOf = (data: EventData): string =>
  typeof data === 'string'
    ? data
    : Array.isArray(data) && data.length === 1 && typeof data[0] === 'string'
      ? data[0]
      : JSON.stringify(data);

/** The authorization of a stored loan; null for a loan that is signed as a transaction. */
export const issuedOf = ({
  authorization,
  reservation,
}: Pick<StoredLoan, 'authorization' | 'reservation'>): IssuedAuthorization | null =>
  authorization && {
    hash: authorization.hash,
    entryXdr: authorization.entryXdr,
    nonce: authorization.nonce,
    expirationLedger: authorization.expirationLedger,
    expiresAt: secondsOf(reservation.expiresAt),
  };

/** Ledgers in which it can still land, by the newest ledger that is known; null: none is. */
export function ledgersLeftOf({
  authorization,
  pool: { headLedger },
}: Pick<StoredLoan, 'authorization' | 'pool'>): number | null {
  if (!authorization || headLedger === null) return null;
  return Math.max(0, authorization.expirationLedger - headLedger);
}

export function authorizationNowOf(stored: StoredLoan): AuthorizationNow | null {
  const { authorization, pool, reservation } = stored;
  const issued = issuedOf(stored);
  if (!authorization || !issued) return null;
  const mayBeSigned =
    reservation.state === 'held' &&
    reservation.cancelRequestedAt === null &&
    authorization.state === 'open' &&
    authorization.spentLedger === null &&
    authorization.signedAt === null &&
    ledgersLeftOf(stored) !== 0;
  return {
    state: authorization.state,
    hash: issued.hash,
    nonce: issued.nonce.toString(),
    expirationLedger: issued.expirationLedger,
    expiresAboutAt: timeOf(issued.expiresAt),
    ledgersLeft: ledgersLeftOf(stored),
    signedAt: authorization.signedAt?.toISOString() ?? null,
    toSign: mayBeSigned
      ? authorizationToSignOf(issued, { networkPassphrase: pool.network, decimals: pool.decimals })
      : null,
  };
}

export const landingOf = (pool: NamedContracts, row: LandingEntity): LandingAnswer => ({
  hash: row.hash,
  channel: row.channel,
  state: row.state,
  ledger: row.foundLedger,
  issuedAt: row.createdAt.toISOString(),
  maxTime: chainTime(row.maxTime),
  fee: row.fee.toString(),
  feeCharged: row.feeCharged?.toString() ?? null,
  failure: row.state === 'failed' ? causeOf(pool, row) : null,
});
