import { describe, expect, test } from '@jest/globals';
import { Address, nativeToScVal, StrKey, xdr } from '@stellar/stellar-sdk';
import fc from 'fast-check';
import { recorded } from '../../../test/support/recorded.js';
import { instanceKey, persistentKey } from './ledger-entries.js';
import { nextUserLoanKeys } from './families/stepfi/loan-keys.js';
import { archivedIn, sorobanDataBytes, sorobanDataOf } from './soroban-data.js';
import { XdrCursor } from './xdr-cursor.js';

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const contractAddress = bytes32.map((id) => new Address(StrKey.encodeContract(id)).toScAddress());
const scAddress = fc.oneof(
  contractAddress,
  bytes32.map((id) => new Address(StrKey.encodeEd25519PublicKey(id)).toScAddress()),
);
const scVal: fc.Arbitrary<xdr.ScVal> = fc.letrec<{ value: xdr.ScVal }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.boolean().map((value) => xdr.ScVal.scvBool(value)),
    fc.constant(xdr.ScVal.scvVoid()),
    fc.constant(xdr.ScVal.scvLedgerKeyContractInstance()),
    fc.nat().map((value) => xdr.ScVal.scvU32(value)),
    fc.integer().map((value) => xdr.ScVal.scvI32(value)),
    fc.bigInt(0n, (1n << 64n) - 1n).map((value) => xdr.ScVal.scvU64(value)),
    fc.bigInt(-(1n << 127n), (1n << 127n) - 1n).map((v) => nativeToScVal(v, { type: 'i128' })),
    fc.bigInt(0n, (1n << 256n) - 1n).map((value) => nativeToScVal(value, { type: 'u256' })),
    fc.uint8Array({ maxLength: 9 }).map((value) => xdr.ScVal.scvBytes(value)),
    fc.string({ maxLength: 7 }).map((value) => xdr.ScVal.scvString(value)),
    fc.stringMatching(/^[A-Za-z_]{1,10}$/).map((value) => xdr.ScVal.scvSymbol(value)),
    fc.nat().map((code) => xdr.ScVal.scvError(xdr.ScError.sceContract(code))),
    scAddress.map((value) => xdr.ScVal.scvAddress(value)),
    fc.bigInt(0n, 9n).map((nonce) => xdr.ScVal.scvLedgerKeyNonce(new xdr.ScNonceKey({ nonce }))),
    fc.array(tie('value'), { maxLength: 4 }).map((values) => xdr.ScVal.scvVec(values)),
    fc
      .array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 })
      .map((pairs) =>
        xdr.ScVal.scvMap(pairs.map(([key, val]) => new xdr.ScMapEntry({ key, val }))),
      ),
  ),
})).value;

const walked = (encoded: Uint8Array, walk: (cursor: XdrCursor) => unknown): boolean => {
  const cursor = new XdrCursor(Buffer.from(encoded));
  try {
    walk(cursor);
    cursor.end();
    return true;
  } catch {
    return false;
  }
};
const decodes = (decode: () => unknown): boolean => {
  try {
    decode();
    return true;
  } catch {
    return false;
  }
};

/** One byte is another one, or the end is missing, or something follows. */
const damaged = (encoded: Uint8Array, at: number, by: number): Uint8Array => {
  const place = at % (encoded.length + 2);
  if (place === encoded.length) return encoded.subarray(0, by % encoded.length);
  if (place > encoded.length) return Buffer.concat([encoded, Buffer.alloc(by)]);
  const copy = Buffer.from(encoded);
  copy.writeUInt8((copy.readUInt8(place) + by) % 256, place);
  return copy;
};
const damage = [fc.nat(), fc.integer({ min: 1, max: 255 })] as const;

