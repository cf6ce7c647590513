import { expect, test } from '@jest/globals';
import { assetCodeOf } from './asset-code.js';

test.each([
  [{ decimal: 7, name: 'USDC:G', symbol: 'USDC' }, 'USDC'],
  [{ symbol: 'native' }, 'XLM'],
  [{ symbol: 'yUSDC-LP.1' }, 'yUSDC-LP.1'],
  [{ symbol: '=cmd()' }, null],
  [{ symbol: '<b>' }, null],
  [{ symbol: 'A'.repeat(33) }, null],
  [{ symbol: '' }, null],
  [{ symbol: 7n }, null],
  [undefined, null],
  [null, null],
])('%j is printed as %j', (metadata, code) => {
  expect(assetCodeOf(metadata)).toBe(code);
});
