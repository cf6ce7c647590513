import { describe, expect, it } from '@jest/globals';
import { nativeToScVal, scValToBigInt, xdr } from '@stellar/stellar-sdk';
import { loanType } from './creditline-loan.js';
import { account, contractId } from '../../test/support/memory-host.js';
import { poolStats } from './pool-storage.js';
import { DEFAULT_PARAMETERS, protocolParameters } from './protocol-parameters.js';
import {
  address,
  bool,
  compareScVal,
  i128,
  mapGet,
  mapWith,
  ScValTypeError,
  struct,
  symbol,
  text,
  u32,
  u64,
  variant,
  vec,
  vecOf,
} from './scval.js';
import { tokenHolding } from './token.contract.js';

const keysOf = (value: xdr.ScVal): string[] =>
  (value.type === 'scvMap' ? (value.value ?? []) : []).map(({ key }) => String(key.value));

describe('ScVal codecs', () => {
  it.each([0n, 1n, -1n, 1n << 64n, -(1n << 64n), (1n << 127n) - 1n, -(1n << 127n)])(
    'writes and reads %s as i128 exactly as the SDK does',
    (value) => {
      const encoded = i128.encode(value);
      expect(encoded.toXdr('base64')).toBe(nativeToScVal(value, { type: 'i128' }).toXdr('base64'));
      expect(scValToBigInt(encoded)).toBe(value);
      expect(i128.decode(xdr.ScVal.fromXdr(encoded.toXdr('base64'), 'base64'))).toBe(value);
    },
  );

  it.each([
    ['bool', bool, u32.encode(1)],
    ['u32', u32, u64.encode(1n)],
    ['u64', u64, i128.encode(1n)],
    ['i128', i128, u64.encode(1n)],
    ['string', text, symbol('a')],
    ['address', address, text.encode(account(1))],
    ['vec', vecOf(u32), u32.encode(1)],
  ] as const)('refuses another type where %s is wanted', (name, codec, value) => {
    expect(() => codec.decode(value)).toThrow(ScValTypeError);
    expect(() => codec.decode(value)).toThrow(name);
  });

  it('keeps G and C addresses apart', () => {
    for (const who of [account(3), contractId(3)])
      expect(address.decode(address.encode(who))).toBe(who);
  });

  it('writes an enum without numbers as Vec[Symbol]', () => {
    expect(loanType.encode('LearnerInstallment').toXdr('base64')).toBe(
      vec([symbol('LearnerInstallment')]).toXdr('base64'),
    );
    expect(() => loanType.decode(vec([symbol('Other')]))).toThrow(ScValTypeError);
    expect(() => variant('A').decode(symbol('A'))).toThrow(ScValTypeError);
  });

  it('sorts struct keys whatever the order of declaration', () => {
    const shape = struct<{ b: number; a: bigint }>({ b: u32, a: u64 });
    expect(keysOf(shape.encode({ b: 1, a: 2n }))).toEqual(['a', 'b']);
    expect(shape.decode(shape.encode({ b: 1, a: 2n }))).toEqual({ b: 1, a: 2n });
  });

  it('refuses a struct with a missing, an extra or a misplaced key', () => {
    const shape = struct<{ a: bigint; b: number }>({ a: u64, b: u32 });
    const entry = (key: string, val: xdr.ScVal): xdr.ScMapEntry =>
      new xdr.ScMapEntry({ key: symbol(key), val });
    const [a, b] = [entry('a', u64.encode(1n)), entry('b', u32.encode(1))];
    for (const entries of [[a], [b, a], [a, b, entry('c', u32.encode(1))]])
      expect(() => shape.decode(xdr.ScVal.scvMap(entries))).toThrow(ScValTypeError);
    expect(shape.decode(xdr.ScVal.scvMap([a, b]))).toEqual({ a: 1n, b: 1 });
  });

  it('has the published field order in every struct that others read', () => {
    expect(
      keysOf(
        poolStats.encode({
          total_liquidity: 1n,
          locked_liquidity: 1n,
          available_liquidity: 1n,
          total_shares: 1n,
          share_price: 1n,
        }),
      ),
    ).toEqual([
      'available_liquidity',
      'locked_liquidity',
      'share_price',
      'total_liquidity',
      'total_shares',
    ]);
    expect(keysOf(tokenHolding.encode({ clawback: false, authorized: true, amount: 1n }))).toEqual([
      'amount',
      'authorized',
      'clawback',
    ]);
    expect(keysOf(protocolParameters.encode(DEFAULT_PARAMETERS))).toEqual([
      'base_interest_bps',
      'default_penalty',
      'full_repayment_reward',
      'grace_period_seconds',
      'large_loan_default_penalty',
      'large_loan_threshold',
      'min_guarantee_percent',
      'min_reputation_threshold',
    ]);
  });
});

describe('host maps', () => {
  const people = [account(9), contractId(1), account(2), contractId(7), account(5)];
  const filled = people.reduce<xdr.ScVal | undefined>(
    (map, who, at) => mapWith(map, address.encode(who), u32.encode(at)),
    undefined,
  );

  it('keep accounts before contracts and each by its bytes', () => {
    const keys = filled?.type === 'scvMap' ? (filled.value ?? []) : [];
    expect(keys.map(({ key }) => address.decode(key))).toEqual([
      account(2),
      account(5),
      account(9),
      contractId(1),
      contractId(7),
    ]);
  });

  it('find, replace and take out', () => {
    expect(people.map((who) => mapGet(filled, address.encode(who))?.value)).toEqual([
      0, 1, 2, 3, 4,
    ]);
    expect(mapGet(filled, address.encode(account(3)))).toBeUndefined();
    const replaced = mapWith(filled, address.encode(account(5)), u32.encode(99));
    expect(mapGet(replaced, address.encode(account(5)))?.value).toBe(99);
    const shorter = mapWith(replaced, address.encode(account(5)), undefined);
    expect(mapGet(shorter, address.encode(account(5)))).toBeUndefined();
    expect(mapGet(shorter, address.encode(contractId(7)))?.value).toBe(3);
    expect(mapGet(undefined, address.encode(account(5)))).toBeUndefined();
  });

  it('order keys by type, then by content', () => {
    const sorted = [
      u32.encode(2),
      u32.encode(10),
      u64.encode(3n),
      symbol('A'),
      symbol('B'),
      vec([symbol('A')]),
      vec([symbol('A'), u32.encode(1)]),
      vec([symbol('B')]),
    ];
    const shuffled = [5, 0, 7, 2, 6, 1, 4, 3].map((at) => sorted[at] as xdr.ScVal);
    expect(shuffled.sort(compareScVal)).toEqual(sorted);
  });
});
