/**
 * The port to Stellar web authentication (SEP-10): plain types, no SDK type. It keeps no state, so
 * the caller must accept a challenge only once: until it expires, the same signed challenge
 * verifies again (docs/stellar.md#sep-10).
 */
export const WEB_AUTH = Symbol('web auth');

/**
 * Largest clock difference between wallets and our processes, seconds. The SDK's own tolerance of
 * five minutes was rejected: it doubles the time in which a challenge is valid.
 */
export const CLOCK_TOLERANCE_SECONDS = 30;
export const CHALLENGE_SECONDS = 300;

/**
 * A challenge that this service made and that has not expired. `hash` as hex; signatures do not
 * change it.
 */
export type ReadChallenge =
  | {
      readonly ok: true;
      readonly hash: string;
      readonly account: string;
      /** unix seconds, tolerance included */ readonly usableUntil: number;
    }
  | { readonly ok: false; readonly sentence: string };

/** What a signature for an account needs: signers with their weights, and the medium threshold. */
export interface AccountAuthority {
  readonly threshold: number;
  readonly signers: readonly { readonly address: string; readonly weight: number }[];
}

export interface WebAuth {
  /** The G address whose signature challenges carry. */
  readonly signingKey: string;
  readonly networkPassphrase: string;
  /** Home domains that a challenge can be for, the configured one first. */
  readonly homeDomains: readonly string[];
  /**
   * @param account a G address
   * @param homeDomain one of `homeDomains`
   * @returns the challenge, base64 XDR, signed by us
   */
  challenge(account: string, homeDomain: string): string;
  read(transaction: string): ReadChallenge;
  /**
   * @returns null when the signatures reach the threshold, otherwise a sentence that names the
   * fault
   */
  signatureFault(transaction: string, authority: AccountAuthority): string | null;
  /**
   * As the chain has it now; null: no such account.
   * @throws HoldfastError CHAIN_UNREACHABLE
   */
  authorityOf(account: string): Promise<AccountAuthority | null>;
}
