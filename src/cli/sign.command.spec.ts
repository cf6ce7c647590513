import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { Account, Keypair, Operation, TransactionBuilder } from '@stellar/stellar-sdk';
import { run } from './command-line.js';
import { signCommand } from './sign.command.js';

const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-sign-'));
const NETWORK = 'A network of tests';
const borrower = Keypair.random();
const unsigned = new TransactionBuilder(new Account(borrower.publicKey(), '1'), {
  fee: '100',
  networkPassphrase: NETWORK,
})
  .addOperation(Operation.manageData({ name: 'a', value: 'b' }))
  .setTimeout(60)
  .build();
const OFFER = {
  loan: { borrower: borrower.publicKey() },
  transaction: { xdr: unsigned.toXDR(), networkPassphrase: NETWORK },
  authorization: null,
};
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const kept = (name: string, text: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
};
async function sign(
  answer: string,
  ...options: string[]
): Promise<{ code: number; said: string; complained: string }> {
  const [said, complained]: [string[], string[]] = [[], []];
  const terminal = {
    say: (line: string) => said.push(line),
    complain: (line: string) => complained.push(line),
  };
  const code = await run(
    signCommand(terminal),
    [kept('answer.json', answer), ...options],
    terminal,
  );
  return { code, said: said.join('\n'), complained: complained.join('\n') };
}

test('prints the body of the submission: the transaction as issued, signed', async () => {
  const file = kept('secret', `${borrower.secret()}\n`);
  const { code, said } = await sign(JSON.stringify(OFFER), '--secret-file', file);
  expect(code).toBe(0);
  const { signedXdr } = JSON.parse(said) as { signedXdr: string };
  const signed = TransactionBuilder.fromXDR(signedXdr, NETWORK);
  expect(signed.hash()).toEqual(unsigned.hash());
  const [signature] = signed.signatures;
  expect(borrower.verify(signed.hash(), signature!.signature)).toBe(true);
});

test.each([
  [
    'a refusal',
    '{"code":"INSUFFICIENT_LIQUIDITY","detail":"80 is asked"}',
    'The loan was refused: INSUFFICIENT_LIQUIDITY 80 is asked',
    1,
  ],
  ['another answer', '{"a":1}', 'is not the answer of POST /loans.', 2],
  ['no JSON', 'nothing', 'is not JSON.', 2],
  [
    'a loan that is signed already',
    JSON.stringify({ ...OFFER, transaction: null }),
    'There is nothing to sign in this answer.',
    1,
  ],
  [
    'the loan of a borrower whose key is not here',
    JSON.stringify({ ...OFFER, loan: { borrower: 'GABC' } }),
    'The key of GABC is not in',
    1,
  ],
])('of %s it says so and signs nothing', async (what, answer, sentence, exitCode) => {
  const key = what.startsWith('a loan') ? ['--secret-file', kept('secret', borrower.secret())] : [];
  const { code, said, complained } = await sign(answer, ...key);
  expect({ code, said }).toEqual({ code: exitCode, said: '' });
  expect(complained).toContain(sentence);
});
