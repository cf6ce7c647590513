import type { LiveHold } from '../../src/modules/liquidity/reservation.js';
import type { Settlement, Transition } from '../../src/modules/liquidity/ends/end-evidence.js';
import type { Dice } from './dice.js';
import { OUR_FAULT, REFUSED, type LedgerUnderTest } from './given-ledger.js';
import { busy, fail } from './jackhammer-answers.js';
import type { ModelChain, ModelEnvelope } from './model-chain.js';

/**
 * Evidence that is gathered now and written some steps later, when the hold may have ended or have
 * one more envelope.
 */
interface Pending {
  readonly hold: LiveHold;
  readonly what: string;
  readonly write: () => Promise<Transition[]>;
}

/** The ends of holds that the chain has proven and the ledger has not written yet. */
export class PendingEnds {
  #pending: Pending[] = [];
  /** Reservation by hash of a rebuilt envelope, issued or not. */
  readonly #rebuilt = new Map<string, string>();

  constructor(
    private readonly under: LedgerUnderTest,
    private readonly chain: ModelChain,
    private readonly dice: Dice,
    private readonly count: (what: string) => void,
  ) {}

  rebuilt(envelopeHash: string, reservationId: string): void {
    this.#rebuilt.set(envelopeHash, reservationId);
  }
  clear(): void {
    this.#pending = [];
  }

  settlement(hold: LiveHold): Settlement[] {
    const landed = this.#envelopesOf(hold).find(({ fate }) => fate === 'landed');
    return landed
      ? [
          {
            poolId: hold.poolId,
            reservationId: hold.reservationId,
            envelopeHash: landed.hash,
            settledLedger: landed.ledger,
            closeTime: landed.closeTime,
            loanId: 7n,
            feeBump: this.dice.chance(0.3),
          },
        ]
      : [];
  }
  #envelopesOf(hold: LiveHold): ModelEnvelope[] {
    return hold.envelopes.flatMap(({ hash }) => this.chain.envelopes.get(hash) ?? []);
  }

  /** Keeps what the chain proves about a hold at this moment, by the certificates. */
  gather(hold: LiveHold): void {
    const { ledger } = this.under;
    const which = {
      poolId: hold.poolId,
      reservationId: hold.reservationId,
      envelopeVersion: hold.envelopeVersion,
    };
    const votes = {
      firstVoteLedger: this.chain.ledger + 2,
      secondVoteLedger: this.chain.ledger + 3,
      oldestLedger: 1,
    };
    const add = (what: string, write: Pending['write']): void => {
      this.#pending.push({ hold, what, write });
    };
    const envelopes = this.#envelopesOf(hold);
    const settlements = this.settlement(hold);
    const failed = envelopes.filter(({ fate }) => fate === 'failed').at(-1);
    // a failure proves nothing about an open envelope with a higher sequence: the hold ends when
    // that envelope is dead too
    const higherIsOpen =
      failed &&
      hold.envelopes.some(({ state, sequence }) => state === 'open' && sequence > failed.sequence);
    const failure = failed &&
      !higherIsOpen && {
        ...which,
        envelopeHash: failed.hash,
        failedLedger: failed.ledger,
        closeTime: failed.closeTime,
        resultCode: 'txFailed/invokeHostFunctionTrapped',
        ...OUR_FAULT,
      };
    const deadline = envelopes.reduce(
      (latest, { maxTime }) => (maxTime > latest ? maxTime : latest),
      0n,
    );
    if (settlements.length) add('settled', () => ledger.ends.settle(settlements));
    else if (failure && !envelopes.every((one) => this.chain.isDead(one)))
      add('kept failure', () => ledger.ends.failEnvelopes([failure]));
    else if (failure && this.dice.chance(0.4))
      add('kept failure', () => ledger.ends.failEnvelopes([failure]));
    else if (failure)
      add('released', () =>
        ledger.ends.releaseFailed([this.dice.chance(0.5) ? failure : { ...failure, ...REFUSED }]),
      );
    else if (this.chain.closeTime >= deadline)
      add('expired', () =>
        ledger.ends.expire([
          {
            ...which,
            ...votes,
            passedLedger: this.chain.ledger,
            passedCloseTime: this.chain.closeTime,
          },
        ]),
      );
    else if (envelopes.every((one) => this.chain.isDead(one)))
      add('released', () =>
        ledger.ends.releaseConsumed([
          {
            ...which,
            ...votes,
            consumedLedger: this.chain.ledger,
            consumedSequence: this.chain.consumed(hold.borrower),
          },
        ]),
      );
  }

  async writeSome(): Promise<void> {
    const now = this.#pending.filter(() => this.dice.chance(0.6));
    this.#pending = this.#pending.filter((one) => !now.includes(one));
    await this.#write(now);
  }
  async writeAll(): Promise<void> {
    await this.#write(this.#pending.splice(0));
  }

  async #write(list: readonly Pending[]): Promise<void> {
    await Promise.all(
      list.map(async ({ hold, what, write }) => {
        const [transition] = (await write().catch(busy)) ?? [];
        this.count(transition?.written ? what : `${what}: too late`);
        if (!transition?.written || (what !== 'released' && what !== 'expired')) return;
        const alive = [...this.chain.envelopes.values()].filter(
          (one) =>
            one.revealed &&
            this.#isOf(hold, one) &&
            (one.fate === 'landed' || !this.chain.isDead(one)),
        );
        if (alive.length > 0)
          fail(
            'an end without a certificate',
            `${hold.reservationId} was ${what} while ${alive.map(({ hash, fate }) => `${hash} ${fate}`).join(', ')}`,
          );
      }),
    );
  }
  #isOf(hold: LiveHold, envelope: ModelEnvelope): boolean {
    return (
      hold.envelopes.some(({ hash }) => hash === envelope.hash) ||
      this.#rebuilt.get(envelope.hash) === hold.reservationId
    );
  }
}
