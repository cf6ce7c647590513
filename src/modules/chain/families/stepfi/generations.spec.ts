import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Keypair, scValToNative, xdr } from '@stellar/stellar-sdk';
import {
  chainOn,
  CREDITLINE,
  fundingRequest,
  POOL,
  ScriptedChain,
  symbol,
} from '../../../../../test/support/scripted-chain.js';
import type { LoanTerms } from '../../chain.js';
import type { SorobanChain } from '../../soroban-chain.js';
import { GENERATION_NAMES, type Generation } from '../contract-family.js';
import { contractError } from '../error-tables.js';
import { familyOf, generationOf } from '../families.js';
import { createLoanArguments } from './create-loan.js';
import { TRAITS } from './generations.js';

const TERMS: LoanTerms = {
  borrower: Keypair.random().publicKey(),
  vendor: CREDITLINE,
  totalAmount: 1_000n,
  guaranteeAmount: 200n,
  loanType: 'standard',
  schedule: [
    { amount: 400n, dueAt: 1_800_000_000n },
    { amount: 600n, dueAt: 1_800_000_001n },
  ],
};
const keysOf = (row: xdr.ScVal | undefined): string[] =>
  row?.type === 'scvMap' ? (row.value ?? []).map(({ key }) => String(scValToNative(key))) : [];
const rowsOf = (schedule: xdr.ScVal | undefined): readonly xdr.ScVal[] =>
  schedule?.type === 'scvVec' ? (schedule.value ?? []) : [];

describe('the arguments of create_loan', () => {
  test.each(['g1', 'g2', 'g3', 'scaled', 'scaled-g2', 'scaled-g3'] as const)(
    '%s: six, with the loan type, and instalments that start unpaid',
    (generation) => {
      const args = createLoanArguments(
        { ...TERMS, loanType: 'learner_installment' },
        TRAITS[generation],
      );
      expect(args.map(({ type }) => type)).toEqual([
        'scvAddress',
        'scvAddress',
        'scvI128',
        'scvI128',
        'scvVec',
        'scvVec',
      ]);
      expect(rowsOf(args[4]).map(keysOf)).toEqual([
        ['amount', 'due_date', 'paid', 'paid_at'],
        ['amount', 'due_date', 'paid', 'paid_at'],
      ]);
      expect(scValToNative(args[5] ?? symbol('none'))).toEqual(['LearnerInstallment']);
    },
  );

  test('trustup: five, and instalments of amount and due date only, as i128 and u64', () => {
    const args = createLoanArguments(TERMS, TRAITS.trustup);
    expect(args.map((arg): unknown => scValToNative(arg))).toEqual([
      TERMS.borrower,
      TERMS.vendor,
      1_000n,
      200n,
      [
        { amount: 400n, due_date: 1_800_000_000n },
        { amount: 600n, due_date: 1_800_000_001n },
      ],
    ]);
    const [first] = rowsOf(args[4]);
    expect(keysOf(first)).toEqual(['amount', 'due_date']); // sorted, as the host wants them
    expect(first?.type === 'scvMap' && first.value?.map(({ val }) => val.type)).toEqual([
      'scvI128',
      'scvU64',
    ]);
  });

  test('trustup: a loan type cannot be said, and is not dropped in silence', () => {
    expect(() =>
      createLoanArguments({ ...TERMS, loanType: 'learner_installment' }, TRAITS.trustup),
    ).toThrow(/know no loan type learner_installment/);
  });
});

describe('error numbers by generation', () => {
  const name = (
    generation: Generation,
    contract: 'lending_contract' | 'pool',
    number: number,
  ): string => contractError(familyOf(generation).errors, contract, number).name;
  test.each([
    [3, 'VendorNotActive', 'MerchantNotActive'],
    [16, 'InvalidVendor', 'InvalidMerchant'],
    [17, 'VendorValidationFailed', 'MerchantValidationFailed'],
    [18, 'ExposureLimitExceeded', 'ExposureLimitExceeded'],
    [22, 'LoanInGracePeriod', 'LoanInGracePeriod'],
    [23, 'InvalidInstallmentIndex', 'Error23'],
    [27, 'InvalidDueDate', 'Error27'],
  ])('creditline #%i is %s, in trustup %s', (number, ours, theirs) => {
    expect([
      name('g1', 'lending_contract', number),
      name('scaled', 'lending_contract', number),
      name('trustup', 'lending_contract', number),
    ]).toEqual([ours, ours, theirs]);
  });

  test("the pool's #12 is a pause in trustup, and not a published error in stepfi", () => {
    expect(contractError(familyOf('trustup').errors, 'pool', 12)).toMatchObject({
      name: 'ContractPaused',
      kind: 'paused',
    });
    expect(contractError(familyOf('g1').errors, 'pool', 12)).toMatchObject({
      name: 'Error12',
      kind: 'protocol',
    });
    expect(name('trustup', 'pool', 6)).toBe('InsufficientLiquidity');
  });
});

test('a generation is one of those known', () => {
  expect(GENERATION_NAMES.map(generationOf)).toEqual([
    'g1',
    'g2',
    'g3',
    'scaled',
    'scaled-g2',
    'scaled-g3',
    'trustup',
    'reserve',
  ]);
  expect(() => generationOf('other')).toThrow('no such generation of contracts: other');
});

describe('on a node', () => {
  let node: ScriptedChain;
  let chain: SorobanChain;
  beforeEach(async () => {
    node = new ScriptedChain();
    chain = chainOn(await node.rpc.start());
  });
  afterEach(() => node.rpc.stop());

  test('a paused pool is a refusal of its own kind', async () => {
    const line = (contract: string): string =>
      `[Diagnostic Event] contract:${contract}, topics:[error, Error(Contract, #12)], ` +
      'data:"failing with contract error"';
    node.rpc.answers['simulateTransaction'] = () => ({
      latestLedger: 1_001,
      events: [],
      error:
        'HostError: Error(Contract, #12)\n\nEvent log (newest first):\n   0: ' +
        `${line(CREDITLINE)}\n   1: ${line(POOL)}\n`,
    });
    expect(
      await chain.buildFunding(
        fundingRequest({ pool: { ...fundingRequest().pool, generation: 'trustup' } }),
      ),
    ).toMatchObject({
      kind: 'refused',
      refusal: { contract: 'pool', number: 12, name: 'ContractPaused', kind: 'paused' },
    });
    expect(await chain.buildFunding(fundingRequest())).toMatchObject({
      kind: 'refused',
      refusal: { contract: 'pool', number: 12, name: 'Error12', kind: 'protocol' },
    });
  });
});
