import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contract, Keypair, rpc, scValToNative } from '@stellar/stellar-sdk';
import { hashOf, LendingNetwork } from '../support/lending-network.js';

let lending: LendingNetwork;
beforeEach(async () => {
  lending = await LendingNetwork.start();
});
afterEach(async () => {
  await lending.stop();
});

async function rawCall(
  body: unknown,
): Promise<{ result?: unknown; error?: { code: number; message: string } }> {
  const response = await fetch(lending.network.rpcUrl, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return (await response.json()) as { result?: unknown; error?: { code: number; message: string } };
}

describe('the SDK against the local network', () => {
  it('simulates, assembles, signs, sends and finds a loan with its return value and events', async () => {
    const loan = await lending.loan(lending.borrower(0));
    expect(loan.operations[0]).toMatchObject({
      type: 'invokeHostFunction',
      auth: [{ credentials: { type: 'sorobanCredentialsSourceAccount' } }],
    });
    expect((await lending.send(loan)).status).toBe('PENDING');
    expect((await lending.send(loan)).status).toBe('DUPLICATE');
    expect((await lending.landed(loan)).status).toBe('NOT_FOUND');
    const { ledger, closeTime } = await lending.network.closeLedgers();

    const found = await lending.landed(loan);
    if (found.status !== rpc.Api.GetTransactionStatus.SUCCESS) throw new Error(found.status);
    expect(found).toMatchObject({
      ledger,
      txHash: hashOf(loan),
      createdAt: String(closeTime),
      feeBump: false,
    });
    expect(found.returnValue && scValToNative(found.returnValue)).toBe(1n);
    expect(found.resultMetaXdr.type).toBe('v4');
    const names = found.events.contractEventsXdr[0]?.map(
      (event) => scValToNative(event.body.value.topics[0]!) as string,
    );
    expect(names).toEqual(['transfer', 'transfer', 'LQFUND', 'LOANCRTD']);
    expect(lending.network.control.figures(lending.pool.pool)).toMatchObject({
      locked: '8000000000',
      loanCounter: '1',
    });
  });

  it('reads accounts, reports absent ones, and returns health with close times as text', async () => {
    const { ledger, closeTime } = lending.network.control.head();
    await expect(lending.server.getAccount(Keypair.random().publicKey())).rejects.toThrow(
      'Account not found',
    );
    expect(await lending.server.getHealth()).toEqual({
      status: 'healthy',
      latestLedger: ledger,
      latestLedgerCloseTime: String(closeTime),
      oldestLedger: 1,
      oldestLedgerCloseTime: '1790000000',
      ledgerRetentionWindow: 120_960,
    });
    expect(await lending.server.getLatestLedger()).toMatchObject({
      sequence: ledger,
      headerXdr: { ledgerSeq: ledger },
    });
    expect(await lending.server.getNetwork()).toMatchObject({
      passphrase: 'Standalone Network ; February 2017',
    });
  });

  it('funds a new account by POST, and reports by GET that it is funded already', async () => {
    const newcomer = Keypair.random();
    const account = await lending.server.requestAirdrop(newcomer.publicKey());
    expect(BigInt(account.sequenceNumber())).toBe(
      BigInt(lending.network.control.head().ledger) << 32n,
    );
    expect(await lending.nativeBalance(newcomer)).toBe(100_000_000_000n);
    const again = await fetch(`${lending.network.rpcUrl}/friendbot?addr=${newcomer.publicKey()}`);
    expect(again.status).toBe(400);
    expect(await again.text()).toContain('createAccountAlreadyExist');
    expect((await lending.server.requestAirdrop(newcomer.publicKey())).sequenceNumber()).toBe(
      account.sequenceNumber(),
    );
  });

  it('reports a contract error with its origin as the last error line', async () => {
    const poor = await lending.server.simulateTransaction(
      await lending.draft(lending.borrower(0), {
        total: 15_000n * 10_000_000n,
        guarantee: 14_999n * 10_000_000n,
      }),
    );
    if (!rpc.Api.isSimulationError(poor)) throw new Error('expected a refusal');
    expect(poor.error).toMatch(
      /^HostError: Error\(Contract, #\d+\)\n\nEvent log \(newest first\):\n {3}0: \[Diagnostic Event\] contract:C/,
    );
    const origins = [
      ...poor.error.matchAll(
        /contract:(C[A-Z2-7]{55})[^\n]*topics:\[error, Error\(Contract, #\d+\)\]/g,
      ),
    ].map((match) => match[1]);
    expect(origins.at(-1)).toBe(lending.pool.creditline);
  });

  it('names the callee as the origin when a callee fails', async () => {
    const {
      borrowers: [penniless],
    } = lending.network.control.makeBorrowers({
      pool: lending.pool.pool,
      count: 1,
      tokens: 1n,
      score: 90,
    });
    const refused = await lending.server.simulateTransaction(
      await lending.draft(Keypair.fromSecret(penniless!.secret)),
    );
    if (!rpc.Api.isSimulationError(refused)) throw new Error('expected a refusal');
    const origins = [
      ...refused.error.matchAll(
        /contract:(C[A-Z2-7]{55})[^\n]*topics:\[error, Error\(Contract, #(\d+)\)\]/g,
      ),
    ].map((match) => [match[1], match[2]]);
    expect(origins).toEqual([
      [lending.pool.creditline, '10'],
      [lending.pool.creditline, '10'],
      [lending.pool.token, '10'],
    ]);
  });
});

describe('the JSON-RPC endpoint', () => {
  it.each([
    ['an unknown method', { method: 'getMoon' }, -32601],
    ['parameters in a list', { method: 'getHealth', params: [] }, -32602],
    ['a short hash', { method: 'getTransaction', params: { hash: 'ab' } }, -32602],
    ['a broken envelope', { method: 'sendTransaction', params: { transaction: 'AAAA' } }, -32602],
    [
      'events from beyond the head',
      { method: 'getEvents', params: { startLedger: 4_000_000 } },
      -32600,
    ],
    [
      'cursor and startLedger together',
      {
        method: 'getEvents',
        params: { startLedger: 1, pagination: { cursor: '0000000004294967296-0000000000' } },
      },
      -32602,
    ],
  ])('refuses %s', async (_name, call, code) => {
    expect((await rawCall({ jsonrpc: '2.0', id: 7, ...call })).error?.code).toBe(code);
  });

  it('accepts null for no parameters', async () => {
    expect(
      (await rawCall({ jsonrpc: '2.0', id: 1, method: 'getNetwork', params: null })).result,
    ).toMatchObject({ protocolVersion: 27 });
  });

  it('returns entries in the order of the keys and leaves missing ones out', async () => {
    const reply = await lending.server.getLedgerEntries(lending.loanKey(1n), lending.loanKey(2n));
    expect(reply).toEqual({ entries: [], latestLedger: lending.network.control.head().ledger });
    const instances = await lending.server.getLedgerEntries(
      lending.loanKey(1n),
      ...[lending.pool.pool, lending.pool.creditline].map((id) => lending.instance(id)),
    );
    expect(instances.entries).toHaveLength(2);
    expect(instances.entries[1]?.key.equals(lending.instance(lending.pool.creditline))).toBe(true);
    expect(instances.entries[0]?.liveUntilLedgerSeq).toBeGreaterThan(instances.latestLedger);
  });
});

it('answers pages of any origin, preflights included', async () => {
  const preflight = await fetch(lending.network.rpcUrl, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://wallet.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,x-client-name',
    },
  });
  const answered = await fetch(lending.network.rpcUrl, {
    method: 'POST',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getHealth' }),
  });
  expect([preflight.status, answered.status]).toEqual([204, 200]);
  for (const { headers } of [preflight, answered])
    expect(headers.get('access-control-allow-origin')).toBe('*');
  expect(preflight.headers.get('access-control-allow-headers')).toBe('*');
});

it('pages through ledgers', async () => {
  await lending.network.closeLedgers(7);
  const { ledger } = lending.network.control.head();
  const first = await lending.server.getLedgers({ startLedger: ledger - 6 });
  expect(first.ledgers.map(({ sequence }) => sequence)).toEqual(
    [6, 5, 4, 3, 2].map((back) => ledger - back),
  );
  expect(first).toMatchObject({ latestLedger: ledger, oldestLedger: 1 });
  expect(first.ledgers[0]?.headerXdr.header.ledgerSeq).toBe(ledger - 6);
  const next = await lending.server.getLedgers({
    pagination: { cursor: first.cursor, limit: 200 },
  });
  expect(next.ledgers.map(({ sequence }) => sequence)).toEqual([ledger - 1, ledger]);
  for (const [request, code] of [
    [{ startLedger: ledger + 1 }, -32600],
    [{ startLedger: 1, pagination: { limit: 201 } }, -32600],
    [{ pagination: { cursor: String(ledger) } }, -32602],
  ] as const)
    await expect(lending.server._getLedgers(request as never)).rejects.toMatchObject({ code });
});

it('answers batches: in order, nothing for notifications, a single reply alone', async () => {
  const call = (id: number | undefined, method: string): object => ({
    jsonrpc: '2.0',
    ...(id !== undefined && { id }),
    method,
  });
  expect(
    await rawCall([call(1, 'getNetwork'), call(undefined, 'getHealth'), 5, call(2, 'getMoon')]),
  ).toMatchObject([
    { id: 1, result: { protocolVersion: 27 } },
    { id: null, error: { code: -32600 } },
    { id: 2, error: { code: -32601 } },
  ]);
  expect(await rawCall([call(3, 'getHealth')])).toMatchObject({ id: 3, result: {} });
  const silent = await fetch(lending.network.rpcUrl, {
    method: 'POST',
    body: JSON.stringify([call(undefined, 'getHealth')]),
  });
  expect([silent.status, await silent.text()]).toEqual([204, '']);
});

it('answers JSON in place of XDR, and refuses other formats', async () => {
  const loan = await lending.loan(lending.borrower(0));
  await lending.send(loan);
  await lending.network.closeLedgers();
  const inJson = async (method: string, params: object): Promise<unknown> =>
    (await rawCall({ jsonrpc: '2.0', id: 1, method, params: { ...params, xdrFormat: 'json' } }))
      .result;
  expect(await inJson('getTransaction', { hash: hashOf(loan) })).toMatchObject({
    status: 'SUCCESS',
    envelopeJson: { tx: { tx: { operations: [{}] } } },
    resultJson: { result: { tx_success: [{}] } },
    resultMetaJson: { v4: {} },
    events: { contractEventsJson: [[{}, {}, {}, {}]] },
  });
  expect(
    await inJson('getLedgerEntries', { keys: [lending.loanKey(1n).toXdr('base64')] }),
  ).toMatchObject({ entries: [{ keyJson: {}, dataJson: { contract_data: {} }, extJson: 'v0' }] });
  expect(
    await inJson('simulateTransaction', {
      transaction: (await lending.draft(lending.borrower(1))).toXdr(),
    }),
  ).toMatchObject({ transactionDataJson: {}, results: [{ returnValueJson: { u64: '2' } }] });
  expect(await inJson('getEvents', { startLedger: 1 })).toMatchObject({
    events: expect.arrayContaining([
      expect.objectContaining({ topicJson: expect.anything(), valueJson: expect.anything() }),
    ]),
  });
  expect(
    (await rawCall({ id: 1, method: 'getNetwork', params: { xdrFormat: 'yaml' } })).error,
  ).toMatchObject({ code: -32602 });
});

it("gives the SDK's contract client its specification, and lands what it builds", async () => {
  const key = lending.borrower(0);
  const client = await contract.Client.from({
    contractId: lending.pool.pool,
    rpcUrl: lending.network.rpcUrl,
    networkPassphrase: lending.network.passphrase,
    allowHttp: true,
    publicKey: key.publicKey(),
    ...contract.basicNodeSigner(key, lending.network.passphrase),
  });
  expect(client.spec.funcs().map(({ name }) => name.toString())).toContain('get_pool_stats');
  type Call = (args?: object) => Promise<contract.AssembledTransaction<unknown>>;
  const { get_pool_stats: stats, deposit } = client as unknown as Record<string, Call>;
  const read = await stats?.();
  expect(read && scValToNative(read.simulationData.result.retval)).toMatchObject({
    total_liquidity: 1_000_000_000_000n,
  });
  expect(() => read?.result).toThrow('Expected void');
  const built = await deposit?.({ provider: key.publicKey(), amount: 10_000_000n });
  await built?.sign();
  if (!built?.signed) throw new Error('not signed');
  expect((await lending.send(built.signed)).status).toBe('PENDING');
  await lending.network.closeLedgers();
  expect((await lending.landed(built.signed)).status).toBe('SUCCESS');
});
