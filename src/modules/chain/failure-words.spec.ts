import { expect, test } from '@jest/globals';
import { FAILURE_SIDES } from './transaction-outcome.js';
import { becauseOf, failureWords } from './failure-words.js';

const names = {
  generation: 'g1',
  poolContract: 'CP',
  lendingContract: 'CL',
  tokenContract: 'CT',
};

test(
  'every reason has a sentence of its own and a clause; a reason from a later version is ' +
    'reported as unknown',
  () => {
    const reasons = Object.keys(FAILURE_SIDES);
    const sentences = reasons.map(
      (reason) => failureWords(names, { reason, contract: null, number: null }).sentence,
    );
    expect(new Set(sentences).size).toBe(reasons.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].{20,}\.$/);
    expect(new Set(reasons.map(becauseOf)).size).toBe(reasons.length);
    expect(becauseOf('of tomorrow')).toBe(becauseOf('unknown'));
    expect(becauseOf(null)).toBe(becauseOf('unknown'));
  },
);

test.each([
  ['CL', 5, 'lending_contract', 'InsufficientLiquidity'],
  ['CP', 6, 'pool', 'InsufficientLiquidity'],
  ['CT', 10, 'token', 'BalanceError'],
  ['CX', 4, 'unknown', 'Error4'],
])('%s #%i is of the contract %s: %s', (contract, number, name, error) => {
  expect(failureWords(names, { reason: 'contract_error', contract, number })).toMatchObject({
    contract: name,
    name: error,
  });
});

test('a contract that stopped without a number has its name and the general sentence', () => {
  expect(failureWords(names, { reason: 'contract_trap', contract: 'CP', number: null })).toEqual({
    contract: 'pool',
    name: null,
    sentence: 'A contract refused the loan without an error number.',
  });
});
