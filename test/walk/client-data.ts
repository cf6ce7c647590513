import { setTimeout as wait } from 'node:timers/promises';
import type { Borrower } from '../support/given.js';
import type { Offered, OfferedEntry } from './oracle.js';
import type { Credential, Scene } from './world.js';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}
export interface Loan {
  readonly id: string;
  readonly reservationId: string;
  readonly borrower: Borrower;
  readonly amount: bigint;
  cancelled: boolean;
  /** An entry with the borrower's own signature may have been stored. */
  signed: boolean;
  /** A failover lost its row; its borrower still has the XDR. */ lost: boolean;
}
export interface Ask {
  readonly borrower: Borrower;
  readonly amount: bigint;
  readonly body: Readonly<Record<string, unknown>>;
  readonly key: string | null;
  sticky: string | null;
}
export interface Offer {
  readonly loan: { readonly id: string; readonly fundedAmount: string };
  readonly reservation: { readonly id: string };
  readonly transaction: Offered | null;
  /** In a request's answer the authorization to sign; of a loan that is read, what became of it. */
  readonly authorization?: OfferedEntry | { readonly toSign: OfferedEntry | null } | null;
}
/** The authorization to sign, if there is one. */
export function offeredEntry({ authorization }: Offer): OfferedEntry | null {
  if (!authorization) return null;
  return 'toSign' in authorization ? authorization.toSign : authorization;
}

/** A member of an answer, for the diary. */
export const memberOf = (answer: Answer | null, member: string): string =>
  typeof answer?.body[member] === 'string' ? answer.body[member] : '';

const answerOf = (answer: { readonly status: number; readonly text: string }): Answer => ({
  ...answer,
  body: answer.text.startsWith('{') ? (JSON.parse(answer.text) as Record<string, unknown>) : {},
});

/** A request without an answer by then is lost, as if the process had died. */
const LOST_MS = 8000;
/** Codes whose answer sticks to its key (docs/protocol.md#codes). */
export const STICKY: readonly unknown[] = ['INSUFFICIENT_LIQUIDITY', 'LOAN_REFUSED_BY_CONTRACT'];

interface Sending {
  readonly api: number;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body?: unknown;
  readonly key?: string | null;
  readonly as?: Credential;
}
/** Sends as the operator unless `as` is given. @returns null when the answer is lost */
export async function send(
  { apis, credentials }: Scene,
  { api, method, url, body, key, as }: Sending,
): Promise<Answer | null> {
  const headers = {
    ...(as ?? credentials.operator),
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(key ? { 'idempotency-key': key } : {}),
  };
  const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
  const limit = new AbortController();
  const answer = await Promise.race([
    apis[api]?.send({ method, url, headers, ...payload }).catch(() => null),
    wait(LOST_MS, null, { signal: limit.signal }).catch(() => null),
  ]);
  limit.abort();
  return answer ? answerOf(answer) : null;
}
