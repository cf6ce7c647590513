import type { Dice } from '../support/dice.js';
import { signed, type Borrower } from '../support/given.js';
import { ControlRefusal } from '../../sandbox/network/control-refusal.js';
import type { Diary } from './diary.js';
import {
  type Answer,
  type Ask,
  type Loan,
  memberOf,
  type Offer,
  offeredEntry,
  send,
  STICKY,
} from './client-data.js';
import { EntryMoves, ownerOf } from './entry-moves.js';
import { newLoan } from './new-loan.js';
import type { Oracle } from './oracle.js';
import type { Credential, Scene } from './world.js';

/**
 * A borrower whose hold a failover lost signs late. Otherwise nearly all would land long before the
 * quarantine ends.
 */
const SIGNS_LATE = 0.9;
/** How often a borrower who signs an authorization is a contract account. */
const CONTRACT_ACCOUNT = 0.15;
/** The borrowers: what they request from the API and what they do with the XDRs they got. */
export class Clients {
  readonly #loans = new Map<string, Loan>();
  readonly #keyed: Ask[] = [];
  /** Requests with a key that got no final answer. */
  #unanswered: Ask[] = [];
  #serial = 0;
  readonly #entries: EntryMoves;

  constructor(
    private readonly world: Scene,
    private readonly oracle: Oracle,
    private readonly dice: Dice,
    private readonly diary: Diary,
  ) {
    this.#entries = new EntryMoves(world, dice, diary);
  }

  wasCancelled(reservationId: string): boolean {
    return this.#loans.get(reservationId)?.cancelled ?? false;
  }

  /**
   * Notes what a failover lost. The borrowers still have the XDRs, and to the copy a lost key is
   * new.
   */
  forgotten(reservationIds: readonly string[]): void {
    for (const id of reservationIds) {
      const loan = this.#loans.get(id);
      if (loan) loan.lost = true;
      for (const ask of this.#keyed) if (ask.sticky?.includes(id)) ask.sticky = null;
    }
  }

  /** Requests a new loan, sometimes with the same key at both APIs at once. */
  async ask(): Promise<void> {
    const { dice, world } = this;
    const signsEntry = this.#entries.isAsked();
    const isWallet = signsEntry && dice.chance(CONTRACT_ACCOUNT);
    const borrower = dice.one(isWallet ? world.wallets : world.borrowers);
    if (!borrower) return;
    const { amount, body } = newLoan(this.oracle, this.world, { dice, borrower, signsEntry });
    const ask: Ask = {
      borrower,
      amount,
      body,
      // a contract account cannot sign in by itself
      key: isWallet || dice.chance(0.65) ? `walk-${this.#serial++}` : null,
      sticky: null,
    };
    if (ask.key !== null) this.#keyed.push(ask);
    if (ask.key === null || dice.chance(0.7)) return this.#post(ask, dice.below(2));
    this.diary.count('asked at both');
    await Promise.all([this.#post(ask, 0), this.#post(ask, 1)]);
  }

  /** Repeats a request with its key: first one that got no answer. */
  async askAgain(): Promise<void> {
    const ask = this.#unanswered.shift() ?? this.dice.one(this.#keyed.slice(-60));
    if (!ask) return;
    await this.#post(ask, this.dice.below(2));
    if (ask.sticky === null || !this.dice.chance(0.2)) return;
    const other = await this.#request(this.dice.below(2), 'POST', '/loans', {
      body: { ...ask.body, totalAmount: '1' },
      key: ask.key,
      as: await this.#asker(ask),
    });
    if (other && other.status < 500 && other.body['code'] !== 'IDEMPOTENCY_KEY_REUSED')
      throw new Error(
        `one key, one answer: the key ${ask.key} with another body was answered ${other.status} ${other.text}`,
      );
  }

  /**
   * A borrower without an answer reads the list: a hold may be there, and its XDR is read like any
   * other.
   */
  async lookUp(): Promise<void> {
    const list = await this.#request(this.dice.below(2), 'GET', `/loans?state=held&limit=50`);
    for (const entry of list?.status === 200 ? (list.body['loans'] as Offer[]) : []) {
      if (!this.#loans.has(entry.reservation.id)) await this.#readLoan(entry.loan.id);
    }
  }

  /** One thing that its borrower does with a loan that may still land. */
  async move(): Promise<void> {
    const loan = this.#pick();
    if (!loan) return;
    const { dice } = this;
    if (loan.lost && dice.chance(SIGNS_LATE)) return;
    const entry = this.oracle.of(loan.reservationId).find(({ nonce }) => nonce !== null);
    if (entry)
      return this.#entries.move(entry, loan, {
        cancel: () => this.#cancel(loan, false),
        rebuild: () => this.#rebuild(loan),
      });
    const { rebuilds } = this.world;
    if (rebuilds !== undefined && dice.chance(rebuilds)) return this.#rebuildAndSign(loan);
    const what =
      dice.one(
        loan.lost
          ? (['direct', 'direct', 'bump'] as const)
          : ([
              'through us',
              'through us',
              'direct',
              'direct',
              'bump',
              'rebuild',
              'rebuild',
              'cancel',
              'burn',
            ] as const),
      ) ?? 'direct';
    const xdr = this.#signed(loan);
    if (what === 'through us') await this.#submit(loan, xdr);
    else if (what === 'direct') await this.#direct(xdr);
    else if (what === 'bump') this.#bump(xdr);
    else if (what === 'rebuild') await this.#rebuild(loan);
    else await this.#cancel(loan, what === 'burn');
  }

