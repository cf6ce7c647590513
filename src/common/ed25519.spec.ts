import { describe, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { hintOf, isSignatureBy, SigningKey } from './ed25519.js';

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
/** RFC 8032, 7.1: test 2. */
const KEY = bytes('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
const SEED = bytes('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb');
const MESSAGE = bytes('72');
const SIGNATURE = bytes(
  '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
    '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
);
/** The order of the group, to be added to the second half of a signature. */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

const littleEndian = (value: bigint): Buffer =>
  bytes(value.toString(16).padStart(64, '0')).reverse();
const valueOf = (half: Buffer): bigint =>
  BigInt(`0x${Buffer.from(half).reverse().toString('hex')}`);

describe('a signature by a key', () => {
  test("the standard's own is one", () => {
    expect(isSignatureBy(KEY, MESSAGE, SIGNATURE)).toBe(true);
  });

  test('not with one bit of key, message or signature changed', () => {
    for (const part of [0, 1, 2])
      for (const bit of [1, 0x80]) {
        const given = [KEY, MESSAGE, SIGNATURE].map((one) => Buffer.from(one));
        const changed = given[part];
        if (changed) changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ bit;
        const [key = KEY, message = MESSAGE, signature = SIGNATURE] = given;
        expect(isSignatureBy(key, message, signature)).toBe(false);
      }
  });

  test.each([0, 32, 63, 65, 128])('not with %i bytes', (length) => {
    expect(isSignatureBy(KEY, MESSAGE, Buffer.alloc(length, SIGNATURE))).toBe(false);
  });

  test('not in its second form, which a validator refuses too', () => {
    const second = littleEndian(valueOf(SIGNATURE.subarray(32)) + ORDER);
    expect(isSignatureBy(KEY, MESSAGE, Buffer.concat([SIGNATURE.subarray(0, 32), second]))).toBe(
      false,
    );
  });

  test('not by bytes that are no point of the curve', () => {
    expect(isSignatureBy(Buffer.alloc(32, 0xff), MESSAGE, SIGNATURE)).toBe(false);
  });
});

describe('a key that signs', () => {
  const key = new SigningKey(SEED);

  test('has the public key and the signature of the standard', () => {
    expect(key.publicKey).toEqual(KEY);
    expect(hintOf(key.publicKey)).toEqual(KEY.subarray(28));
    expect(key.sign(MESSAGE)).toEqual(SIGNATURE);
  });

  test('shows its seed to nobody who prints it', () => {
    const printed = `${inspect(key, { depth: 9, showHidden: true })} ${JSON.stringify(key)}`;
    expect(printed).not.toContain(SEED.toString('hex'));
    expect(printed).not.toContain(JSON.stringify([...SEED]).slice(1, -1));
  });

  test('is not made of another number of bytes', () => {
    expect(() => new SigningKey(SEED.subarray(1))).toThrow('a seed has 32 bytes');
  });
});
