import { Keypair, StrKey, WebAuth as Sep10, xdr } from '@stellar/stellar-sdk';
import { SigningKey } from '../../common/ed25519.js';
import { asError } from '../../common/errors.js';
import { accountIn, accountKey, readEntries } from './ledger-entries.js';
import type { RpcClient } from './rpc-client.js';
import {
  CHALLENGE_SECONDS,
  CLOCK_TOLERANCE_SECONDS,
  type AccountAuthority,
  type ReadChallenge,
  type WebAuth,
} from './web-auth.js';

export interface Sep10Options {
  /** S… seed. Never logged. */
  readonly seed: string;
  readonly networkPassphrase: string;
  readonly homeDomain: string;
  readonly webAuthDomain: string;
}

/**
 * SEP-10 by the SDK's own helpers, which check server signature, sequence 0, home domain, web-auth
 * domain and time.
 */
export class Sep10WebAuth implements WebAuth {
  readonly signingKey: string;
  readonly networkPassphrase: string;
  readonly homeDomains: readonly string[];
  readonly #seed: string;
  #server: Keypair | undefined;
  readonly #webAuthDomain: string;

  /** @throws Error when the seed is invalid; the message does not repeat it */
  constructor(
    private readonly rpc: RpcClient,
    options: Sep10Options,
  ) {
    this.#seed = options.seed;
    this.signingKey = accountOf(options.seed);
    this.networkPassphrase = options.networkPassphrase;
    this.homeDomains = [...new Set([options.homeDomain, hostOf(options.homeDomain)])];
    this.#webAuthDomain = hostOf(options.webAuthDomain);
  }

  challenge(account: string, homeDomain: string): string {
    // made when the first caller asks: the SDK's key takes a fifth of a start
    this.#server ??= Keypair.fromSecret(this.#seed);
    return Sep10.buildChallengeTx(
      this.#server,
      account,
      homeDomain,
      CHALLENGE_SECONDS,
      this.networkPassphrase,
      this.#webAuthDomain,
    );
  }

  read(transaction: string): ReadChallenge {
    try {
      const { tx, clientAccountID, memo } = Sep10.readChallengeTx(transaction, ...this.#expected());
      if (memo !== null)
        return {
          ok: false,
          sentence: 'A challenge with a memo is not ours: this service has no memo accounts.',
        };
      // The SDK accepts only a finite maxTime.
      const usableUntil = Number(tx.timeBounds?.maxTime ?? 0) + CLOCK_TOLERANCE_SECONDS;
      if (Date.now() / 1000 > usableUntil)
        return { ok: false, sentence: 'The challenge has expired; ask for a new one.' };
      return {
        ok: true,
        hash: xdr.encodeBytes(tx.hash(), 'hex'),
        account: clientAccountID,
        usableUntil,
      };
    } catch (thrown) {
      return {
        ok: false,
        sentence: sentenceOf(thrown, 'This is not the base64 XDR of a challenge.'),
      };
    }
  }

  signatureFault(transaction: string, authority: AccountAuthority): string | null {
    const signers = authority.signers.map(({ address, weight }) => ({
      key: address,
      weight,
      type: 'ed25519_public_key',
    }));
    const [serverKey, passphrase, homeDomains, webAuthDomain] = this.#expected();
    try {
      Sep10.verifyChallengeTxThreshold(
        transaction,
        serverKey,
        passphrase,
        authority.threshold,
        signers,
        homeDomains,
        webAuthDomain,
      );
      return null;
    } catch (thrown) {
      return sentenceOf(thrown, 'The signatures cannot be read.');
    }
  }

  async authorityOf(account: string): Promise<AccountAuthority | null> {
    const entry = accountIn(await readEntries(this.rpc, [accountKey(account)]), account);
    return entry && { threshold: entry.mediumThreshold, signers: entry.weights };
  }

  #expected(): [string, string, string[], string] {
    return [this.signingKey, this.networkPassphrase, [...this.homeDomains], this.#webAuthDomain];
  }
}

/** SEP-10 knows domains, which have no port; an address of `npm start` has one. */
const hostOf = (domain: string): string => domain.replace(/:[0-9]+$/, '');

/** @throws Error when the seed is invalid; the message does not repeat it */
function accountOf(seed: string): string {
  if (!StrKey.isValidEd25519SecretSeed(seed))
    throw new Error('AUTH_SIGNING_SEED is not the seed of a Stellar key (S…).');
  return StrKey.encodeEd25519PublicKey(
    new SigningKey(StrKey.decodeEd25519SecretSeed(seed)).publicKey,
  );
}

/** The SDK's own message for a wrong challenge; other errors would name internals. */
function sentenceOf(thrown: unknown, otherwise: string): string {
  const error = asError(thrown);
  return error instanceof Sep10.InvalidChallengeError
    ? `${error.message.replace(/\.$/, '')}.`
    : otherwise;
}
