import { describe, expect, test } from '@jest/globals';
import { addressKind } from './address.js';

const ACCOUNT = 'GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ';
const CONTRACT = 'CDFACCFOC7NVBRN5S476473YZXYC6MTECISBM6J2YIM74IOZ4K74TYJP';
const MUXED = 'MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUQ';

describe('addressKind', () => {
  test.each([
    [ACCOUNT, 'account'],
    [CONTRACT, 'contract'],
    [MUXED, 'muxed'],
  ])('knows %s', (text, kind) => {
    expect(addressKind(text)).toBe(kind);
  });

  test.each([
    '',
    'G',
    ` ${ACCOUNT}`,
    `${ACCOUNT} `,
    ACCOUNT.toLowerCase(),
    `${ACCOUNT.slice(0, -1)}A`,
    `${CONTRACT.slice(0, -1)}Q`,
    '\u0000'.repeat(56),
    'SBGWSG6BTNCKCOB3DIFBGCVMUPQFYPA2G4O34RMTB343OYPXU5DJDVMN',
    '💧'.repeat(28),
  ])('takes %j for no address, without throwing', (text) => {
    expect(addressKind(text)).toBe('none');
  });
});
