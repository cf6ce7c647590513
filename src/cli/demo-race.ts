import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Keypair } from '@stellar/stellar-sdk';
import type { DevelopmentAccount } from '../../sandbox/control-client.js';
import type { Schema } from '../client/holdfast-client.js';
import type { Chain } from '../modules/chain/chain.js';
import type { TransactionReport } from '../modules/chain/transaction-outcome.js';
import type { DemoApi, ListedLoan, Offer, Refusal } from './demo-api.js';
import { signOffer } from './sign-offer.js';

export type Terms = Omit<Schema<'CreateLoan'>, 'borrower'>;
export interface Winner {
  readonly borrower: DevelopmentAccount;
  readonly offer: Offer;
}
export interface RaceResult {
  readonly winners: readonly Winner[];
  readonly refusals: readonly Refusal[];
  /** Refused with COUNTER_WINDOW_FULL: they ask again once the promised loans have landed. */
  readonly waiting: readonly DevelopmentAccount[];
  /** Neither promised nor refused for one of these reasons. */
  readonly oddities: readonly string[];
}

/** An answer that decided nothing is asked again, with the same key, so often. */
const TRIES = 10;
const PAUSE_MS = 1000;
/** How often the list of loans is read. */
const LOOK_AGAIN_MS = 500;

/** Everybody asks at the same moment. */
export async function race(
  api: DemoApi,
  borrowers: readonly DevelopmentAccount[],
  terms: Terms,
): Promise<RaceResult> {
  const answers = await Promise.all(
    borrowers.map(async (borrower) => ({
      borrower,
      answer: await askForLoan(api, { ...terms, borrower: borrower.address }),
    })),
  );
  const winners: Winner[] = [];
  const refusals: Refusal[] = [];
  const waiting: DevelopmentAccount[] = [];
  const oddities: string[] = [];
  for (const { borrower, answer } of answers) {
    if (answer.ok) winners.push({ borrower, offer: answer.body });
    else if (answer.refusal.code === 'INSUFFICIENT_LIQUIDITY') refusals.push(answer.refusal);
    else if (answer.refusal.code === 'COUNTER_WINDOW_FULL') waiting.push(borrower);
    else oddities.push(`${answer.status} ${answer.refusal.code}: ${answer.refusal.detail ?? ''}`);
  }
  return { winners, refusals, waiting, oddities };
}

async function askForLoan(
  api: DemoApi,
  body: Schema<'CreateLoan'>,
): ReturnType<DemoApi['createLoan']> {
  const key = randomUUID();
  for (let attempt = 1; ; attempt++) {
    const answer = await api.createLoan(body, key);
    if (
      answer.ok ||
      answer.status !== 503 ||
      answer.refusal.code === 'COUNTER_WINDOW_FULL' ||
      attempt === TRIES
    )
      return answer;
    await wait(PAUSE_MS);
  }
}

export interface Landing {
  readonly loans: readonly ListedLoan[];
  readonly oddities: readonly string[];
}

/**
 * Signs and submits every promise once and follows it to its end. The service submits again what a
 * node drops.
 * @param onLook how many have settled, after every look
 * @throws Error when some still count after `limitSeconds`
 */
export async function land(
  api: DemoApi,
  {
    poolId,
    winners,
    limitSeconds,
    onLook,
  }: {
    poolId: string;
    winners: readonly Winner[];
    limitSeconds: number;
    onLook: (settled: number) => void;
  },
): Promise<Landing> {
  const ids = new Set(winners.map(({ offer }) => offer.loan.id));
  const answers = await Promise.all(
    winners.map(async ({ borrower, offer }) =>
      api.submit(offer.loan.id, await signOffer(offer, Keypair.fromSecret(borrower.secret))),
    ),
  );
  const oddities = answers.flatMap((answer) =>
    answer.ok
      ? []
      : [`submission: ${answer.status} ${answer.refusal.code} ${answer.refusal.detail ?? ''}`],
  );
  const until = performance.now() + limitSeconds * 1000;
  for (;;) {
    const loans = (await api.loansOf(poolId)).filter(({ loan }) => ids.has(loan.id));
    onLook(loans.filter(({ reservation }) => reservation.state === 'settled').length);
    const live = loans.filter(({ reservation }) => reservation.state === 'held').length;
    if (live === 0) return { loans, oddities };
    if (performance.now() > until)
      throw new Error(
        `${live} promises are neither settled nor ended after ${limitSeconds} s. Does a worker run?`,
      );
    await wait(LOOK_AGAIN_MS);
  }
}

/** Transactions by what the chain says of each. */
export interface Landed {
  readonly landed: number;
  readonly failed: number;
  /** In no ledger. */ readonly missing: number;
  /** Different ledgers of those that landed. */ readonly ledgers: number;
}

/** What lands a promise: the transaction that was signed, or the one that carries the authorization. */
export interface Promised {
  /** Null: none has landed. */
  readonly hash: string | null;
  /** Transactions of the service for it that failed, and were followed by another one. */
  readonly failures: number;
}

export async function promisedOf(api: Pick<DemoApi, 'loan'>, { offer }: Winner): Promise<Promised> {
  if (offer.transaction) return { hash: offer.transaction.hash, failures: 0 };
  const { landings } = await api.loan(offer.loan.id);
  return {
    hash: landings.find(({ state }) => state === 'landed')?.hash ?? null,
    failures: landings.filter(({ state }) => state === 'failed').length,
  };
}

/** What the chain itself says of each, past the rows of the service. */
export async function landedOnChain(
  chain: Pick<Chain, 'findTransaction'>,
  promised: readonly Pick<Promised, 'hash'>[],
): Promise<Landed> {
  const reports: TransactionReport[] = [];
  for (const { hash } of promised)
    if (hash !== null) reports.push(await chain.findTransaction(hash));
  const landed = reports.flatMap((report) => (report.status === 'success' ? [report.ledger] : []));
  const failed = reports.filter(({ status }) => status === 'failed').length;
  return {
    landed: landed.length,
    failed,
    missing: promised.length - landed.length - failed,
    ledgers: new Set(landed).size,
  };
}
