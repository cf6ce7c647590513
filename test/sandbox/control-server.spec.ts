import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { once } from 'node:events';
import { Keypair } from '@stellar/stellar-sdk';
import { LendingNetwork, outcome } from '../support/lending-network.js';

let lending: LendingNetwork;
beforeEach(async () => {
  lending = await LendingNetwork.start();
});
afterEach(async () => {
  await lending.stop();
});

interface Answer {
  status: number;
  body: Record<string, unknown>;
}
async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${lending.network.controlUrl}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('the control port', () => {
  it('deploys many pools, each with its own contracts and deposit', async () => {
    const { body } = await ask('POST', '/pools', {
      profile: 'stepfi',
      decimals: 2,
      deposit: '1234.5',
    });
    expect(body).toMatchObject({
      profile: 'stepfi',
      decimals: 2,
      pool: expect.stringMatching(/^C/) as unknown,
      token: expect.stringMatching(/^C/) as unknown,
      admin: expect.stringMatching(/^G/) as unknown,
    });
    const { body: state } = await ask('GET', '/state');
    expect(state['pools']).toHaveLength(2);
    expect(lending.network.control.figures(String(body['pool']))).toEqual({
      total: '123450',
      locked: '0',
      tokenBalance: '123450',
      loanCounter: '0',
    });
    expect(lending.network.control.figures(lending.pool.pool).total).toBe('1000000000000');
  });

  it('makes borrowers with secrets, tokens and a score in one ledger', async () => {
    const before = lending.network.control.head().ledger;
    const { body } = await ask('POST', '/borrowers', {
      pool: lending.pool.pool,
      count: 50,
      tokens: '250',
      score: 90,
    });
    const made = body['borrowers'] as { address: string; secret: string }[];
    expect(new Set(made.map(({ address }) => address)).size).toBe(50);
    expect(
      made.every(({ address, secret }) => Keypair.fromSecret(secret).publicKey() === address),
    ).toBe(true);
    expect(body['ledger']).toBe(before + 1);
    const loan = await lending.loan(Keypair.fromSecret(made[49]!.secret));
    expect((await lending.send(loan)).status).toBe('PENDING');
  });

  it("lands a stranger's loan, which moves the counter and takes liquidity", async () => {
    const { body } = await ask('POST', '/foreign-loans', {
      pool: lending.pool.pool,
      count: 2,
      total: '100',
      guarantee: '20',
    });
    expect(body['loans']).toMatchObject([{ succeeded: true }, { succeeded: true }]);
    expect(lending.network.control.figures(lending.pool.pool)).toMatchObject({
      loanCounter: '2',
      locked: '1600000000',
    });
  });

  it('closes ledgers and travels', async () => {
    const { ledger, closeTime } = lending.network.control.head();
    expect((await ask('POST', '/ledgers', { count: 3 })).body).toEqual({
      ledger: ledger + 3,
      closeTime: closeTime + 3,
    });
    expect((await ask('POST', '/time', { seconds: 3600 })).body).toMatchObject({
      ledger: ledger + 4,
      closeTime: lending.clock + 3600,
    });
  });

  it.each([
    ['an unknown route', '/moon', {}, 404],
    ['an unknown field', '/ledgers', { cuont: 3 }, 400],
    ['a pool that does not exist', '/vendors', { pool: `C${'A'.repeat(55)}` }, 400],
    ['more digits than the token has', '/pools', { decimals: 2, deposit: '1.234' }, 400],
    ['an unknown fault', '/faults', { name: 'moonshine' }, 400],
  ])('refuses %s', async (_name, path, body, status) => {
    const answer = await ask('POST', path, body);
    expect(answer.status).toBe(status);
    expect(answer.body['detail']).toEqual(expect.any(String));
  });

  it('refuses web pages, also under a name that points to this machine', async () => {
    expect((await ask('GET', '/state', undefined, { origin: 'https://example.com' })).status).toBe(
      403,
    );
    const rebound = request(`${lending.network.controlUrl}/state`, {
      headers: { host: 'evil.example' },
    }).end();
    const [response] = (await once(rebound, 'response')) as [
      { statusCode: number; resume(): void },
    ];
    response.resume();
    expect(response.statusCode).toBe(403);
  });
});

describe('faults', () => {
  it('late_inclusion holds a transaction back for the given number of ledgers, then lets it land', async () => {
    await ask('POST', '/faults', { name: 'late_inclusion', parameters: { ledgers: 6 } });
    const loan = await lending.loan(lending.borrower(0));
    await lending.send(loan);
    await lending.network.closeLedgers(6);
    expect((await lending.landed(loan)).status).toBe('NOT_FOUND');
    await lending.network.closeLedgers();
    expect(outcome(await lending.landed(loan))).toBe('txSuccess/invokeHostFunctionSuccess');
  });

  it('node_down answers 503 to RPC and not to the control port, until it is cleared', async () => {
    expect((await ask('POST', '/faults', { name: 'node_down' })).body['faults']).toEqual([
      'node_down',
    ]);
    await expect(lending.server.getHealth()).rejects.toMatchObject({ response: { status: 503 } });
    expect((await ask('DELETE', '/faults?name=node_down')).body['faults']).toEqual([]);
    expect((await lending.server.getHealth()).status).toBe('healthy');
  });

  it('stop_closing stops the timer, and health fails after half a minute', async () => {
    await ask('POST', '/faults', { name: 'stop_closing' });
    const { ledger } = lending.network.control.head();
    await ask('POST', '/timer', { seconds: 0.001 });
    lending.clock += 40;
    await expect(lending.server.getHealth()).rejects.toMatchObject({ code: -32603 });
    expect(lending.network.control.head().ledger).toBe(ledger);
    await ask('DELETE', '/faults');
    while (lending.network.control.head().ledger === ledger)
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    expect((await lending.server.getHealth()).status).toBe('healthy');
  });
});
