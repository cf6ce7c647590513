import { Account, Asset, type Keypair, Operation, TransactionBuilder } from '@stellar/stellar-sdk';
import type { Dice } from '../support/dice.js';
import type { Diary } from './diary.js';
import type { World } from './world.js';

/** About one in two walks of 200 ledgers. */
const DRAINS = 0.004;
const SHARE = 9_998;

/** The accounts that land authorizations. One of them may run dry; its owner took the lumens. */
export class Channels {
  #isDrained = false;

  constructor(
    private readonly world: Pick<World, 'channels' | 'network' | 'borrowers'>,
    private readonly dice: Dice,
    private readonly diary: Diary,
  ) {}

  async maybeDrain(): Promise<void> {
    const [channel] = this.world.channels;
    const [receiver] = this.world.borrowers;
    if (!channel || !receiver || this.#isDrained || !this.dice.chance(DRAINS)) return;
    this.#isDrained = true;
    this.diary.count('channel drained');
    this.diary.say(`channel ${channel.publicKey().slice(0, 6)} is drained`);
    await this.#pay(channel, receiver.address);
  }

  /** Its sequence number moves too, under a landing that may be in flight. */
  async #pay(channel: Keypair, destination: string): Promise<void> {
    const { control, passphrase, rpcUrl } = this.world.network;
    const sequence = control.sequence(channel.publicKey()) ?? 0n;
    const payment = new TransactionBuilder(new Account(channel.publicKey(), String(sequence)), {
      fee: '100000',
      networkPassphrase: passphrase,
      timebounds: { minTime: 0, maxTime: control.head().closeTime + 300 },
    })
      .addOperation(Operation.payment({ destination, asset: Asset.native(), amount: `${SHARE}` }))
      .build();
    payment.sign(channel);
    await fetch(rpcUrl, {
      method: 'POST',
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'sendTransaction',
        params: { transaction: payment.toXdr() },
      }),
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(400),
    }).catch(() => undefined);
  }
}
