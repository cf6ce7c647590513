import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Keypair, scValToNative, xdr } from '@stellar/stellar-sdk';
import {
  CREDITLINE,
  fundingRequest,
  PASSPHRASE,
  POOL,
  ScriptedChain,
  symbol,
} from '../../../test/support/scripted-chain.js';
import { type LoanTerms, PROFILE_NAMES, type Profile } from './chain.js';
import { contractError } from './contract-errors.js';
import { createLoanArguments } from './create-loan.js';
import { PROFILES, profileOf } from './profiles.js';
import { SorobanChain } from './soroban-chain.js';

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
  test.each(['stepfi', 'scaled'] as const)(
    '%s: six, with the loan type, and instalments that start unpaid',
    (profile) => {
      const args = createLoanArguments({ ...TERMS, loanType: 'learner_installment' }, profile);
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
    const args = createLoanArguments(TERMS, 'trustup');
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
      createLoanArguments({ ...TERMS, loanType: 'learner_installment' }, 'trustup'),
    ).toThrow(/know no loan type learner_installment/);
  });
});

describe('error numbers by profile', () => {
  const name = (profile: Profile, contract: 'creditline' | 'pool', number: number): string =>
    contractError(PROFILES[profile].errors, contract, number).name;
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
      name('stepfi', 'creditline', number),
      name('scaled', 'creditline', number),
      name('trustup', 'creditline', number),
    ]).toEqual([ours, ours, theirs]);
  });

  test("the pool's #12 is a pause in trustup, and not a published error in stepfi", () => {
    expect(contractError(PROFILES.trustup.errors, 'pool', 12)).toMatchObject({
      name: 'ContractPaused',
      kind: 'paused',
    });
    expect(contractError(PROFILES.stepfi.errors, 'pool', 12)).toMatchObject({
      name: 'Error12',
      kind: 'protocol',
    });
    expect(name('trustup', 'pool', 6)).toBe('InsufficientLiquidity');
  });
});

test('a profile is one of those known', () => {
  expect(PROFILE_NAMES.map(profileOf)).toEqual(['stepfi', 'scaled', 'trustup']);
  expect(() => profileOf('other')).toThrow('no such profile: other');
});

describe('on a node', () => {
  let node: ScriptedChain;
  let chain: SorobanChain;
  beforeEach(async () => {
    node = new ScriptedChain();
    chain = new SorobanChain({
      rpcUrl: await node.rpc.start(),
      networkPassphrase: PASSPHRASE,
      timeoutMs: 2_000,
      inclusionFee: 1_000,
    });
  });
  afterEach(() => node.rpc.stop());

  test.each<[string, xdr.ScVal, string | null]>([
    ['a number', xdr.ScVal.scvU32(1), 'stepfi'],
    ['a symbol', symbol('v1_0_0'), 'trustup'],
    ['something else', xdr.ScVal.scvVoid(), null],
  ])('a version that is %s', async (_, version, profile) => {
    node.rpc.answers['simulateTransaction'] = () => node.returned(version);
    expect(await chain.detectProfile(CREDITLINE)).toBe(profile);
  });

  test(
    'a creditline without a version decides nothing; a node that is down is not taken for ' +
      'such a creditline',
    async () => {
      node.rpc.answers['simulateTransaction'] = () => ({
        latestLedger: 1_001,
        error: 'HostError: Error(WasmVm, MissingValue)',
        events: [],
      });
      expect(await chain.detectProfile(CREDITLINE)).toBeNull();
      node.rpc.wire['simulateTransaction'] = { status: 503, body: '' };
      await expect(chain.detectProfile(CREDITLINE)).rejects.toMatchObject({
        code: 'CHAIN_UNREACHABLE',
      });
    },
  );

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
    expect(await chain.buildFunding(fundingRequest({ profile: 'trustup' }))).toMatchObject({
      kind: 'refused',
      refusal: { contract: 'pool', number: 12, name: 'ContractPaused', kind: 'paused' },
    });
    expect(await chain.buildFunding(fundingRequest())).toMatchObject({
      kind: 'refused',
      refusal: { contract: 'pool', number: 12, name: 'Error12', kind: 'protocol' },
    });
  });
});
