import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { recorded } from '../../../test/support/recorded.js';
import { CREDITLINE } from '../../../test/support/scripted-chain.js';
import { capacity, capacityPage, type CapacityRow } from './capacity.js';
import { loanKey } from './families/stepfi/loan-keys.js';
import { TESTNET_SETTINGS } from './network-settings.js';

const rows = capacity(TESTNET_SETTINGS);
function rowOf(
  generation: CapacityRow['generation'],
  instalments: number,
  wanted: number,
): CapacityRow {
  const found = rows.find(
    (row) =>
      row.generation === generation && row.instalments === instalments && row.wanted === wanted,
  );
  if (!found) throw new Error('no such row');
  return found;
}

describe('what a ledger carries', () => {
  test('docs/capacity.md has the tables of `holdfast capacity --testnet`', () => {
    expect(readFileSync('docs/capacity.md', 'utf8')).toContain(
      `\n${capacityPage(TESTNET_SETTINGS)}\n`,
    );
  });

  test('no row is above a limit of one transaction; a window is cut where it would be', () => {
    const { transaction } = TESTNET_SETTINGS;
    for (const { declared } of rows)
      expect(declared.writeBytes).toBeLessThanOrEqual(transaction.writeBytes);
    expect([
      rowOf('g1', 1, 48).granted,
      rowOf('g1', 60, 24).granted,
      rowOf('trustup', 60, 24).granted,
    ]).toEqual([48, 14, 22]);
  });

  test('as seen on the real host: nine loans a ledger with a window of 24, four with twelve instalments', () => {
    expect(rowOf('g1', 1, 24)).toMatchObject({
      perLedger: 9,
      boundBy: 'writeBytes',
      declared: { writeBytes: 29_968 },
    });
    expect(rowOf('g1', 12, 24)).toMatchObject({
      perLedger: 4,
      boundBy: 'writeBytes',
      declared: { writeBytes: 64_068 },
    });
  });

  test.each([1, 4, 12, 24])(
    'the fee by the formula is that of the recorded simulation, %d instalments: within 0.1 %%',
    (instalments) => {
      const simulated = Number(recorded('g1').sizes[String(instalments)]?.minResourceFee);
      const byFormula = (Number(rowOf('g1', instalments, 0).before.fee) - 2_000) / 1.2;
      expect(Math.abs(byFormula - simulated) / simulated).toBeLessThan(0.001);
    },
  );

  test('a reserve, by the local network: no window, and the fee of its simulation within 2 %', () => {
    const row = rowOf('reserve', 1, 0);
    expect(rows.filter(({ generation }) => generation === 'reserve')).toEqual([row]);
    expect(row).toMatchObject({ windowFee: 0n, perLedger: 183 });
    expect(row.before.landing).toBe(row.before.perLedger);
    const byFormula = (Number(row.before.fee) - 2_000) / 1.2;
    expect(Math.abs(byFormula - 368_495) / 368_495).toBeLessThan(0.02);
  });

  test('a loan key has the size that the table reckons with', () => {
    const { declared } = rowOf('g1', 1, 4);
    expect(declared.transactionBytes - rowOf('g1', 1, 0).declared.transactionBytes).toBe(
      4 * loanKey(CREDITLINE, 1n).toXdr().length,
    );
  });
});
