import type { NetworkControl } from '../../sandbox/network/network-control.js';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import {
  ask,
  type Borrower,
  dueIn,
  type GivenPool,
  loanBody,
  observe,
  postLoan,
  type Service,
  signed,
} from './given.js';

export interface RaceTerms {
  readonly totalAmount: string;
  readonly guaranteeAmount: string;
  readonly instalments: number;
  /** Amount of each. */
  readonly instalment: string;
}
export interface RaceOptions {
  readonly pool: GivenPool;
  readonly borrowers: readonly Borrower[];
  readonly terms: RaceTerms;
  /** Actions of strangers after the holds were made and before the transactions are submitted. */
  readonly between?: () => void;
  /** Actions of strangers after each ledger. */
  readonly afterLedger?: (ledger: number) => void;
}
/**
 * The outcome of a race, from the network's own record of every transaction that left the service.
 */
export interface RaceFigures {
  readonly held: number;
  /** Requests that ended without a hold, by code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Requests that were sent again after COUNTER_WINDOW_FULL. */
  readonly askedAgain: number;
  readonly landed: number;
  readonly failed: number;
  /** Neither in a ledger nor able to get into one. */
  readonly lapsed: number;
  readonly settled: number;
  /** Ledgers that the landings took, from submission to the last. */
  readonly ledgers: number;
  readonly mostInOneLedger: number;
}

const LEDGER_SECONDS = 5;
/** More waves than any race here needs. */
const WAVES_MOST = 12;
export interface Offer {
  readonly loan: { readonly id: string };
  readonly reservation: { readonly id: string };
  readonly transaction: { readonly xdr: string; readonly hash: string; readonly maxTime: number };
}
/** The holds that were made. */
export interface HeldLoan {
  readonly offer: Offer;
  readonly borrower: Borrower;
}
interface Refused {
  readonly borrower: Borrower;
  readonly code: string;
  readonly nextDeadline: string | null;
}

/**
 * All borrowers request a loan at the same moment, sign and submit once. Ledgers of five seconds
 * and the worker's rounds do the rest. A request refused with COUNTER_WINDOW_FULL is sent again,
 * with the same key, after the deadline that the answer names.
 */
export async function race(service: Service, options: RaceOptions): Promise<RaceFigures> {
  const settlement = new SettlementService({
    ledger: service.ledger,
    pools: service.registry,
    chain: service.chain,
  });
  const all: HeldLoan[] = [];
  const final: Refused[] = [];
  let [asking, askedAgain, ledgers] = [options.borrowers, 0, 0];
  for (let wave = 0; asking.length > 0; wave++) {
    if (wave === WAVES_MOST)
      throw new Error(`${asking.length} are refused with COUNTER_WINDOW_FULL still`);
    const { held, refused } = await askAll(service, options, asking);
    all.push(...held);
    if (wave === 0) options.between?.();
    ledgers += await landAll(service, settlement, options, held);
    const later = refused.filter(({ code }) => code === 'COUNTER_WINDOW_FULL');
    final.push(...refused.filter((one) => !later.includes(one)));
    asking = later.map(({ borrower }) => borrower);
    askedAgain += later.length;
    if (later.length > 0) await untilDeadline(service, options.pool, later);
  }
  return {
    held: all.length,
    refused: countsOf(final.map(({ code }) => code)),
    askedAgain,
    ...outcomeOf(service.network.control, all),
    settled: await settledOf(service, all),
    ledgers,
  };
}

async function askAll(
  service: Service,
  { pool, terms }: RaceOptions,
  borrowers: readonly Borrower[],
): Promise<{ held: HeldLoan[]; refused: Refused[] }> {
  const schedule = Array.from({ length: terms.instalments }, (_, index) => ({
    amount: terms.instalment,
    dueAt: dueIn(30 + index),
  }));
  const { totalAmount, guaranteeAmount } = terms;
  const answers = await Promise.all(
    borrowers.map(async (borrower) => {
      const body = loanBody(pool, borrower, { totalAmount, guaranteeAmount, schedule });
      return { borrower, ...(await postLoan(service, body, `race-${borrower.address}`)) };
    }),
  );
  return {
    held: answers
      .filter(({ status }) => status === 201)
      .map(({ borrower, body }) => ({ borrower, offer: body as unknown as Offer })),
    refused: answers
      .filter(({ status }) => status !== 201)
      .map(({ borrower, body }) => ({
        borrower,
        code: String(body['code']),
        nextDeadline: (body['nextDeadline'] ?? null) as string | null,
      })),
  };
}