  /** Submits an old signed transaction, maybe long after its hold has ended. */
  async submitLate(): Promise<void> {
    const issued = this.dice.one([...this.oracle.issued.values()].slice(-80));
    const loan = issued && this.#loans.get(issued.reservationId);
    if (issued?.nonce && loan) return this.#entries.landed(issued, loan);
    if (issued && loan)
      await this.#direct(signed(issued.xdr, this.world.network.passphrase, loan.borrower));
  }

  #pick(): Loan | undefined {
    return this.dice.one(
      [...this.#loans.values()]
        .slice(-40)
        .filter((loan) =>
          this.oracle.of(loan.reservationId).some((each) => this.oracle.canLand(each)),
        ),
    );
  }
  #signed(loan: Loan): string {
    const envelopes = this.oracle.of(loan.reservationId);
    const xdr = (this.dice.chance(0.7) ? envelopes.at(-1) : this.dice.one(envelopes))?.xdr ?? '';
    return signed(xdr, this.world.network.passphrase, loan.borrower);
  }

  /** A request without a key must come from a wallet, because backends need one. */
  #asker({ key, borrower }: Ask): Promise<Credential> {
    return key === null
      ? this.world.credentials.wallet(borrower.address)
      : Promise.resolve(this.world.credentials.backend);
  }
  /** A borrower acts on its own loans, also on those that a backend requested. */
  #wallet({ borrower }: Loan): Promise<Credential> {
    return ownerOf(this.world, borrower);
  }

  async #post(ask: Ask, api: number): Promise<void> {
    const answer = await this.#request(api, 'POST', '/loans', {
      body: ask.body,
      key: ask.key,
      as: await this.#asker(ask),
    });
    const code = answer?.body['code'];
    this.diary.count(
      answer === null ? 'lost answer' : answer.status === 201 ? 'held' : `refused ${String(code)}`,
    );
    this.diary.say(
      `api ${api}: ${String(ask.body['borrower']).slice(0, 6)} asks ${ask.amount} with ` +
        `${ask.key ?? 'no key'}: ${answer?.status ?? 'no answer'} ${memberOf(answer, 'code')}`,
    );
    const final = answer !== null && (answer.status === 201 || STICKY.includes(code));
    if (!final) {
      if (ask.key !== null && (answer === null || answer.status >= 500)) this.#unanswered.push(ask);
      return;
    }
    const said =
      answer.status === 201 ? answer.text : JSON.stringify({ ...answer.body, requestId: null });
    if (ask.key !== null && ask.sticky !== null && ask.sticky !== said)
      throw new Error(
        `one key, one answer: the key ${ask.key} was answered ${ask.sticky}, then ${said}`,
      );
    if (ask.sticky !== null) this.diary.count('replayed');
    ask.sticky = said;
    if (answer.status === 201) this.#remember(answer.body as unknown as Offer, ask);
  }

  #remember(offer: Offer, of: { readonly borrower: Borrower; readonly amount: bigint }): void {
    const { loan, reservation, transaction } = offer;
    const known = this.#loans.get(reservation.id);
    if (!known)
      this.#loans.set(reservation.id, {
        id: loan.id,
        reservationId: reservation.id,
        borrower: of.borrower,
        amount: of.amount,
        cancelled: false,
        signed: false,
        lost: false,
      });
    const hold = {
      reservationId: reservation.id,
      borrower: of.borrower.address,
      amount: of.amount,
    };
    if (transaction) this.oracle.reveal(transaction, hold);
    const entry = offeredEntry(offer);
    if (entry) this.oracle.revealEntry(entry, hold);
  }

  async #readLoan(id: string): Promise<void> {
    const page = await this.#request(this.dice.below(2), 'GET', `/loans/${id}`);
    if (page?.status !== 200) return;
    const offer = page.body as unknown as Offer;
    const borrower = [...this.world.borrowers, ...this.world.wallets].find(
      ({ address }) => address === (page.body['loan'] as { borrower: string }).borrower,
    );
    if (!borrower) throw new Error(`loan ${id} has a borrower who never asked`);
    const [whole = '0', part = ''] = offer.loan.fundedAmount.split('.');
    this.#remember(offer, { borrower, amount: BigInt(whole + part.padEnd(7, '0')) });
    this.diary.count('found in the list');
  }

  async #submit(loan: Loan, signedXdr: string): Promise<void> {
    const answer = await this.#request(this.dice.below(2), 'POST', `/loans/${loan.id}/submission`, {
      body: { signedXdr },
      as: await this.#wallet(loan),
    });
    this.diary.count(answer?.status === 202 ? 'submitted through us' : 'submission refused');
    this.diary.say(
      `${loan.reservationId} submitted through us: ${answer?.status ?? 'no answer'} ${memberOf(answer, 'code')}`,
    );
  }

  /**
   * Submits to the node without the service, as any wallet may. It may fail when the node fails.
   */
  async #direct(signedXdr: string): Promise<void> {
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'sendTransaction',
      params: { transaction: signedXdr },
    });
    const reply = await fetch(this.world.network.rpcUrl, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(400),
    }).then(
      (response) => response.text(),
      () => 'no answer',
    );
    this.diary.count('submitted to the node');
    this.diary.say(`to the node: ${/"status":"(\w+)"/.exec(reply)?.[1] ?? 'no answer'}`);
  }

  #bump(envelope: string): void {
    try {
      const { hash, innerHash } = this.world.network.control.feeBump({ envelope, close: false });
      this.diary.say(`${innerHash.slice(0, 8)} inside the fee bump ${hash.slice(0, 8)}`);
    } catch (thrown) {
      if (!(thrown instanceof ControlRefusal)) throw thrown; // it waits already, or has ended
    }
  }

  async #rebuild(loan: Loan): Promise<void> {
    const answer = await this.#request(
      this.dice.below(2),
      'POST',
      `/loans/${loan.id}/transaction`,
      { as: await this.#wallet(loan) },
    );
    this.diary.say(
      `${loan.reservationId} rebuilt: ${answer?.status ?? 'no answer'} ` +
        `${memberOf(answer, 'code')} ${memberOf(answer, 'reason')}`,
    );
    if (answer?.status !== 201) return;
    const before = this.oracle.issued.size;
    this.#remember(answer.body as unknown as Offer, loan);
    if (this.oracle.issued.size > before) this.diary.count('rebuilt');
  }

  /** Rebuilds, so that the newest of several transactions of a hold lands. */
  async #rebuildAndSign(loan: Loan): Promise<void> {
    await this.#rebuild(loan);
    const newest = this.oracle.of(loan.reservationId).at(-1);
    if (newest)
      await this.#direct(signed(newest.xdr, this.world.network.passphrase, loan.borrower));
  }

  async #cancel(loan: Loan, burns: boolean): Promise<void> {
    const answer = await this.#request(
      this.dice.below(2),
      'POST',
      `/loans/${loan.id}/cancellation`,
      { as: await this.#wallet(loan) },
    );
    this.diary.say(
      `${loan.reservationId} cancelled${burns ? ' and burnt' : ''}: ${answer?.status ?? 'no answer'}`,
    );
    if (answer?.status !== 202) return;
    loan.cancelled = true;
    this.diary.count('cancelled');
    const burn = answer.body['burn'] as { xdr: string } | null;
    if (burns && burn)
      await this.#direct(signed(burn.xdr, this.world.network.passphrase, loan.borrower));
  }

  /** Sends as the operator unless `as` is given. @returns null when the answer is lost */
  async #request(
    api: number,
    method: 'GET' | 'POST',
    url: string,
    more: { body?: unknown; key?: string | null; as?: Credential } = {},
  ): Promise<Answer | null> {
    return send(this.world, { api, method, url, ...more });
  }
}
