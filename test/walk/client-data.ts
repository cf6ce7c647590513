import type { Borrower } from '../support/given.js';
import type { Offered } from './oracle.js';

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
  /** Its row is gone with a failover; its XDR is not. */ lost: boolean;
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
}

/** A member of an answer, for the diary. */
export const memberOf = (answer: Answer | null, member: string): string =>
  typeof answer?.body[member] === 'string' ? answer.body[member] : '';

export const answerOf = (answer: { readonly status: number; readonly text: string }): Answer => ({
  ...answer,
  body: answer.text.startsWith('{') ? (JSON.parse(answer.text) as Record<string, unknown>) : {},
});