/** Every borrower signs and submits once, without interference. */
export async function landed(
  service: Service,
  pool: GivenPool,
  held: readonly HeldLoan[],
): Promise<Pick<RaceFigures, 'landed' | 'failed' | 'lapsed' | 'settled'>> {
  const settlement = new SettlementService({
    ledger: service.ledger,
    pools: service.registry,
    chain: service.chain,
  });
  await landAll(service, settlement, { pool }, held);
  const { mostInOneLedger: _, ...outcome } = outcomeOf(service.network.control, held);
  return { ...outcome, settled: await settledOf(service, held) };
}

/** @returns how many ledgers it took */
async function landAll(
  service: Service,
  settlement: SettlementService,
  options: Pick<RaceOptions, 'pool' | 'afterLedger'>,
  held: readonly HeldLoan[],
): Promise<number> {
  const { control, passphrase } = service.network;
  const from = control.head().ledger;
  const answers = await Promise.all(
    held.map(({ offer: { loan, transaction }, borrower }) =>
      ask(service, {
        url: `/loans/${loan.id}/submission`,
        body: { signedXdr: signed(transaction.xdr, passphrase, borrower) },
      }),
    ),
  );
  const odd = answers.find(({ status }) => status !== 202);
  if (odd) throw new Error(`a submission was refused: ${odd.text}`);
  const waits = ({ offer: { transaction } }: HeldLoan): boolean =>
    control.landing(transaction.hash) === null && control.head().closeTime < transaction.maxTime;
  for (let ledger = 0; held.some(waits); ledger++) {
    control.travel(LEDGER_SECONDS);
    await settlement.observePool(options.pool.pool);
    options.afterLedger?.(ledger);
  }
  const ledgers = control.head().ledger - from;
  // a failure needs a second reply of a later ledger (docs/protocol.md#failed)
  control.travel(LEDGER_SECONDS);
  await settlement.observePool(options.pool.pool);
  return ledgers;
}

async function untilDeadline(
  service: Service,
  { pool }: GivenPool,
  refused: readonly Refused[],
): Promise<void> {
  const deadline = Math.max(
    ...refused.map(({ nextDeadline }) =>
      nextDeadline === null ? 0 : Date.parse(nextDeadline) / 1000,
    ),
  );
  const left = deadline - service.network.control.head().closeTime;
  if (left <= 0) return;
  service.network.control.travel(left);
  await observe(service, pool);
}

function outcomeOf(
  control: NetworkControl,
  held: readonly HeldLoan[],
): Pick<RaceFigures, 'landed' | 'failed' | 'lapsed' | 'mostInOneLedger'> {
  const landings = held.flatMap(({ offer }) => control.landing(offer.transaction.hash) ?? []);
  const good = landings.filter(({ succeeded }) => succeeded);
  return {
    landed: good.length,
    failed: landings.length - good.length,
    lapsed: held.length - landings.length,
    mostInOneLedger: Math.max(
      0,
      ...Object.values(countsOf(good.map(({ ledger }) => String(ledger)))),
    ),
  };
}

async function settledOf(service: Service, held: readonly HeldLoan[]): Promise<number> {
  const states = await Promise.all(
    held.map(async ({ offer }) => {
      const { body } = await ask(service, { url: `/reservations/${offer.reservation.id}` });
      return (body['reservation'] as { state: string }).state;
    }),
  );
  return states.filter((state) => state === 'settled').length;
}

const countsOf = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    [...new Set(names)].map((name) => [name, names.filter((other) => other === name).length]),
  );
