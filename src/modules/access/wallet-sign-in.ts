import { HoldfastError } from '../../common/errors.js';
import { validationFailed } from '../../http/validation.js';
import { addressKind } from '../chain/address.js';
import type { WebAuth } from '../chain/web-auth.js';
import type { LedgerConnections } from '../liquidity/guards/ledger-connections.js';
import type { Tokens } from './tokens.js';

const ACCOUNT_WRONG = {
  contract:
    'is a contract account (C…), which has no key for SEP-10 to prove. Sign in with a G account',
  muxed:
    'is a muxed address (M…). Use the G address behind it: a loan belongs to the account itself',
  none: 'must be a Stellar account address (G…) with a valid checksum',
} as const;

export interface ChallengeRequest {
  readonly account?: string | undefined;
  readonly homeDomain?: string | undefined;
  readonly memo?: string | undefined;
}

/**
 * Stellar web authentication (SEP-10): a wallet signs a transaction that can never land, and gets a
 * token for its account.
 */
export class WalletSignIn {
  constructor(
    private readonly webAuth: WebAuth,
    private readonly tokens: Tokens,
    private readonly connections: Pick<LedgerConnections, 'read'>,
  ) {}

  /** @throws HoldfastError VALIDATION_FAILED */
  challenge({ account, homeDomain = this.webAuth.homeDomains[0], memo }: ChallengeRequest): {
    transaction: string;
    network_passphrase: string;
  } {
    const domains = this.webAuth.homeDomains;
    const kind = addressKind(account ?? '');
    const faults = [
      ...(account === undefined
        ? [{ field: 'account', message: 'is required' }]
        : kind === 'account'
          ? []
          : [{ field: 'account', message: ACCOUNT_WRONG[kind] }]),
      ...(homeDomain !== undefined && domains.includes(homeDomain)
        ? []
        : [{ field: 'home_domain', message: `must be ${domains.join(' or ')}` }]),
      ...(memo === undefined
        ? []
        : [
            {
              field: 'memo',
              message:
                'is not supported, because a loan belongs to the account and not to a user behind a memo',
            },
          ]),
    ];
    if (account === undefined || homeDomain === undefined || faults.length > 0)
      throw withErrorMember(validationFailed(faults));
    return {
      transaction: this.webAuth.challenge(account, homeDomain),
      network_passphrase: this.webAuth.networkPassphrase,
    };
  }

  /**
   * The node is asked before the challenge is spent, so an unreachable node does not cost the
   * wallet its challenge. A unique row spends it before the token leaves, so only one of two
   * processes issues a token.
   * @throws HoldfastError VALIDATION_FAILED, UNAUTHENTICATED, CHAIN_UNREACHABLE
   */
  async token(transaction: string): Promise<string> {
    const challenge = this.webAuth.read(transaction);
    if (!challenge.ok)
      throw withErrorMember(
        validationFailed([{ field: 'transaction', message: `is refused: ${challenge.sentence}` }]),
      );
    const { account, hash, usableUntil } = challenge;
    // an account that does not exist yet has only its master key
    const authority = (await this.webAuth.authorityOf(account)) ?? {
      threshold: 1,
      signers: [{ address: account, weight: 1 }],
    };
    const fault = this.webAuth.signatureFault(transaction, authority);
    if (fault !== null)
      throw withErrorMember(
        new HoldfastError(
          'UNAUTHENTICATED',
          `The challenge is not signed as the account demands: ${fault}`,
        ),
      );
    if (!(await this.spend(hash, account, usableUntil)))
      throw withErrorMember(
        new HoldfastError('UNAUTHENTICATED', 'This challenge was already used. Request a new one.'),
      );
    return this.tokens.ofWallet(account, hash);
  }

  /**
   * Deletes a few expired rows too, so no job is needed.
   * @returns false when the challenge was spent before
   */
  private async spend(hash: string, account: string, usableUntil: number): Promise<boolean> {
    const { rows } = await this.connections.read.query(
      `with gone as (
        delete from used_challenges
          where hash in (select hash from used_challenges
          where expires_at < clock_timestamp() - interval '1 hour' order by expires_at
          limit 100 for update skip locked)
      ) insert into used_challenges (hash, account, expires_at) values ($1, $2, to_timestamp($3))
        on conflict (hash) do nothing returning hash`,
      [hash, account, usableUntil],
    );
    return rows.length === 1;
  }
}

/** SEP-10 clients read the member `error`. */
const withErrorMember = (error: HoldfastError): HoldfastError =>
  new HoldfastError(error.code, error.message, { ...error.facts, error: error.message });
/** The same for what a reader of the request throws. */
export function forWallets<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    throw thrown instanceof HoldfastError ? withErrorMember(thrown) : thrown;
  }
}
