import { describe, expect, it } from '@jest/globals';
import { instructionsOf, totalInstructions } from './instruction-model.js';
import {
  RecordedLedger,
  unadjusted,
  type RecordedFootprint,
  type RecordedLanding,
} from '../../test/support/recorded-landings.js';

const TOLERANCE = 0.03;
/**
 * All recorded shortages are within 1 % of the declared figure. On g1, to which the model was
 * fitted, each is predicted correctly.
 */
const UNDECIDED = { g1: 0, g2: 0.01, g3: 0.01 };
const SHORTAGES = { g1: 18, g2: 11, g3: 3 };
const GENERATIONS = ['g1', 'g2', 'g3'] as const;
const ledgers = {
  g1: new RecordedLedger('g1'),
  g2: new RecordedLedger('g2'),
  g3: new RecordedLedger('g3'),
};
/**
 * A late instalment pays the pool twice (4.3 % too little). The parameters that cannot be read are
 * the token, which is part of the host and ends at once (11.3 % too much). After the upgrade a pool
 * of g2 is under a creditline of g3 (3.7 % too much).
 */
const NOT_MODELLED = [
  'instalment-late',
  'create_loan-parameters-unreachable',
  'create_loan-after-upgrade',
];
/**
 * Accounts that authorise by an entry of their own, which this network does not model: each takes
 * half a million instructions.
 */
const byNonce = ({ readWrite }: RecordedFootprint): boolean =>
  readWrite.some((key) => key.endsWith(' nonce'));

describe.each(GENERATIONS)('instructions of %s', (generation) => {
  const ledger = ledgers[generation];
  const simulated = ledger.landings.flatMap(({ step, simulated: keys, simulatedAt, after }) => {
    const instructions = step.simulation?.instructions;
    if (instructions === undefined || !keys || byNonce(keys)) return [];
    if (generation === 'g3' && NOT_MODELLED.includes(step.name)) return [];
    const predicted = totalInstructions(
      instructionsOf(ledger.entries(keys, simulatedAt, after), ledger.call(step, keys)),
    );
    return [
      {
        name: step.name,
        predicted,
        recorded: unadjusted(instructions),
        off: predicted / unadjusted(instructions) - 1,
      },
    ];
  });

  it('are within 3 % of every recorded simulation', () => {
    expect(simulated.length).toBeGreaterThan(150);
    expect(simulated.filter(({ off }) => Math.abs(off) > TOLERANCE)).toEqual([]);
  });

  it('decide every recorded landing: enough, or out of instructions behind the contract', () => {
    const compared = ledger.landings.flatMap((landing) => comparisons(landing));
    expect(compared.length).toBeGreaterThan(100);
    expect(compared.filter(({ predicted, recorded }) => predicted !== recorded)).toEqual([]);
    expect(compared.filter(({ recorded }) => recorded === 'out of instructions')).toHaveLength(
      SHORTAGES[generation],
    );
  });

  /** Landings that the contract refused prove nothing about the sum. */
  function comparisons({
    step,
    declared,
    before,
    after,
  }: RecordedLanding): { name: string; predicted: string; recorded: string }[] {
    const { transaction, altered, simulation } = step;
    const limit = altered?.instructions ?? simulation?.instructions;
    if (generation === 'g3' && NOT_MODELLED.includes(step.name)) return [];
    if (
      !transaction ||
      limit === undefined ||
      !declared ||
      byNonce(declared) ||
      transaction.status === 'ERROR'
    )
      return [];
    const outOfInstructions = transaction.host?.refused === 'Error(Budget, ExceededLimit)';
    if (
      transaction.status === 'FAILED' &&
      !outOfInstructions &&
      transaction.host?.writtenBytes === undefined
    )
      return [];
    const { reading, calling, writing } = instructionsOf(
      ledger.entries(declared, before, after),
      ledger.call(step, declared),
    );
    const total = reading + calling + writing;
    if (Math.abs(total / limit - 1) < UNDECIDED[generation]) return [];
    // Recorded: the contract ended, and the instructions ran out after it.
    const predicted =
      total <= limit
        ? 'enough'
        : reading + calling <= limit
          ? 'out of instructions'
          : 'out of instructions in the contract';
    return [
      {
        name: step.name,
        predicted,
        recorded: outOfInstructions ? 'out of instructions' : 'enough',
      },
    ];
  }
});

describe.each(GENERATIONS)('written bytes of %s', (generation) => {
  it('are those of every recorded landing, to the byte', () => {
    const compared = ledgers[generation].landings.flatMap(({ step, declared, after }) => {
      const written = step.transaction?.writtenBytes ?? step.transaction?.host?.writtenBytes;
      if (typeof written !== 'number' || !declared) return [];
      const refusedByBytes = step.transaction?.status === 'FAILED';
      const created = refusedByBytes ? LOAN_AND_BORROWER : 0;
      return [
        {
          name: step.name,
          written,
          predicted: declared.readWrite.reduce((sum, key) => sum + (after.get(key) ?? 0), created),
        },
      ];
    });
    expect(compared.length).toBeGreaterThan(100);
    expect(compared.filter(({ written, predicted }) => written !== predicted)).toEqual([]);
  });
});

/** A first loan of one instalment creates the loan and three entries of its borrower. */
const LOAN_AND_BORROWER = 1092 + 156 + 156 + 148;
