import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Generation } from '../../sandbox/contracts/generations.js';
import { type RunningNetwork, startNetwork } from '../../sandbox/network/network.js';

const DAY = 86_400;
const DEPOSIT = 10_000n;
let network: RunningNetwork;
beforeEach(async () => {
  network = await startNetwork({ now: () => 1_790_000_000_000 });
});
afterEach(() => network.close());

/** A pool whose token has no decimals, with 10,000 units. */
const deploy = (generation: Generation): string =>
  network.control.deployPool({ profile: 'stepfi', decimals: 0, deposit: DEPOSIT, generation }).pool;
const figures = (pool: string): Record<string, number> => {
  const { total, locked, tokenBalance } = network.control.figures(pool);
  return { total: Number(total), locked: Number(locked), tokens: Number(tokenBalance) };
};
const lend = (pool: string, dueIn = DAY): { loan: bigint; borrower: string } => {
  const made = network.control.foreignLoan({ pool, total: 1000n, guarantee: 200n, dueIn });
  return { loan: BigInt(made.loan ?? 0), borrower: made.borrower };
};
const refusal = (code: number): RegExp => new RegExp(`Error\\(Contract, #${code}\\)`);

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}
async function ask(path: string, request: object): Promise<Answer> {
  const response = await fetch(`${network.controlUrl}${path}`, {
    method: 'POST',
    body: JSON.stringify(request),
  });
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
  };
}

describe('a default', () => {
  it.each([
    ['g1', { total: 10_200, locked: 600, tokens: 9400 }],
    ['g2', { total: 9400, locked: 0, tokens: 9400 }],
    ['g3', { total: 9400, locked: 0, tokens: 9400 }],
  ] as const)('in %s leaves %o', (generation, expected) => {
    const pool = deploy(generation);
    const { loan } = lend(pool);
    network.control.travel(2 * DAY);
    network.control.actions.overdue({ pool, loan, deed: 'mark_defaulted' });
    expect(figures(pool)).toEqual(expected);
  });
});

describe('interest', () => {
  it('comes from anyone in g1, and only from the creditline later', async () => {
    const [first, second] = [deploy('g1'), deploy('g2')];
    expect((await ask('/interest', { pool: first, amount: '100' })).status).toBe(200);
    expect((await ask('/interest', { pool: second, amount: '100' })).body).toMatchObject({
      detail: expect.stringMatching(refusal(9)),
    });
  });
});

describe('the caps of g3', () => {
  it('bind fundings of one ledger, and of one vendor', async () => {
    const pool = deploy('g3');
    await ask('/caps', { pool, outflowBps: 500, exposureCap: '900' });
    expect(() => lend(pool)).toThrow(refusal(16));
    await ask('/caps', { pool, outflowBps: 0 });
    expect(lend(pool).loan).toBe(1n);
    expect(figures(pool)).toMatchObject({ locked: 800 });
    await ask('/caps', { pool, exposureCap: '700' });
    expect(() => lend(pool)).toThrow(refusal(17));
    expect((await ask('/caps', { pool })).status).toBe(400);
    expect((await ask('/caps', { pool: deploy('g2'), outflowBps: 1 })).status).not.toBe(200);
  });

  it('have a registry of their own to ask', async () => {
    const pool = deploy('g3');
    await ask('/vendor-checks', { pool, registry: 'unreadable' });
    expect(() => lend(pool)).toThrow(refusal(18));
    await ask('/vendor-checks', { pool, registry: 'own' });
    expect(lend(pool).loan).toBe(1n);
  });
});

describe('a pause of g3', () => {
  it('of the pool stops loans and defaults, and lets repayments through', async () => {
    const pool = deploy('g3');
    const { loan } = lend(pool);
    await ask('/pauses', { pool });
    expect(() => lend(pool)).toThrow(refusal(15));
    const paid = await ask('/repayments', { pool, loan: String(loan), amount: '100' });
    expect(paid.body).toMatchObject({ succeeded: true });
    network.control.travel(2 * DAY);
    const late = await ask('/defaults', { pool, loan: String(loan) });
    expect(late.body).toMatchObject({ detail: expect.stringMatching(refusal(15)) });
    await ask('/pauses', { pool, paused: false });
    expect((await ask('/defaults', { pool, loan: String(loan) })).status).toBe(200);
  });

  it('of the creditline stops loans', async () => {
    const pool = deploy('g3');
    await ask('/pauses', { pool, contract: 'creditline' });
    expect(() => lend(pool)).toThrow(refusal(33));
  });
});