describe('XdrCursor', () => {
  test('walks over every value that the SDK encodes', () => {
    fc.assert(
      fc.property(scVal, (value) => {
        expect(walked(value.toXdr(), (cursor) => cursor.scVal())).toBe(true);
      }),
    );
  });

  test('accepts no bytes that the SDK does not decode', () => {
    fc.assert(
      fc.property(scVal, ...damage, (value, at, by) => {
        const bytes = damaged(value.toXdr(), at, by);
        const read = walked(bytes, (cursor) => cursor.scVal());
        expect(read && !decodes(() => xdr.ScVal.fromXdr(bytes))).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  test('knows what a key is', () => {
    const contract = StrKey.encodeContract(new Uint8Array(32).fill(3));
    const kindOf = (key: xdr.LedgerKey): string => {
      const cursor = new XdrCursor(Buffer.from(key.toXdr()));
      const { kind, bytes } = cursor.ledgerKey();
      cursor.end();
      expect(bytes.equals(key.toXdr())).toBe(true);
      return kind;
    };
    const accountId = xdr.PublicKey.publicKeyTypeEd25519(new Uint8Array(32));
    expect(kindOf(instanceKey(contract))).toBe('instance');
    expect(kindOf(persistentKey(contract, xdr.ScVal.scvSymbol('K')))).toBe('data');
    expect(kindOf(xdr.LedgerKey.account(new xdr.LedgerKeyAccount({ accountId })))).toBe('classic');
    expect(
      kindOf(
        xdr.LedgerKey.contractCode(new xdr.LedgerKeyContractCode({ hash: new Uint8Array(32) })),
      ),
    ).toBe('code');
  });

  test('ends at a depth, and at a count that the bytes do not have', () => {
    let deep: xdr.ScVal = xdr.ScVal.scvVoid();
    for (let depth = 0; depth < 100; depth++) deep = xdr.ScVal.scvVec([deep]);
    expect(walked(deep.toXdr(), (cursor) => cursor.scVal())).toBe(false);
    const many = Buffer.from('000000100000000100000fff', 'hex');
    expect(walked(many, (cursor) => cursor.scVal())).toBe(false);
  });
});

describe('SorobanTransactionData', () => {
  const simulations = (['g1', 'g2', 'g3'] as const).flatMap((generation) =>
    recorded(generation).steps.flatMap(({ name, simulation }) =>
      simulation && 'transactionData' in simulation && simulation.transactionData
        ? [[`${generation} ${name}`, simulation.transactionData] as const]
        : [],
    ),
  );

  test('of every recorded simulation is read as the SDK reads it, and written as it was', () => {
    expect(simulations.length).toBeGreaterThan(100);
    for (const [, text] of simulations) {
      const data = sorobanDataOf(Buffer.from(text, 'base64'));
      const { resources, resourceFee, ext } = xdr.SorobanTransactionData.fromXdr(text, 'base64');
      const { footprint, ...figures } = resources;
      expect(data).toMatchObject({ resourceFee, ...figures });
      const encoded = (keys: readonly xdr.LedgerKey[]): string[] =>
        keys.map((key) => key.toXdr('base64'));
      const found = (keys: readonly { readonly bytes: Buffer }[]): string[] =>
        keys.map(({ bytes }) => bytes.toString('base64'));
      expect(found(data.readOnly)).toEqual(encoded(footprint.readOnly));
      expect(found(data.readWrite)).toEqual(encoded(footprint.readWrite));
      const archived =
        ext.type === 'resourceExt'
          ? ext.value.archivedSorobanEntries.flatMap((at) => footprint.readWrite[at] ?? [])
          : [];
      expect(found(archivedIn(data))).toEqual(encoded(archived));
      expect(sorobanDataBytes(data).toString('base64')).toBe(text);
    }
  });

  test('no damaged one is read that the SDK does not decode', () => {
    fc.assert(
      fc.property(fc.constantFrom(...simulations), ...damage, ([, text], at, by) => {
        const bytes = damaged(Buffer.from(text, 'base64'), at, by);
        const read = decodes(() => sorobanDataOf(Buffer.from(bytes)));
        expect(read && !decodes(() => xdr.SorobanTransactionData.fromXdr(bytes))).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });
});

test("the next key of a borrower's loans, whatever counts them", () => {
  const lendingContract = StrKey.encodeContract(new Uint8Array(32).fill(1));
  const borrower = StrKey.encodeEd25519PublicKey(new Uint8Array(32).fill(2));
  const other = StrKey.encodeEd25519PublicKey(new Uint8Array(32).fill(4));
  const key = (who: string, index: xdr.ScVal, ...more: xdr.ScVal[]) => {
    const vec = [xdr.ScVal.scvSymbol('UserLoanAt'), new Address(who).toScVal(), index, ...more];
    const bytes = Buffer.from(persistentKey(lendingContract, xdr.ScVal.scvVec(vec)).toXdr());
    return { kind: 'data', bytes } as const;
  };
  const [u32, u64] = [(n: number) => xdr.ScVal.scvU32(n), (n: bigint) => xdr.ScVal.scvU64(n)];
  const readWrite = [
    key(borrower, u32(7)),
    key(borrower, u64(8n)),
    key(borrower, xdr.ScVal.scvI32(7)),
    key(borrower, u32(7), u32(1)),
    key(other, u32(7)),
  ];
  expect(nextUserLoanKeys(readWrite, { lendingContract, borrower })).toEqual([
    key(borrower, u32(8)),
    key(borrower, u64(9n)),
  ]);
});
