import { Keypair } from '@stellar/stellar-sdk';
import { ControlRefusal } from '../../sandbox/network/control-refusal.js';
import type { Dice } from '../support/dice.js';
import type { Borrower } from '../support/given.js';
import { type Loan, memberOf, send } from './client-data.js';
import type { Diary } from './diary.js';
import { bareSignature, signedEntry } from './entries.js';
import type { Issued } from './oracle.js';
import type { Credential, Scene } from './world.js';

/** How a borrower hands back what it signed, or what it keeps for itself. */
type Handed = 'entry' | 'signature' | 'foreign';
type Move = Handed | 'stranger' | 'cancel' | 'rebuild';
const MOVES: readonly Move[] = [
  'entry',
  'entry',
  'entry',
  'entry',
  'signature',
  'signature',
  'foreign',
  'stranger',
  'stranger',
  'cancel',
  'rebuild',
];

/** A contract account does not sign in, so its backend acts for it. */
export const ownerOf = (
  { credentials }: Scene,
  { address }: Pick<Borrower, 'address'>,
): Promise<Credential> =>
  address.startsWith('C') ? Promise.resolve(credentials.backend) : credentials.wallet(address);

/** What borrowers, and strangers who see their entries, do with authorizations. */
export class EntryMoves {
  constructor(
    private readonly world: Scene,
    private readonly dice: Dice,
    private readonly diary: Diary,
  ) {}

  /** Whether the next loan is signed as an authorization. */
  isAsked(): boolean {
    const { signing } = this.world;
    return signing === 'authorization' || (signing === 'mixed' && this.dice.chance(0.5));
  }

  /** One thing that its borrower, or somebody who sees it, does with an entry. */
  async move(
    issued: Issued,
    loan: Loan,
    through: { readonly cancel: () => Promise<void>; readonly rebuild: () => Promise<void> },
  ): Promise<void> {
    const what = loan.lost ? 'stranger' : (this.dice.one(MOVES) ?? 'entry');
    if (what === 'stranger') await this.landed(issued, loan);
    else if (what === 'cancel' || what === 'rebuild') await through[what]();
    else await this.#submit(issued, loan, what);
  }

  /** @throws Error when the service takes a signature by another key */
  async #submit(issued: Issued, loan: Loan, what: Handed): Promise<void> {
    const { passphrase } = this.world.network;
    const { borrower } = loan;
    const another = { ...borrower, secret: Keypair.random().secret() };
    const isBare = what === 'signature' && borrower.address.startsWith('G');
    const signedAuthorization = isBare
      ? bareSignature(issued.hash, borrower)
      : await signedEntry(issued, what === 'foreign' ? another : borrower, passphrase);
    if (what !== 'foreign') loan.signed = true;
    const answer = await send(this.world, {
      api: this.dice.below(2),
      method: 'POST',
      url: `/loans/${loan.id}/submission`,
      body: { signedAuthorization },
      as: await ownerOf(this.world, borrower),
    });
    const isTaken = answer?.status === 202;
    if (what !== 'foreign') this.diary.count(isTaken ? 'entry submitted' : 'submission refused');
    else if (!isTaken) this.diary.count('foreign signature refused');
    this.diary.say(
      `${loan.reservationId} ${what} submitted: ${answer?.status ?? 'no answer'} ${memberOf(answer, 'code')}`,
    );
    if (isTaken && what === 'foreign' && !loan.signed)
      throw new Error(`${loan.reservationId}: a signature by another key was taken`);
  }

  /** Somebody else lands the entry; its borrower may have cancelled, or the hold may have ended. */
  async landed(issued: Issued, { borrower, reservationId, cancelled }: Loan): Promise<void> {
    const entry = await signedEntry(issued, borrower, this.world.network.passphrase);
    try {
      this.world.network.control.signers.land({ entry, close: false });
      this.diary.count(cancelled ? 'cancelled entry landed by a stranger' : 'stranger landed');
      this.diary.say(`a stranger lands the entry of ${reservationId}`);
    } catch (thrown) {
      if (!(thrown instanceof ControlRefusal)) throw thrown; // it is spent, or its fence has passed
      this.diary.count('stranger refused');
    }
  }
}
