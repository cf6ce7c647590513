import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Keypair } from '@stellar/stellar-sdk';
import { CONTROL_ROUTES } from '../../sandbox/network/control-routes.js';
import { FAULT_NAMES } from '../../sandbox/network/faults.js';
import { Authorizations } from '../support/authorizations.js';
import { hashOf, LendingNetwork, outcome, TOKEN } from '../support/lending-network.js';

let lending: LendingNetwork;
let trustup: string;
beforeEach(async () => {
  lending = await LendingNetwork.start();
  ({ pool: trustup } = lending.network.control.deployPool({
    profile: 'trustup',
    decimals: 0,
    deposit: 10_000n,
  }));
});
afterEach(async () => {
  await lending.stop();
});

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}
async function ask(method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${lending.network.controlUrl}${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/**
 * Every misbehaviour of the network (docs/stellar.md#local-model), with the entry of the fault
 * table that causes it and the fewest parameters.
 */
const FAULT_LIST: readonly (readonly [misbehaviour: string, name: string, parameters?: object])[] =
  [
    ['503', 'node_down'],
    ['504', 'node_times_out'],
    ['HTML instead of an answer', 'node_answers_html'],
    ['nothing instead of an answer', 'node_answers_nothing'],
    ['a call that hangs', 'node_hangs', { methods: ['getFeeStats'] }],
    ['an answer lost on the way', 'answer_lost', { methods: ['getFeeStats'] }],
    ['a JSON-RPC error by code', 'node_errors'],
    ['a node that lags', 'node_lags', { ledgers: 2 }],
    ['a stale backend: latestLedger goes back', 'node_goes_backwards'],
    ['several nodes behind one address', 'several_nodes'],
    ['trimmed retention', 'node_forgets', { ledgers: 5 }],
    ['the NOT_FOUND race', 'look_up_race'],
    ['a network reset', 'network_reset'],
    ['another network', 'other_network'],
    ['one wrong field of a reply', 'reply_lies', { field: 'latestLedger', by: 3 }],
    ['missing diagnostics', 'no_diagnostics'],
    ['an executable that no SDK reads', 'unknown_executable'],
    ['nonces shown as spent, or not', 'nonce_lies', { spent: true }],
    ['duplicate event pages', 'duplicate_event_pages'],
    ['inclusion delayed by k ledgers', 'late_inclusion', { ledgers: 3 }],
    ['inclusion at closeTime == T', 'include_at_max_time'],
    ['ERROR by code', 'submission_error', { code: 'txBadAuth' }],
    ['a call that fails with a chosen result', 'invocation_fails'],
    ['TRY_AGAIN_LATER', 'submission_try_again'],
    ['dropped after PENDING', 'drop_after_pending'],
    ['ledgers that stop closing', 'stop_closing'],
  ];

describe('faults, each by one call of the control port', () => {
  it.each(FAULT_LIST)('%s', async (_, name, parameters = {}) => {
    expect(await ask('POST', '/faults', { name, parameters })).toMatchObject({
      status: 200,
      body: { faults: [name] },
    });
    expect(await ask('DELETE', `/faults?name=${name}`)).toMatchObject({
      status: 200,
      body: { faults: [] },
    });
  });

  it('the list names every fault', () => {
    expect(FAULT_LIST.map(([, name]) => name).sort()).toEqual([...FAULT_NAMES].sort());
  });

  it('a node that does not answer is not healthy', async () => {
    await ask('POST', '/faults', { name: 'node_answers_nothing', parameters: { times: 1 } });
    const response = await fetch(lending.network.rpcUrl, {
      method: 'POST',
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getHealth' }),
    });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect((await lending.server.getHealth()).status).toBe('healthy');
  });
});

/** Actions of other people, by the call that makes them. Each lands in a ledger and succeeds. */
const ACTIONS: readonly (readonly [
  action: string,
  path: string,
  body: (pool: string) => object,
])[] = [
  [
    'a create_loan by a stranger',
    '/foreign-loans',
    (pool) => ({ pool, total: '100', guarantee: '20' }),
  ],
  ['a shift of every footprint', '/footprint-shifts', (pool) => ({ pool, count: 2 })],
  ['a deposit', '/deposits', (pool) => ({ pool, amount: '10' })],
  ['a withdrawal', '/withdrawals', (pool) => ({ pool, shares: '10' })],
  ['a repayment', '/repayments', (pool) => ({ pool, loan: '1', amount: '10' })],
  ['a default', '/defaults', (pool) => ({ pool, loan: '2' })],
  ['interest by a stranger', '/interest', (pool) => ({ pool, amount: '10' })],
  ['tokens from outside', '/transfers', (pool) => ({ pool, amount: '1', direction: 'in' })],
  ['tokens clawed back', '/transfers', (pool) => ({ pool, amount: '1', direction: 'out' })],
  ['an upgrade', '/upgrades', (pool) => ({ pool })],
];

/** What the admin of a pool of the third generation does, and what needs the admin, in this order. */
const GOVERNED: readonly (readonly [action: string, path: string, body: object])[] = [
  ['requests of strangers', '/loan-requests', { count: 2, total: '100', guarantee: '20' }],
  ['an approval', '/approvals', { loan: '1' }],
  ['a cancellation', '/cancellations', { loan: '2' }],
  ['a cap', '/caps', { outflowBps: 5000 }],
  ['a pool that asks no vendor registry', '/vendor-checks', { registry: 'none' }],
  ['a proposed upgrade', '/upgrade-proposals', { generation: 'g2' }],
  ['a pause of the creditline', '/pauses', { contract: 'creditline' }],
];

/** Actions that only the newer contracts have. */
const NEWER: readonly (readonly [
  action: string,
  path: string,
  body: (pool: string, vendor: string) => object,
])[] = [
  ['caps', '/caps', (pool) => ({ pool, outflowBps: 5000, exposureCap: '1000' })],
  ['a registry', '/vendor-checks', (pool) => ({ pool, registry: 'none' })],
  ['a suspension', '/vendor-status', (pool, vendor) => ({ pool, vendor, active: false })],
  ['a request', '/loan-requests', (pool) => ({ pool, total: '100', guarantee: '20' })],
  ['an approval', '/approvals', (pool) => ({ pool, loan: '1' })],
  ['a cancellation', '/cancellations', (pool) => ({ pool, loan: '1' })],
  ['an upgrade proposed', '/upgrade-proposals', (pool) => ({ pool, generation: 'g2' })],
];

/** What befalls the whole network, by the call that brings it about. */
const CONDITIONS: readonly (readonly [condition: string, path: string, body: object])[] = [
  ['a surge of bids', '/surges', { rate: '200' }],
  ['a network that begins again', '/reset', { sameAddresses: true, deposit: '10' }],
  ['a protocol upgrade', '/settings', { protocolVersion: 28 }],
  ['a shorter least lifetime', '/settings', { minPersistentTtl: 1000 }],
];

describe('actions of others, each by one call of the control port', () => {
  beforeEach(() => {
    const { control } = lending.network;
    for (const dueIn of [1_000, -10_000_000])
      control.foreignLoan({
        pool: lending.pool.pool,
        total: 1_000_000_000n,
        guarantee: 200_000_000n,
        dueIn,
      });
  });

  it.each(ACTIONS)('%s', async (_, path, body) => {
    const before = lending.network.control.head().ledger;
    const answer = await ask('POST', path, body(lending.pool.pool));
    expect(answer.status).toBe(200);
    const outcome =
      (answer.body['loans'] as { succeeded: unknown }[] | undefined)?.[0]?.succeeded ??
      answer.body['succeeded'] ??
      answer.body['loanCounter'];
    expect([true, '4']).toContain(outcome);
    expect(lending.network.control.head().ledger).toBeGreaterThan(before);
  });

  it.each(CONDITIONS)('%s', async (_, path, body) => {
    expect(await ask('POST', path, body)).toMatchObject({
      status: 200,
      body: { ledger: expect.any(Number) as unknown },
    });
  });

  it("a fee bump around another account's transaction", async () => {
    const loan = await lending.loan(lending.borrower(0));
    expect(await ask('POST', '/fee-bumps', { envelope: loan.toXdr() })).toMatchObject({
      status: 200,
      body: { succeeded: true, innerHash: hashOf(loan) },
    });
  });

  it('a transaction simulated before the footprint shifts traps', async () => {
    const loan = await lending.loan(lending.borrower(0));
    await ask('POST', '/footprint-shifts', { pool: lending.pool.pool });
    await lending.send(loan);
    await lending.network.closeLedgers();
    expect(outcome(await lending.landed(loan))).toBe('txFailed/invokeHostFunctionTrapped');
  });

  it("a pause of the other fork's pool, and its end; the published pool cannot be paused", async () => {
    expect(await ask('POST', '/pauses', { pool: trustup })).toMatchObject({
      status: 200,
      body: { succeeded: true },
    });
    expect(await ask('POST', '/deposits', { pool: trustup, amount: '1' })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('Error(Contract, #12)') as unknown },
    });
    expect(await ask('POST', '/pauses', { pool: trustup, paused: false })).toMatchObject({
      status: 200,
      body: { succeeded: true },
    });
    expect(await ask('POST', '/deposits', { pool: trustup, amount: '1' })).toMatchObject({
      status: 200,
      body: { succeeded: true },
    });
    expect((await ask('POST', '/pauses', { pool: lending.pool.pool })).status).toBe(400);
  });

  it('the actions of an admin, and of those who need one', async () => {
    const { control } = lending.network;
    const { pool } = control.deployPool({
      generation: 'g3',
      decimals: 7,
      deposit: 100_000n * TOKEN,
    });
    const [vendor] = control.makeVendors({ pool, count: 1 }).vendors;
    const suspended = { pool, vendor, active: false };
    expect(await ask('POST', '/vendor-status', suspended)).toMatchObject({ status: 200 });
    for (const [action, path, body] of GOVERNED)
      expect({ action, ...(await ask('POST', path, { pool, ...body })) }).toMatchObject({
        action,
        status: 200,
      });
    expect(control.figures(pool).locked).toBe(String(80n * TOKEN));
  });

  it('code that another contract names, from protocol 28 on', async () => {
    const body = { pool: lending.pool.pool, contract: 'creditline' };
    expect(await ask('POST', '/executables', body)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('needs protocol 28') as unknown },
    });
    await ask('POST', '/settings', { protocolVersion: 28 });
    expect((await ask('POST', '/executables', body)).status).toBe(200);
  });

  it('entries that live for some more ledgers', async () => {
    const { pool } = lending.pool;
    const lifetimes = { pool, contracts: ['pool'], code: ['creditline'], loans: ['1'], ledgers: 9 };
    expect(await ask('POST', '/lifetimes', lifetimes)).toMatchObject({
      status: 200,
      body: { entries: 3 },
    });
    expect((await ask('POST', '/lifetimes', { pool, ledgers: -1 })).status).toBe(400);
  });

  it('links that are broken and mended, and an entry that cannot be read', async () => {
    const { pool } = lending.pool;
    expect((await ask('POST', '/links', { pool, to: 'pool', state: 'none' })).status).toBe(200);
    expect((await ask('POST', '/links', { pool, to: 'pool' })).status).toBe(200);
    expect((await ask('POST', '/links', { pool, to: 'pool', state: 'loose' })).status).toBe(400);
    const entry = { pool, key: 'OUTFLOW', text: 'much' };
    expect((await ask('POST', '/entries', entry)).status).toBe(200);
    expect((await ask('POST', '/entries', { ...entry, text: null })).status).toBe(200);
    expect((await ask('POST', '/entries', { ...entry, key: 'no symbol' })).status).toBe(400);
  });

  it('entries that are archived, by contract and by loan', async () => {
    const { pool } = lending.pool;
    expect(
      await ask('POST', '/archivals', {
        pool,
        contracts: ['pool', 'creditline'],
        loans: ['1', '99'],
      }),
    ).toMatchObject({ status: 200, body: { archived: 3 } });
    expect(await ask('POST', '/archivals', { pool, contracts: ['friend'] })).toMatchObject({
      status: 400,
    });
  });

  it.each(NEWER)('%s, of a pool of g3', async (_, path, body) => {
    const { control } = lending.network;
    const { pool } = control.deployPool({
      profile: 'scaled',
      decimals: 7,
      deposit: 100_000_000_000n,
      generation: 'g3',
    });
    const [vendor = ''] = control.makeVendors({ pool, count: 1 }).vendors;
    if (path === '/approvals' || path === '/cancellations')
      await ask('POST', '/loan-requests', { pool, total: '100', guarantee: '20' });
    const answer = await ask('POST', path, body(pool, vendor));
    expect(answer).toMatchObject({ status: 200 });
    const { succeeded = true } = answer.body;
    expect(succeeded).toBe(true);
  });

  it('contract accounts, other signers, and a signed authorization in the hands of a stranger', async () => {
    const { pool } = lending.pool;
    const [borrower, other] = [lending.borrower(0), lending.borrower(1)];
    const made = await ask('POST', '/wallets', { pool, count: 2 });
    expect(made).toMatchObject({ status: 200, body: { wallets: [{}, {}] } });
    const signers = { account: other.publicKey(), signers: [{ key: borrower.publicKey() }] };
    expect(await ask('POST', '/signers', signers)).toMatchObject({ status: 200 });
    const nobody = Keypair.random().publicKey();
    expect((await ask('POST', '/signers', { account: nobody })).status).toBe(400);
    const signed = await new Authorizations(lending, other).signed(borrower);
    const entry = signed.toXdr('base64');
    expect(await ask('POST', '/landings', { entry })).toMatchObject({
      status: 200,
      body: { succeeded: true },
    });
    expect(await ask('POST', '/landings', { entry })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('Error(Auth, ExistingValue)') as unknown },
    });
    expect((await ask('POST', '/landings', { entry: 'AAAA' })).status).toBe(400);
  });

  it('a repayment to a reserve', async () => {
    const { control } = lending.network;
    const { pool } = control.deployPool({
      profile: 'reserve',
      decimals: 7,
      deposit: 100_000_000_000n,
      generation: 'reserve',
    });
    const { borrower } = control.foreignLoan({ pool, total: 1_000_0000000n, guarantee: 0n });
    expect(
      await ask('POST', '/reserve-repayments', { pool, borrower, amount: '10' }),
    ).toMatchObject({
      status: 200,
      body: { succeeded: true },
    });
  });

  it('this file calls every action', () => {
    const called = [
      '/reserve-repayments',
      ...[...ACTIONS, ...CONDITIONS, ...NEWER].map(([, path]) => path),
      '/wallets',
      '/signers',
      '/landings',
      '/fee-bumps',
      '/pauses',
      '/archivals',
      '/lifetimes',
      '/executables',
      '/entries',
      '/links',
    ].map((path) => `POST ${path}`);
    const setup = [
      'POST /ledgers',
      'POST /time',
      'POST /timer',
      'POST /faults',
      'POST /pools',
      'POST /borrowers',
      'POST /vendors',
    ];
    expect([...new Set([...called, ...setup])].sort()).toEqual(
      Object.keys(CONTROL_ROUTES)
        .filter((route) => route.startsWith('POST '))
        .sort(),
    );
  });
});
