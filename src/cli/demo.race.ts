import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Keypair, TransactionBuilder } from '@stellar/stellar-sdk';
import type { DevelopmentAccount } from '../sandbox/control.client.js';
import type { Schema } from '../client/holdfast.client.js';
import type { DemoApi, ListedLoan, Offer, Refusal } from './demo.api.js';

export type Terms = Omit<Schema<'CreateLoan'>, 'borrower'>;
export interface Winner { readonly borrower: DevelopmentAccount; readonly offer: Offer }
export interface RaceResult { readonly winners: readonly Winner[]; readonly refusals: readonly Refusal[]; /** Neither promised nor refused for lack of liquidity. */ readonly oddities: readonly string[] }

/** An answer that decided nothing is asked again, with the same key, so often. */
const TRIES = 10;
const PAUSE_MS = 1000;
/** A node drops what waits for more than a few ledgers: handed in again after so many looks. */
const LOOKS_BEFORE_RESUBMISSION = 4;

/** Everybody asks at the same moment. */
export async function race(api: DemoApi, borrowers: readonly DevelopmentAccount[], terms: Terms): Promise<RaceResult> {
  const answers = await Promise.all(borrowers.map(async (borrower) => ({ borrower, answer: await askForLoan(api, { ...terms, borrower: borrower.address }) })));
  const winners: Winner[] = [];
  const refusals: Refusal[] = [];
  const oddities: string[] = [];
  for (const { borrower, answer } of answers) {
    if (answer.ok) winners.push({ borrower, offer: answer.body });
    else if (answer.refusal.code === 'INSUFFICIENT_LIQUIDITY') refusals.push(answer.refusal);
    else oddities.push(`${answer.status} ${answer.refusal.code}: ${answer.refusal.detail ?? ''}`);
  }
  return { winners, refusals, oddities };
}

async function askForLoan(api: DemoApi, body: Schema<'CreateLoan'>): ReturnType<DemoApi['createLoan']> {
  const key = randomUUID();
  for (let attempt = 1; ; attempt++) {
    const answer = await api.createLoan(body, key);
    if (answer.ok || answer.status !== 503 || attempt === TRIES) return answer;
    await wait(PAUSE_MS);
  }
}

/** The envelope exactly as it was handed out, with the borrower's signature. */
export function signed({ borrower, offer }: Winner): string {
  const envelope = TransactionBuilder.fromXDR(offer.transaction.xdr, offer.transaction.networkPassphrase);
  envelope.sign(Keypair.fromSecret(borrower.secret));
  return envelope.toXDR();
}

export interface Landing { readonly loans: readonly ListedLoan[]; readonly oddities: readonly string[] }

/**
 * Signs, submits and follows every promise to its end. A node's answer proves nothing, so whatever still counts after a few ledgers is handed in again.
 * @param onLook how many have settled, told at every look
 * @throws Error when some still count after `limitSeconds`
 */
export async function land(api: DemoApi, wish: { poolId: string; winners: readonly Winner[]; limitSeconds: number; onLook: (settled: number) => void }): Promise<Landing> {
  const oddities: string[] = [];
  const envelopes = new Map(wish.winners.map((winner) => [winner.offer.loan.id, signed(winner)]));
  const handIn = async (ids: readonly string[], again: boolean): Promise<void> => {
    await Promise.all(ids.map(async (id) => {
      const answer = await api.submit(id, envelopes.get(id) ?? '');
      // once handed in it may land between two looks, and then every further submission is refused
      if (!answer.ok && !again) oddities.push(`submission: ${answer.status} ${answer.refusal.code} ${answer.refusal.code === 'SUBMISSION_REJECTED' ? answer.refusal.resultCode ?? '' : ''} ${answer.refusal.detail ?? ''}`);
    }));
  };
  await handIn([...envelopes.keys()], false);
  const until = performance.now() + wish.limitSeconds * 1000;
  for (let look = 1; ; look++) {
    const loans = (await api.loansOf(wish.poolId)).filter(({ loan }) => envelopes.has(loan.id));
    wish.onLook(loans.filter(({ reservation }) => reservation.state === 'settled').length);
    const live = loans.filter(({ reservation }) => reservation.state === 'held').map(({ loan }) => loan.id);
    if (live.length === 0) return { loans, oddities };
    if (performance.now() > until) throw new Error(`${live.length} promises are neither settled nor ended after ${wish.limitSeconds} s. Does a worker run?`);
    if (look % LOOKS_BEFORE_RESUBMISSION === 0) await handIn(live, true);
    await wait(PAUSE_MS);
  }
}
