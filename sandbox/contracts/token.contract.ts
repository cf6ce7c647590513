import type { xdr } from '@stellar/stellar-sdk';
import { checkedMath } from './checked-math.js';
import { TokenError } from './error-codes.js';
import { exported } from './exported-function.js';
import type { ContractCode, Host } from './host.js';
import { address, bool, i128, struct, symbol, text, u32, vec, voidValue } from './scval.js';

/**
 * Modelled on the Stellar Asset Contract. One simplification: the model keeps no classic
 * trustlines, so a G account's contract entry stands for its trustline. Without one, the account
 * can neither hold nor receive tokens.
 */
export const tokenContract: ContractCode = {
  name: 'token',
  functions: {
    name: exported([], (host) => text.encode(metadataOf(host).name)),
    symbol: exported([], (host) => text.encode(metadataOf(host).symbol)),
    decimals: exported([], (host) => u32.encode(metadataOf(host).decimal)),
    admin: exported([], (host) => address.encode(adminOf(host))),
    set_admin: exported([address], (host, [newAdmin]) => {
      host.requireAuth(adminOf(host));
      host.write('instance', tokenKey.admin, address.encode(newAdmin));
      host.emit(
        [symbol('set_admin'), text.encode(metadataOf(host).name)],
        address.encode(newAdmin),
      );
      return voidValue();
    }),
    balance: exported([address], (host, [holder]) =>
      i128.encode(holdingOf(host, holder)?.amount ?? absentBalance(host, holder)),
    ),
    authorized: exported([address], (host, [holder]) =>
      bool.encode(
        holdingOf(host, holder)?.authorized ??
          (isAccount(holder) ? noTrustline(host, holder) : true),
      ),
    ),
    set_authorized: exported([address, bool], (host, [holder, authorized]) =>
      setAuthorized(host, holder, authorized),
    ),
    transfer: exported([address, address, i128], (host, [from, to, amount]) => {
      requireNotNegative(host, amount);
      host.requireAuth(from);
      spend(host, from, amount);
      receive(host, to, amount);
      host.emit(
        [
          symbol('transfer'),
          address.encode(from),
          address.encode(to),
          text.encode(metadataOf(host).name),
        ],
        i128.encode(amount),
      );
      return voidValue();
    }),
    mint: exported([address, i128], (host, [to, amount]) => {
      requireNotNegative(host, amount);
      host.requireAuth(adminOf(host));
      receive(host, to, amount);
      host.emit(
        [symbol('mint'), address.encode(to), text.encode(metadataOf(host).name)],
        i128.encode(amount),
      );
      return voidValue();
    }),
    clawback: exported([address, i128], (host, [from, amount]) => clawBack(host, from, amount)),
  },
};

/**
 * The issuer takes tokens back, only from a holding opened while its asset allowed that; otherwise
 * the published contract answers BalanceError.
 */
function clawBack(host: Host, from: string, amount: bigint): xdr.ScVal {
  requireNotNegative(host, amount);
  host.requireAuth(adminOf(host));
  const holding = holdingOrFail(host, from);
  if (!holding.clawback || amount > holding.amount) return host.fail(TokenError.BalanceTooSmall);
  writeHolding(host, from, { ...holding, amount: holding.amount - amount });
  host.emit(
    [symbol('clawback'), address.encode(from), text.encode(metadataOf(host).name)],
    i128.encode(amount),
  );
  return voidValue();
}

export const tokenKey = {
  metadata: symbol('METADATA'),
  admin: vec([symbol('Admin')]),
  balance: (holder: string): xdr.ScVal => vec([symbol('Balance'), address.encode(holder)]),
} as const;

export interface TokenMetadata {
  readonly decimal: number;
  /** CODE:ISSUER, also the last topic of every event */
  readonly name: string;
  readonly symbol: string;
}
export const tokenMetadata = struct<TokenMetadata>({ decimal: u32, name: text, symbol: text });

export interface Holding {
  readonly amount: bigint;
  readonly authorized: boolean;
  readonly clawback: boolean;
}
export const tokenHolding = struct<Holding>({ amount: i128, authorized: bool, clawback: bool });

/**
 * The balance of a contract before its first receipt, and of an account right after it opened its
 * trustline.
 */
export const EMPTY_HOLDING: Holding = { amount: 0n, authorized: true, clawback: false };

const isAccount = (holder: string): boolean => holder.startsWith('G');

function spend(host: Host, from: string, amount: bigint): void {
  const holding = holdingOrFail(host, from);
  if (!holding.authorized) host.fail(TokenError.BalanceDeauthorized);
  if (amount > holding.amount) host.fail(TokenError.BalanceTooSmall);
  writeHolding(host, from, { ...holding, amount: holding.amount - amount });
}

function receive(host: Host, to: string, amount: bigint): void {
  const holding = holdingOrFail(host, to);
  if (!holding.authorized) host.fail(TokenError.BalanceDeauthorized);
  const math = checkedMath(host, { overflow: TokenError.Overflow, underflow: TokenError.Overflow });
  writeHolding(host, to, { ...holding, amount: math.add(holding.amount, amount) });
}

function setAuthorized(host: Host, holder: string, authorized: boolean): xdr.ScVal {
  host.requireAuth(adminOf(host));
  writeHolding(host, holder, { ...holdingOrFail(host, holder), authorized });
  host.emit(
    [symbol('set_authorized'), address.encode(holder), text.encode(metadataOf(host).name)],
    bool.encode(authorized),
  );
  return voidValue();
}

function holdingOrFail(host: Host, holder: string): Holding {
  return holdingOf(host, holder) ?? (isAccount(holder) ? noTrustline(host, holder) : EMPTY_HOLDING);
}

function absentBalance(host: Host, holder: string): bigint {
  return isAccount(holder) ? noTrustline(host, holder) : 0n;
}

function noTrustline(host: Host, holder: string): never {
  return host.fail(
    host.accountExists(holder) ? TokenError.TrustlineMissing : TokenError.AccountMissing,
  );
}

function holdingOf(host: Host, holder: string): Holding | undefined {
  const stored = host.read('persistent', tokenKey.balance(holder));
  return stored && tokenHolding.decode(stored);
}

function writeHolding(host: Host, holder: string, holding: Holding): void {
  host.write('persistent', tokenKey.balance(holder), tokenHolding.encode(holding));
}

function metadataOf(host: Host): TokenMetadata {
  return tokenMetadata.decode(
    host.read('instance', tokenKey.metadata) ?? host.trap('the token has no metadata'),
  );
}

function adminOf(host: Host): string {
  return address.decode(
    host.read('instance', tokenKey.admin) ?? host.trap('the token has no admin'),
  );
}

function requireNotNegative(host: Host, amount: bigint): void {
  if (amount < 0n) host.fail(TokenError.NegativeAmount);
}
