import { Keypair } from '@stellar/stellar-sdk';
import { startingSequence } from './classic-operations.js';
import { ControlRefusal } from './control-refusal.js';
import { sha256 } from './ledger-entries.js';
import type { LocalChain } from './local-chain.js';
import { FRIENDBOT_GRANT } from './network-limits.js';
import type { NetworkNotes } from './network-notes.js';
import { writeChanges } from './setup-writes.js';
import type { StateChange } from '../contracts/deploy.js';

/** The secret is public because these accounts exist only on the model network. */
export interface DevelopmentAccount {
  readonly address: string;
  readonly secret: string;
}

/**
 * Accounts that the control port makes. Keys are derived from the chain's name and a number, so no
 * secret is stored, and two chains never share an account.
 */
export class DevelopmentAccounts {
  private readonly known: Keypair[] = [];
  private readonly byAddress = new Map<string, Keypair>();
  private stranger: Keypair | undefined;

  constructor(private readonly chain: LocalChain) {}

  /** Unused keys, and the notes that record them. */
  next(count: number): { keys: readonly Keypair[]; notes: NetworkNotes } {
    const { notes } = this.chain;
    const keys = Array.from({ length: count }, (_, index) =>
      this.derived(notes.accountsMade + index),
    );
    return { keys, notes: { ...notes, accountsMade: notes.accountsMade + count } };
  }

  /** Funded accounts, in one ledger. */
  make(
    count: number,
    changes: (address: string) => readonly StateChange[],
  ): readonly DevelopmentAccount[] {
    const { keys, notes } = this.next(count);
    this.chain.closeLedger({
      notes,
      setup: (state, place) => {
        for (const key of keys) {
          state.putAccount(key.publicKey(), {
            balance: FRIENDBOT_GRANT,
            sequence: startingSequence(place.sequence),
          });
          writeChanges(state, changes(key.publicKey()));
        }
      },
    });
    return keys.map((key) => ({ address: key.publicKey(), secret: key.secret() }));
  }

  /** @throws ControlRefusal when the control port did not make the account */
  keyOf(address: string): Keypair {
    for (let number = this.known.length; number < this.chain.notes.accountsMade; number++)
      this.derived(number);
    const key = this.byAddress.get(address);
    if (!key)
      throw new ControlRefusal(`${address} was not made by this control port: its key is unknown`);
    return key;
  }

  /**
   * An account without a part in any pool: the same one, unless one of its transactions waits for a
   * ledger.
   */
  passerBy(): Keypair {
    const present = this.stranger;
    if (present && !this.chain.queue.holdsFrom(present.publicKey())) return present;
    const [made] = this.make(1, () => []);
    if (!made) throw new Error('one account was asked for');
    this.stranger = Keypair.fromSecret(made.secret);
    return this.stranger;
  }

  /** The chain began again: no account is left, and its name may be another. */
  forget(): void {
    this.known.length = 0;
    this.byAddress.clear();
    this.stranger = undefined;
  }

  /** The next account takes this number. */
  continueAt(accountsMade: number): void {
    this.chain.closeLedger({ notes: { ...this.chain.notes, accountsMade } });
  }

  /** The number of the key of an account that this control port made. */
  numberOf(address: string): number {
    const key = this.keyOf(address);
    return this.known.indexOf(key);
  }

  private derived(number: number): Keypair {
    for (let missing = this.known.length; missing <= number; missing++) {
      const key = Keypair.fromRawEd25519Seed(
        sha256(`holdfast development account ${this.chain.notes.chainId} ${missing}`),
      );
      this.known.push(key);
      this.byAddress.set(key.publicKey(), key);
    }
    const key = this.known[number];
    if (!key) throw new Error(`no key ${number}`);
    return key;
  }
}
