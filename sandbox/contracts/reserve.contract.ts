import type { xdr } from '@stellar/stellar-sdk';
import { type CheckedMath, checkedMath } from './checked-math.js';
import { exported } from './exported-function.js';
import type { ContractCode, ContractFunction, Host } from './host.js';
import { address, bool, i128, struct, symbol, u32, vec, voidValue } from './scval.js';

/** The numbers have other meanings than those of the StepFi contracts. */
export const ReserveError = {
  Unauthorized: 1,
  AmountNotPositive: 2,
  Frozen: 3,
  LiquidityShort: 4,
  DebtExceeded: 5,
  SupplyExceeded: 6,
  Overflow: 7,
  UtilisationExceeded: 8,
} as const;

/** Base units. What is lent is a part of what is supplied; there is no interest. */
export interface ReserveData {
  readonly lent: bigint;
  readonly supplied: bigint;
}
export const reserveData = struct<ReserveData>({ lent: i128, supplied: i128 });
export const EMPTY_RESERVE: ReserveData = { lent: 0n, supplied: 0n };

export const reserveKey = {
  admin: symbol('Admin'),
  asset: symbol('Asset'),
  data: symbol('ResData'),
  frozen: symbol('Frozen'),
  maxUtilisation: symbol('MaxUtil'),
  supply: (account: string): xdr.ScVal => vec([symbol('Supply'), address.encode(account)]),
  debt: (account: string): xdr.ScVal => vec([symbol('Debt'), address.encode(account)]),
} as const;

type Party = 'supply' | 'debt';
interface Movement {
  readonly name: 'supply' | 'withdraw' | 'borrow' | 'repay';
  readonly account: string;
  readonly amount: bigint;
}

/**
 * A pool that lends to whoever asks, while it has tokens: no vendor, guarantee, schedule, loan id or
 * loan counter. It is of no published contract; its calls and events are shaped like those of a
 * Blend pool.
 */
export const reserveContract: ContractCode = {
  name: 'pool',
  errors: ReserveError,
  events: ['supply', 'withdraw', 'borrow', 'repay'],
  functions: {
    supply: moving('supply', (host, { account, amount }) => {
      const { supplied, lent } = dataOf(host);
      change(host, 'supply', account, amount);
      writeData(host, { lent, supplied: math(host).add(supplied, amount) });
      transfer(host, account, host.self, amount);
    }),
    withdraw: moving('withdraw', (host, { account, amount }) => {
      const { supplied, lent } = dataOf(host);
      if (amount > held(host, 'supply', account)) host.fail(ReserveError.SupplyExceeded);
      if (amount > supplied - lent) host.fail(ReserveError.LiquidityShort);
      change(host, 'supply', account, -amount);
      writeData(host, { lent, supplied: supplied - amount });
      transfer(host, host.self, account, amount);
    }),
    borrow: moving('borrow', (host, { account, amount }) => {
      if (isFrozen(host)) host.fail(ReserveError.Frozen);
      const { supplied, lent } = dataOf(host);
      if (amount > supplied - lent) host.fail(ReserveError.LiquidityShort);
      if (lent + amount > lendable(host, supplied)) host.fail(ReserveError.UtilisationExceeded);
      change(host, 'debt', account, amount);
      writeData(host, { lent: math(host).add(lent, amount), supplied });
      transfer(host, host.self, account, amount);
    }),
    repay: moving('repay', (host, { account, amount }) => {
      const { supplied, lent } = dataOf(host);
      if (amount > held(host, 'debt', account)) host.fail(ReserveError.DebtExceeded);
      change(host, 'debt', account, -amount);
      writeData(host, { lent: lent - amount, supplied });
      transfer(host, account, host.self, amount);
    }),
    get_reserve: exported([], (host) => reserveData.encode(dataOf(host))),
    get_supply: exported([address], (host, [account]) =>
      i128.encode(held(host, 'supply', account)),
    ),
    get_debt: exported([address], (host, [account]) => i128.encode(held(host, 'debt', account))),
    pause: freezing(true),
    unpause: freezing(false),
    set_max_utilisation: exported([address, u32], (host, [admin, bps]) =>
      administered(host, admin, () => {
        host.write('instance', reserveKey.maxUtilisation, u32.encode(bps));
      }),
    ),
  },
};

/**
 * `name(from, amount)`, which `from` signs. Its event is `[name, asset, from] | [tokens, shares]`;
 * one share is one token.
 */
function moving(
  name: Movement['name'],
  move: (host: Host, movement: Movement) => void,
): ContractFunction {
  return exported([address, i128], (host, [account, amount]) => {
    host.requireAuth(account);
    if (amount <= 0n) return host.fail(ReserveError.AmountNotPositive);
    move(host, { name, account, amount });
    const topics = [symbol(name), address.encode(assetOf(host)), address.encode(account)];
    host.emit(topics, vec([i128.encode(amount), i128.encode(amount)]));
    return i128.encode(amount);
  });
}

/** A frozen reserve lends nothing; everything else goes on. It has no event. */
function freezing(frozen: boolean): ContractFunction {
  return exported([address], (host, [admin]) =>
    administered(host, admin, () => {
      host.write('instance', reserveKey.frozen, bool.encode(frozen));
    }),
  );
}

function administered(host: Host, admin: string, act: () => void): xdr.ScVal {
  host.requireAuth(admin);
  const stored = host.read('instance', reserveKey.admin);
  if (!stored || address.decode(stored) !== admin) return host.fail(ReserveError.Unauthorized);
  act();
  return voidValue();
}

/** What may be lent in all; a reserve without a limit lends everything. */
function lendable(host: Host, supplied: bigint): bigint {
  const stored = host.read('instance', reserveKey.maxUtilisation);
  return stored ? (supplied * BigInt(u32.decode(stored))) / 10_000n : supplied;
}

function isFrozen(host: Host): boolean {
  const stored = host.read('instance', reserveKey.frozen);
  return stored !== undefined && bool.decode(stored);
}

function dataOf(host: Host): ReserveData {
  const stored = host.read('instance', reserveKey.data);
  return stored ? reserveData.decode(stored) : EMPTY_RESERVE;
}
function writeData(host: Host, data: ReserveData): void {
  host.write('instance', reserveKey.data, reserveData.encode(data));
}

function held(host: Host, party: Party, account: string): bigint {
  const stored = host.read('persistent', reserveKey[party](account));
  return stored ? i128.decode(stored) : 0n;
}
function change(host: Host, party: Party, account: string, by: bigint): void {
  const next = math(host).add(held(host, party, account), by);
  host.write('persistent', reserveKey[party](account), i128.encode(next));
}

function assetOf(host: Host): string {
  const stored = host.read('instance', reserveKey.asset);
  return stored ? address.decode(stored) : host.trap('the reserve has no asset');
}
function transfer(host: Host, from: string, to: string, amount: bigint): void {
  host.call(assetOf(host), 'transfer', [
    address.encode(from),
    address.encode(to),
    i128.encode(amount),
  ]);
}

const math = (host: Host): CheckedMath =>
  checkedMath(host, { overflow: ReserveError.Overflow, underflow: ReserveError.Overflow });
