import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { scValToNative, TransactionBuilder, type rpc } from '@stellar/stellar-sdk';
import { hashOf, LendingNetwork } from '../support/lending-network.js';
import { instanceOf } from '../../sandbox/network/ledger-entries.js';
import { poolKey } from '../../sandbox/contracts/pool-storage.js';

let lending: LendingNetwork;
beforeEach(async () => {
  lending = await LendingNetwork.start();
});
afterEach(async () => {
  await lending.stop();
});

const fault = (name: string, parameters: object = {}): void => {
  lending.network.control.setFault(name, parameters);
};
const clear = (name?: string): void => {
  lending.network.control.clearFaults(name);
};
const head = (): number => lending.network.control.head().ledger;
const latest = async (): Promise<number> => (await lending.server.getLatestLedger()).sequence;
const post = (method: string, params: object = {}): Promise<Response> =>
  fetch(lending.network.rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
async function landedLoan(): Promise<{ hash: string; ledger: number }> {
  const loan = await lending.loan(lending.borrower(0));
  await lending.send(loan);
  return { hash: hashOf(loan), ledger: (await lending.network.closeLedgers()).ledger };
}
async function locked(): Promise<{ locked: unknown; ledger: number }> {
  const { entries, latestLedger } = await lending.server.getLedgerEntries(
    lending.instance(lending.pool.pool),
  );
  const found = instanceOf(entries[0]!.val).storage?.find(({ key }) =>
    key.equals(poolKey.lockedLiquidity),
  );
  return { locked: found && scValToNative(found.val), ledger: latestLedger };
}
const status = async (hash: string): Promise<string> =>
  (await lending.server.getTransaction(hash)).status;

describe('a node that answers wrongly', () => {
  it.each([
    ['node_down', 503, 'service unavailable', 'text/plain'],
    ['node_times_out', 504, 'gateway timeout', 'text/plain'],
    ['node_answers_html', 200, '<!doctype html>', 'text/html'],
  ])('%s', async (name, code, text, type) => {
    fault(name);
    const response = await post('getHealth');
    expect([response.status, response.headers.get('content-type')]).toEqual([code, type]);
    expect(await response.text()).toContain(text);
    clear(name);
    expect((await post('getHealth')).status).toBe(200);
  });

  it('can be limited to some methods and to a number of calls', async () => {
    fault('node_down', { methods: ['getLatestLedger'], times: 2 });
    expect((await post('getHealth')).status).toBe(200);
    expect([
      (await post('getLatestLedger')).status,
      (await post('getLatestLedger')).status,
      (await post('getLatestLedger')).status,
    ]).toEqual([503, 503, 200]);
  });

  it('hangs: no answer until the caller gives up, and the network still stops', async () => {
    fault('node_hangs', { methods: ['getHealth'] });
    const caller = new AbortController();
    const waiting = fetch(lending.network.rpcUrl, {
      method: 'POST',
      signal: caller.signal,
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getHealth' }),
    });
    expect((await post('getLatestLedger')).status).toBe(200); // the hanging call came first
    caller.abort();
    await expect(waiting).rejects.toThrow(/abort/);
    const another = post('getHealth');
    another.catch(() => undefined);
    expect((await post('getLatestLedger')).status).toBe(200);
    await lending.stop();
    await expect(another).rejects.toThrow('fetch failed');
    await lending.open();
  });

  it('executes the call and loses the answer', async () => {
    const loan = await lending.loan(lending.borrower(0));
    fault('answer_lost', { methods: ['sendTransaction'] });
    await expect(lending.send(loan)).rejects.toThrow(/504/);
    await lending.network.closeLedgers();
    expect(await status(hashOf(loan))).toBe('SUCCESS');
  });

  it('answers with a JSON-RPC error', async () => {
    fault('node_errors', { code: -32001, message: 'request timeout', times: 1 });
    expect(await (await post('getHealth')).json()).toMatchObject({
      id: 1,
      error: { code: -32001, message: 'request timeout' },
    });
    expect(await (await post('getHealth')).json()).toMatchObject({ result: { status: 'healthy' } });
  });
});

describe('a node that knows less', () => {
  it('lags: ledger, entries, transactions and events are all of the earlier ledger', async () => {
    const { hash, ledger } = await landedLoan();
    await lending.network.closeLedgers(2);
    fault('node_lags', { ledgers: 3 });
    expect(await latest()).toBe(ledger - 1);
    expect(await locked()).toEqual({ locked: undefined, ledger: ledger - 1 });
    expect(await lending.server.getTransaction(hash)).toMatchObject({
      status: 'NOT_FOUND',
      latestLedger: ledger - 1,
    });
    expect(
      (
        await lending.server.getEvents({
          startLedger: ledger - 1,
          filters: [{ contractIds: [lending.pool.pool] }],
        })
      ).events,
    ).toEqual([]);
    await expect(
      lending.server.getEvents({ startLedger: ledger, filters: [] }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('startLedger must be within the ledger range') as unknown,
    });
    await lending.network.closeLedgers();
    expect(await locked()).toEqual({ locked: 800_0000000n, ledger });
    expect(await status(hash)).toBe('SUCCESS');
  });

  it('simulates on what it knows: the loan counter is the old one', async () => {
    await landedLoan();
    fault('node_lags', { ledgers: 1 });
    const loan = await lending.loan(lending.borrower(1));
    clear();
    await lending.send(loan);
    await lending.network.closeLedgers();
    expect(await status(hashOf(loan))).toBe('FAILED');
  });

  it('goes backwards: every answer is older than the one before', async () => {
    await lending.network.closeLedgers(10);
    const start = head();
    fault('node_goes_backwards', { ledgers: 2 });
    const seen: number[] = [];
    for (let call = 0; call < 4; call++) seen.push(await latest());
    expect(seen).toEqual([start, start - 1, start - 2, start - 2]);
    await lending.network.closeLedgers(3);
    expect(await latest()).toBe(start - 2);
  });

  it('is one of several behind an address, each at its own ledger', async () => {
    await lending.network.closeLedgers(10);
    fault('several_nodes', { lags: [0, 4] });
    expect([await latest(), await latest(), await latest()]).toEqual([head(), head() - 4, head()]);
  });

  it('trims: its range moves on, and it denies what lies before', async () => {
    const { hash } = await landedLoan();
    await lending.network.closeLedgers(4);
    fault('node_forgets', { ledgers: 4 });
    expect(await lending.server.getTransaction(hash)).toMatchObject({
      status: 'NOT_FOUND',
      oldestLedger: head() - 3,
    });
    await expect(
      lending.server.getEvents({ startLedger: head() - 4, filters: [] }),
    ).rejects.toMatchObject({ code: -32600 });
    expect((await lending.server.getHealth()).oldestLedger).toBe(head() - 3);
    clear();
    expect(await status(hash)).toBe('SUCCESS');
  });

  it('goes back no further than its oldest ledger', async () => {
    fault('node_lags', { ledgers: 200 });
    expect(await latest()).toBe(1);
    fault('node_forgets', { ledgers: 1 });
    expect(await latest()).toBe(1);
  });

  it('has no diagnostics, neither beside the result nor in the meta', async () => {
    const [landing, trapping] = [
      await lending.loan(lending.borrower(0)),
      await lending.loan(lending.borrower(1)),
    ];
    await lending.send(landing);
    await lending.send(trapping);
    await lending.network.closeLedgers();
    const diagnostics = async (): Promise<unknown[]> => {
      const found = await lending.server.getTransaction(hashOf(trapping));
      if (found.status !== 'FAILED' || found.resultMetaXdr.type !== 'v4')
        throw new Error(found.status);
      return [
        found.diagnosticEventsXdr?.length ?? 0,
        found.resultMetaXdr.value.diagnosticEvents.length,
      ];
    };
    expect(await diagnostics()).toEqual([expect.any(Number), expect.any(Number)]);
    expect((await diagnostics()).every((count) => Number(count) > 0)).toBe(true);
    fault('no_diagnostics');
    expect(await diagnostics()).toEqual([0, 0]);
    const landed = await lending.server.getTransaction(hashOf(landing));
    expect(
      landed.status === 'SUCCESS' && landed.returnValue && scValToNative(landed.returnValue),
    ).toBe(1n);
  });
});

describe('a node that lies', () => {
  it('once with NOT_FOUND, beside a range that holds the transaction', async () => {
    const { hash, ledger } = await landedLoan();
    await lending.network.closeLedgers(3);
    fault('look_up_race');
    expect(await lending.server.getTransaction(hash)).toMatchObject({
      status: 'NOT_FOUND',
      latestLedger: ledger + 3,
    });
    expect(await lending.server.getTransaction(hash)).toMatchObject({ status: 'SUCCESS', ledger });
    fault('look_up_race', { times: 2 });
    expect([await status(hash), await status(hash), await status(hash)]).toEqual([
      'NOT_FOUND',
      'NOT_FOUND',
      'SUCCESS',
    ]);
  });

  it('about pages of events: the last ones come again, and the cursor still advances', async () => {
    for (let loans = 0; loans < 3; loans++)
      lending.network.control.foreignLoan({
        pool: lending.pool.pool,
        total: 1_000_000_000n,
        guarantee: 200_000_000n,
      });
    fault('duplicate_event_pages', { events: 2 });
    const seen: string[] = [];
    let page: rpc.Api.GetEventsResponse = await lending.server.getEvents({
      startLedger: 1,
      filters: [],
      limit: 4,
    });
    for (let turn = 0; turn < 6 && page.events.length > 0; turn++) {
      seen.push(...page.events.map(({ id }) => id));
      page = await lending.server.getEvents({ cursor: page.cursor, filters: [], limit: 4 });
    }
    expect(new Set(seen).size).toBe(14);
    expect(seen.length).toBeGreaterThan(14);
    expect(seen.slice(4, 6)).toEqual(seen.slice(2, 4));
  });

  const replyOf = async (method: string, params: object = {}): Promise<Record<string, unknown>> =>
    ((await (await post(method, params)).json()) as { result: Record<string, unknown> }).result;

  it.each([
    ['getHealth', 'latestLedger', 5_000],
    ['getHealth', 'oldestLedger', 7],
    ['getHealth', 'latestLedgerCloseTime', 330],
    ['getTransaction', 'latestLedger', -1],
    ['getTransaction', 'latestLedgerCloseTime', 330],
    ['getTransaction', 'oldestLedger', 7],
    ['getTransaction', 'ledger', 2],
    ['getTransaction', 'createdAt', -9],
    ['getLedgerEntries', 'latestLedger', 3],
    ['getEvents', 'latestLedger', 3],
  ])(
    'in one field of a reply of %s, %s, and in no other, for the given number of replies',
    async (method, field, by) => {
      const { hash } = await landedLoan();
      const params =
        {
          getTransaction: { hash },
          getEvents: { startLedger: 1, filters: [] },
          getLedgerEntries: { keys: [] },
        }[method] ?? {};
      const honest = await replyOf(method, params);
      fault('reply_lies', { methods: [method], field, by, times: 1, after: 1 });
      expect(await replyOf(method, params)).toEqual(honest);
      const before = honest[field];
      expect(await replyOf(method, params)).toEqual({
        ...honest,
        [field]: typeof before === 'string' ? String(Number(before) + by) : Number(before) + by,
      });
      expect(await replyOf(method, params)).toEqual(honest);
    },
  );

  it("about a transaction's status, an account's sequence and a cursor", async () => {
    const { hash, ledger } = await landedLoan();
    fault('reply_lies', { methods: ['getTransaction'], field: 'status', times: 1 });
    expect(await replyOf('getTransaction', { hash })).toMatchObject({
      status: 'NOT_FOUND',
      latestLedger: ledger,
    });
    fault('reply_lies', {
      methods: ['getTransaction'],
      field: 'status',
      status: 'FAILED',
      times: 1,
    });
    expect(await replyOf('getTransaction', { hash })).toMatchObject({ status: 'FAILED', ledger });
    clear();
    const sequence = async (): Promise<bigint> =>
      BigInt((await lending.server.getAccount(lending.borrower(0).publicKey())).sequenceNumber());
    const honest = await sequence();
    fault('reply_lies', { field: 'sequence', by: 2 });
    expect(await sequence()).toBe(honest + 2n);
    const page = { startLedger: 1, filters: [] };
    fault('reply_lies', { field: 'cursor', by: 5_000 });
    const lied = BigInt(String((await replyOf('getEvents', page))['cursor']).slice(0, 19)) >> 32n;
    clear();
    expect(lied).toBe(
      (BigInt(String((await replyOf('getEvents', page))['cursor']).slice(0, 19)) >> 32n) + 5_000n,
    );
  });

  it('about the network: another passphrase', async () => {
    fault('other_network', { passphrase: 'elsewhere' });
    expect((await lending.server.getNetwork()).passphrase).toBe('elsewhere');
    clear('other_network');
    expect((await lending.server.getNetwork()).passphrase).toBe(lending.network.passphrase);
  });

  it(
    'because the network was reset: numbers begin again and nothing exists, until the ' +
      'fault is cleared',
    async () => {
      const { hash } = await landedLoan();
      const before = await lending.server.getLatestLedger();
      fault('network_reset');
      expect(await latest()).toBe(1);
      await lending.network.closeLedgers(2);
      expect(await lending.server.getLatestLedger()).toMatchObject({ sequence: 3 });
      expect((await lending.server.getLatestLedger()).id).not.toBe(before.id);
      expect(await lending.server.getTransaction(hash)).toMatchObject({
        status: 'NOT_FOUND',
        latestLedger: 3,
        oldestLedger: 1,
      });
      expect(
        (await lending.server.getLedgerEntries(lending.instance(lending.pool.pool))).entries,
      ).toEqual([]);
      await expect(lending.server.getAccount(lending.borrower(0).publicKey())).rejects.toThrow(
        /not found/i,
      );
      clear();
      expect(await status(hash)).toBe('SUCCESS');
      expect(
        TransactionBuilder.fromXdr(
          (await lending.loan(lending.borrower(1))).toXdr(),
          lending.network.passphrase,
        ).signatures,
      ).toHaveLength(1);
    },
  );
});

describe('the fault table', () => {
  it('lists active and possible faults, and refuses unknown ones', async () => {
    fault('node_lags', { ledgers: 2 });
    const reply = (await (await fetch(`${lending.network.controlUrl}/faults`)).json()) as {
      active: string[];
      known: string[];
    };
    expect(reply.active).toEqual(['node_lags']);
    expect(reply.known).toEqual(
      expect.arrayContaining([
        'node_hangs',
        'several_nodes',
        'include_at_max_time',
        'network_reset',
      ]),
    );
    for (const [name, parameters] of [
      ['node_lags', {}],
      ['node_lags', { ledgers: 2, more: 1 }],
      ['node_down', { times: 0 }],
      ['submission_error', { code: 'txStrange' }],
    ] as const) {
      expect(() => {
        fault(name, parameters);
      }).toThrow(/"code"/); // zod's own list of what is wrong
    }
    expect(() => {
      fault('gremlins');
    }).toThrow(/no such fault: gremlins; there are node_down, /);
  });

  it('allows several faults at once', async () => {
    const { hash } = await landedLoan();
    await lending.network.closeLedgers(5);
    fault('node_lags', { ledgers: 2 });
    fault('node_forgets', { ledgers: 2 });
    expect(await lending.server.getTransaction(hash)).toMatchObject({
      status: 'NOT_FOUND',
      latestLedger: head() - 2,
      oldestLedger: head() - 3,
    });
  });
});
