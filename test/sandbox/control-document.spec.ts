import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CONTROL_ROUTES } from '../../sandbox/network/control-routes.js';
import { FAULT_NAMES } from '../../sandbox/network/faults.js';
import { Authorizations } from '../support/authorizations.js';
import { LendingNetwork, TOKEN } from '../support/lending-network.js';

/**
 * Compares the document of the control port with its tables: each route and each fault has its row,
 * and each call in it works as written.
 */
const DOCUMENT = readFileSync('docs/local-network.md', 'utf8');
const rows = [...DOCUMENT.matchAll(/^\| `([^`]+)` \| .{10,} \| `(curl -s [^`]+)` \|$/gm)].map(
  ([, name = '', call = '']) => ({ name, call }),
);
const routes = rows.filter(({ name }) => name.includes(' '));
const faults = rows.filter(({ name }) => !name.includes(' '));

let lending: LendingNetwork;
const env: Record<string, string> = { PATH: '/usr/local/bin:/usr/bin:/bin' };
beforeAll(async () => {
  lending = await LendingNetwork.start();
  const { control, controlUrl } = lending.network;
  for (const dueIn of [1_000, -10_000_000])
    control.foreignLoan({
      pool: lending.pool.pool,
      total: 100n * TOKEN,
      guarantee: 20n * TOKEN,
      dueIn,
    }); // loans 1 and 2: to repay, and past its due date
  const { pool: trustup } = control.deployPool({
    profile: 'trustup',
    decimals: 0,
    deposit: 10_000n,
  });
  const { pool: g3 } = control.deployPool({
    generation: 'g3',
    decimals: 0,
    deposit: 10_000n,
  });
  const { pool: reserve } = control.deployPool({
    generation: 'reserve',
    decimals: 0,
    deposit: 10_000n,
  });
  const { borrower } = control.foreignLoan({ pool: reserve, total: 500n, guarantee: 0n });
  Object.assign(env, {
    CONTROL: controlUrl,
    RESERVE: reserve,
    BORROWER: borrower,
    TRUSTUP: trustup,
    G3: g3,
    VENDOR: lending.vendor,
    SIGNER: lending.borrower(1).publicKey(),
  });
});
afterAll(() => lending.stop());

/**
 * Runs a call as a person would type it. `--fail-with-body` makes an answer of 400 and above an
 * error with its text.
 */
const typed = async (text: string): Promise<string> =>
  (
    await promisify(execFile)(
      'bash',
      ['-c', text.replaceAll('curl -s', 'curl -sS --fail-with-body')],
      { env },
    )
  ).stdout;

/** An authorization of a borrower, as a stranger might see it. */
async function signedEntry(): Promise<string> {
  const authorizations = new Authorizations(lending, lending.borrower(1));
  return (await authorizations.signed(lending.borrower(0))).toXdr('base64');
}

test('each route and each fault has one row, and there are no others', () => {
  expect(routes.map(({ name }) => name).toSorted()).toEqual(Object.keys(CONTROL_ROUTES).toSorted());
  expect(faults.map(({ name }) => name).toSorted()).toEqual([...FAULT_NAMES].toSorted());
});

test("how to get the pool's address", async () => {
  const line = DOCUMENT.split('\n').find((each) => each.startsWith('POOL=')) ?? '';
  env['POOL'] = (await typed(`${line}; echo $POOL`)).trim();
  expect(env['POOL']).toBe(lending.pool.pool);
});

describe('calls', () => {
  test.each(routes.map(({ name, call }) => [name, call]))('%s', async (name, call) => {
    const [method = '', path = ''] = name.split(' ');
    expect(call).toMatch(new RegExp(`\\$CONTROL${path}[ "?]|\\$CONTROL${path}$`));
    expect(call.includes('-X DELETE') ? 'DELETE' : call.includes(' -d ') ? 'POST' : 'GET').toBe(
      method,
    );
    if (call.includes('$ENTRY')) env['ENTRY'] = await signedEntry();
    if (call.includes('$XDR')) env['XDR'] = (await lending.loan(lending.borrower(0))).toXdr();
    const answer = JSON.parse(await typed(call)) as { succeeded?: unknown };
    expect([true, undefined]).toContain(answer.succeeded);
  });

  test.each(faults.map(({ name, call }) => [name, call]))('%s', async (name, call) => {
    expect(JSON.parse(await typed(call))).toMatchObject({ faults: [name] });
    expect(JSON.parse(await typed('curl -s -X DELETE $CONTROL/faults'))).toMatchObject({
      faults: [],
    });
  });
});