describe('a requested loan', () => {
  it.each([
    ['g1', 0],
    ['g3', 80],
  ] as const)('in %s takes %i from the pool when it is approved', async (generation, locked) => {
    const pool = deploy(generation);
    await ask('/loan-requests', { pool, total: '100', guarantee: '20' });
    expect(figures(pool)).toMatchObject({ locked: 0, tokens: 10_000 });
    expect((await ask('/approvals', { pool, loan: '1' })).body).toMatchObject({ succeeded: true });
    expect(figures(pool)).toMatchObject({ locked, tokens: 10_000 - locked });
  });

  it('can be cancelled by its borrower', async () => {
    const pool = deploy('g3');
    await ask('/loan-requests', { pool, total: '100', guarantee: '20' });
    await ask('/cancellations', { pool, loan: '1' });
    expect((await ask('/approvals', { pool, loan: '1' })).body).toMatchObject({
      detail: expect.stringMatching(refusal(25)),
    });
  });
});

describe('a vendor', () => {
  it('is suspended, and made active again', async () => {
    const pool = deploy('g2');
    const [vendor] = network.control.makeVendors({ pool, count: 1 }).vendors;
    for (const active of [false, true])
      expect((await ask('/vendor-status', { pool, vendor, active })).body).toMatchObject({
        succeeded: true,
      });
  });
});

describe('an upgrade', () => {
  const now = async (pool: string): Promise<unknown> => {
    const state = (await (await fetch(`${network.controlUrl}/state`)).json()) as {
      pools: { pool: string; generation: string; creditlineGeneration: string }[];
    };
    const found = state.pools.find((each) => each.pool === pool);
    return [found?.generation, found?.creditlineGeneration];
  };

  it('takes both contracts of g1 to g2 at once', async () => {
    const pool = deploy('g1');
    const { loan } = lend(pool);
    for (const contract of ['pool', 'creditline'])
      await ask('/upgrades', { pool, contract, generation: 'g2' });
    expect(await now(pool)).toEqual(['g2', 'g2']);
    network.control.travel(2 * DAY);
    network.control.actions.overdue({ pool, loan, deed: 'mark_defaulted' });
    expect(figures(pool)).toEqual({ total: 9400, locked: 0, tokens: 9400 });
  });

  it('has the hash of a deployment of that generation', async () => {
    const pool = deploy('g1');
    const { body } = await ask('/upgrades', { pool, generation: 'g2' });
    const second = await ask('/upgrades', { pool: deploy('g1'), generation: 'g2' });
    expect(second.body['wasmHash']).toBe(body['wasmHash']);
  });

  it('of g3 waits a day after it was proposed', async () => {
    const pool = deploy('g3');
    expect((await ask('/upgrades', { pool })).body).toMatchObject({
      detail: expect.stringMatching(refusal(12)),
    });
    const { body } = await ask('/upgrade-proposals', { pool, generation: 'g2' });
    expect(body['unlockAt']).toBe(Number(body['closeTime']) + DAY);
    expect((await ask('/upgrades', { pool })).body).toMatchObject({
      detail: expect.stringMatching(refusal(13)),
    });
    network.control.travel(DAY + 3600);
    expect((await ask('/upgrades', { pool })).body).toMatchObject({
      succeeded: true,
      wasmHash: body['wasmHash'],
    });
    expect(await now(pool)).toEqual(['g2', 'g3']);
  });
});

describe('a network with a generation of its own', () => {
  it('gives it to pools whose request names none', async () => {
    const third = await startNetwork({ generation: 'g3', now: () => 1_790_000_000_000 });
    try {
      const made = (request: object): unknown =>
        third.control.deployPool({ decimals: 7, deposit: 0n, ...request });
      expect(made({})).toMatchObject({ profile: 'scaled', generation: 'g3' });
      expect(made({ profile: 'stepfi' })).toMatchObject({ generation: 'g3' });
      expect(made({ profile: 'trustup' })).toMatchObject({ generation: 'trustup' });
      expect(made({ generation: 'trustup' })).toMatchObject({ profile: 'trustup' });
      expect(() => made({ profile: 'trustup', generation: 'g2' })).toThrow(
        'profile trustup has no generation g2',
      );
    } finally {
      await third.close();
    }
  });
});
