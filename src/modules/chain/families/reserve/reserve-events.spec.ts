import { describe, expect, test } from '@jest/globals';
import { contractCode } from '../../../../../sandbox/contracts/registry.js';
import { ReserveError } from '../../../../../sandbox/contracts/reserve.contract.js';
import type { ContractCode } from '../../../../../sandbox/contracts/host.js';
import type { ContractInterface } from '../../contract-code.js';
import type { ChainEvent, EventData } from '../../chain.js';

import { familyOf, recognise } from '../families.js';

const RESERVE = familyOf('reserve');
const POOL = `C${'P'.repeat(55)}`;
const TOKEN = `C${'T'.repeat(55)}`;
const BORROWER = `G${'B'.repeat(55)}`;
const OTHER = `G${'D'.repeat(55)}`;
const PARTS = { poolContract: POOL, lendingContract: POOL, tokenContract: TOKEN };
const event = (
  name: string,
  data: EventData,
  { contract = POOL, who = BORROWER } = {},
): ChainEvent => ({
  id: '0000000000000000001-0000000001',
  ledger: 7,
  txHash: 'f'.repeat(64),
  contract,
  name,
  topics: [name, TOKEN, who],
  data,
});
const NOTHING = { total: 0n, locked: 0n };

describe('what an event means', () => {
  test.each([
    ['supply', { term: 'deposits', total: 50n, locked: 0n, tokens: [50n] }],
    ['withdraw', { term: 'withdrawals', total: -50n, locked: 0n, tokens: [-50n] }],
    ['borrow', { term: 'fundings', total: 0n, locked: 50n, tokens: [-50n] }],
    ['repay', { term: 'repayments', total: 0n, locked: -50n, tokens: [50n] }],
  ])('%s', (name, meaning) => {
    expect(RESERVE.meaning(event(name, ['50', '50']), NOTHING)).toEqual({
      kind: 'money',
      ...meaning,
    });
  });

  test.each([
    ['a share that is not one token', ['50', '49']],
    ['one value', ['50']],
    ['three values', ['50', '50', '0']],
    ['no list', '50'],
    ['no amount', ['50', POOL]],
  ])('%s is unreadable, and its funding has no amount', (_, data) => {
    const unread = event('borrow', data);
    expect(RESERVE.meaning(unread, NOTHING)).toEqual({ kind: 'unreadable' });
    expect(RESERVE.facts([unread], PARTS)).toMatchObject({
      fundings: [{ amount: null }],
      unreadable: [unread.id],
    });
  });

  test('another event means nothing', () => {
    expect(RESERVE.meaning(event('claim', ['50', '50']), NOTHING)).toEqual({ kind: 'none' });
  });
});

describe('a landing', () => {
  const landing = (events: readonly ChainEvent[]) =>
    RESERVE.landing(events, { ...PARTS, borrower: BORROWER, amount: 50n });

  test('is our borrower with the held amount; it has no loan id', () => {
    expect(landing([event('supply', ['1', '1']), event('borrow', ['50', '50'])])).toEqual({
      loanId: null,
    });
  });

  test.each([
    ['another borrower', event('borrow', ['50', '50'], { who: OTHER })],
    ['another amount', event('borrow', ['51', '51'])],
    ['another contract', event('borrow', ['50', '50'], { contract: TOKEN })],
    ['another event', event('repay', ['50', '50'])],
  ])('is not %s', (_, found) => {
    expect(landing([found])).toBeUndefined();
  });
});

test('one event is the funding and the loan of its borrower', () => {
  const borrowed = event('borrow', ['50', '50']);
  const { id: eventId, ledger, txHash } = borrowed;
  expect(
    RESERVE.facts([borrowed, event('borrow', ['9', '9'], { contract: TOKEN })], PARTS),
  ).toEqual({
    fundings: [{ eventId, ledger, txHash, amount: 50n, vendor: null }],
    loans: [{ eventId, ledger, txHash, borrower: BORROWER, loanId: null }],
    notices: [],
    unreadable: [],
  });
});

test('each error number has the name that the contract gives it', () => {
  const named = Object.entries(RESERVE.errors.pool).map(([number, { name }]) => [
    name,
    Number(number),
  ]);
  expect(Object.fromEntries(named)).toEqual(ReserveError);
});

describe('code', () => {
  const interfaceOf = ({ functions }: ContractCode): ContractInterface => ({
    wasmHash: 'a'.repeat(64),
    functions: new Map(
      Object.entries(functions).map(([name, { parameters = [] }]) => [name, parameters.length]),
    ),
  });
  const codeOf = (...of: Parameters<typeof contractCode>): ContractInterface => {
    const found = contractCode(...of).get('pool');
    if (!found) throw new Error('there is no pool');
    return interfaceOf(found);
  };
  const reserve = codeOf('reserve', 7);

  test('of a reserve is no other generation', () => {
    expect(recognise(reserve, reserve)).toEqual({ generation: 'reserve' });
  });

  test('with a function less, more, or of another number of arguments is refused in words', () => {
    const changed = (change: (functions: Map<string, number>) => void): string | true => {
      const functions = new Map(reserve.functions);
      change(functions);
      const code = { ...reserve, functions };
      return RESERVE.recognise(code, code);
    };
    expect(changed((functions) => functions.delete('get_debt'))).toBe('its pool lacks get_debt');
    expect(changed((functions) => functions.set('submit', 4))).toBe(
      'its pool has the unknown submit',
    );
    expect(changed((functions) => functions.set('borrow', 3))).toBe(
      'its pool takes another number of arguments in borrow',
    );
    const stepfi = codeOf('stepfi', 7);
    expect(RESERVE.recognise(stepfi, stepfi)).toMatch(/^its pool lacks borrow, /);
  });
});
