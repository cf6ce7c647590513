import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Account, Keypair, Operation, StrKey, TransactionBuilder, xdr } from '@stellar/stellar-sdk';
import {
  address,
  borrower,
  chainOn,
  CREDITLINE,
  i128,
  instanceEntry,
  PASSPHRASE,
  POOL,
  ScriptedChain,
  symbol,
  TOKEN,
  u64,
} from '../../../test/support/scripted-chain.js';
import { ScriptedRefusal } from '../../../test/support/scripted-rpc.js';
import type { EventsReply, EventsRequest } from './chain.js';
import { instanceKey } from './ledger-entries.js';
import type { SorobanChain } from './soroban-chain.js';

let node: ScriptedChain;
let chain: SorobanChain;
beforeEach(async () => {
  node = new ScriptedChain();
  chain = chainOn(await node.rpc.start());
});
afterEach(() => node.rpc.stop());

const toid = (ledger: number, transaction = 1): string =>
  String((BigInt(ledger) << 32n) | (BigInt(transaction) << 12n)).padStart(19, '0');
const idOf = (ledger: number, index = 0): string =>
  `${toid(ledger)}-${String(index).padStart(10, '0')}`;
const endOf = (ledger: number): string =>
  `${String((BigInt(ledger) << 32n) | 0xffff_ffffn).padStart(19, '0')}-4294967295`;
const wire = (
  id: string,
  topics: readonly xdr.ScVal[],
  value: xdr.ScVal,
  more: object = {},
): object => ({
  type: 'contract',
  ledger: Number(BigInt(id.slice(0, 19)) >> 32n),
  ledgerClosedAt: '2026-10-01T00:00:00Z',
  contractId: POOL,
  id,
  operationIndex: 0,
  transactionIndex: 1,
  txHash: 'ab'.repeat(32),
  topic: topics.map((topic) => topic.toXdr('base64')),
  value: value.toXdr('base64'),
  ...more,
});
const reply = (events: readonly object[], cursor: string, latestLedger = 1_002): object => ({
  events,
  cursor,
  latestLedger,
  latestLedgerCloseTime: '1790000000',
  oldestLedger: 10,
  oldestLedgerCloseTime: '1',
});
const read = (from: EventsRequest['from'], limit = 100): Promise<EventsReply> =>
  chain.readEvents({
    poolContract: POOL,
    lendingContract: CREDITLINE,
    tokenContract: TOKEN,
    from,
    limit,
  });

describe('a page of events', () => {
  test(
    "asks for one filter per contract, the token's only with the pool as a party, cursor and " +
      'start never together',
    async () => {
      node.rpc.answers['getEvents'] = () => reply([], endOf(1_002));
      await read({ startLedger: 900 });
      await read({ cursor: endOf(1_000) }, 7);
      const pool = address(POOL).toXdr('base64');
      const filters = [
        { type: 'contract', contractIds: [POOL], topics: [['*', '**']] },
        { type: 'contract', contractIds: [CREDITLINE], topics: [['*', '**']] },
        {
          type: 'contract',
          contractIds: [TOKEN],
          topics: [
            ['*', pool, '**'],
            ['*', '*', pool, '**'],
          ],
        },
      ];
      expect(
        node.rpc.asked.filter(({ method }) => method === 'getEvents').map(({ params }) => params),
      ).toEqual([
        { startLedger: 900, filters, pagination: { limit: 100 } },
        { filters, pagination: { cursor: endOf(1_000), limit: 7 } },
      ]);
    },
  );

  test('carries data as JSON can: integers of any size as text', async () => {
    const big = (1n << 126n) + 1n;
    node.rpc.answers['getEvents'] = () =>
      reply(
        [
          wire(idOf(1_000), [symbol('LQFUND'), address(CREDITLINE)], i128(big)),
          wire(
            idOf(1_000, 1),
            [symbol('LOANCRTD'), address(borrower.publicKey())],
            xdr.ScVal.scvVec([
              u64(7n),
              xdr.ScVal.scvU32(3),
              xdr.ScVal.scvBool(true),
              xdr.ScVal.scvVoid(),
              xdr.ScVal.scvBytes(new Uint8Array([1, 255])),
            ]),
          ),
          wire(
            idOf(1_000, 2),
            [symbol('transfer')],
            xdr.ScVal.scvMap([new xdr.ScMapEntry({ key: symbol('amount'), val: i128(-5n) })]),
          ),
        ],
        endOf(1_002),
      );
    expect(await read({ startLedger: 900 })).toEqual({
      kind: 'page',
      cursor: endOf(1_002),
      throughLedger: 1_002,
      more: false,
      events: [
        {
          id: idOf(1_000),
          ledger: 1_000,
          txHash: 'ab'.repeat(32),
          contract: POOL,
          name: 'LQFUND',
          topics: ['LQFUND', CREDITLINE],
          data: big.toString(),
        },
        {
          id: idOf(1_000, 1),
          ledger: 1_000,
          txHash: 'ab'.repeat(32),
          contract: POOL,
          name: 'LOANCRTD',
          topics: ['LOANCRTD', borrower.publicKey()],
          data: ['7', '3', true, null, '01ff'],
        },
        {
          id: idOf(1_000, 2),
          ledger: 1_000,
          txHash: 'ab'.repeat(32),
          contract: POOL,
          name: 'transfer',
          topics: ['transfer'],
          data: { amount: '-5' },
        },
      ],
    });
  });

  test('an empty one has a cursor too, and says how far the silence reaches', async () => {
    node.rpc.answers['getEvents'] = () => reply([], endOf(1_001), 9_000);
    expect(await read({ startLedger: 900 })).toEqual({
      kind: 'page',
      events: [],
      cursor: endOf(1_001),
      throughLedger: 1_001,
      more: true,
    });
  });

  test('a full one says nothing about the rest of its last ledger', async () => {
    node.rpc.answers['getEvents'] = () =>
      reply([wire(idOf(1_000), [symbol('LQFUND')], i128(1n))], idOf(1_000));
    expect(await read({ startLedger: 900 }, 1)).toMatchObject({ throughLedger: 999, more: true });
  });

  test('events of calls that failed are no events', async () => {
    node.rpc.answers['getEvents'] = () =>
      reply(
        [wire(idOf(1_000), [symbol('LQFUND')], i128(1n), { inSuccessfulContractCall: false })],
        endOf(1_002),
      );
    expect(await read({ startLedger: 900 })).toMatchObject({ events: [] });
  });

  test.each([
    [
      'a cursor before its last event',
      () => reply([wire(idOf(1_000), [symbol('LQFUND')], i128(1n))], endOf(999)),
    ],
    ['a cursor of another kind', () => reply([], 'now')],
    [
      'data that is no XDR',
      () =>
        reply(
          [{ ...wire(idOf(1_000), [symbol('LQFUND')], i128(1n)), value: 'AAAA' }],
          endOf(1_002),
        ),
    ],
  ])('%s is not believed', async (_, answer) => {
    node.rpc.answers['getEvents'] = answer;
    await expect(read({ startLedger: 900 })).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
      facts: { method: 'getEvents' },
    });
  });
});

describe('a start outside the ledgers the node keeps', () => {
  const refuse = (message: string): void => {
    node.rpc.errors['getEvents'] = { code: -32600, message };
  };

  test('before them is a gap, with what there is: from the older of the two oldest ledgers on', async () => {
    node.head = { ...node.head, oldestLedger: 501 };
    refuse('startLedger must be within the ledger range: 500 - 1002');
    expect(await read({ startLedger: 499 })).toEqual({
      kind: 'gap',
      oldestLedger: 500,
      latestLedger: 1_002,
    });
    expect(await read({ cursor: endOf(400) })).toEqual({
      kind: 'gap',
      oldestLedger: 500,
      latestLedger: 1_002,
    });
    node.head = { ...node.head, oldestLedger: 450 };
    expect(await read({ startLedger: 449 })).toEqual({
      kind: 'gap',
      oldestLedger: 450,
      latestLedger: 1_002,
    });
  });

  test.each([
    ['of another network', '60000000 - 60100000', 10],
    ['that begins too late', '950 - 1002', 10],
    ['beside a head that begins too late', '10 - 1002', 950],
  ])(
    'a range %s is no gap: the refusal and the head must both say that the ledger is gone',
    async (_, said, oldestLedger) => {
      node.head = { ...node.head, oldestLedger };
      refuse(`startLedger must be within the ledger range: ${said}`);
      await expect(read({ startLedger: 900 })).rejects.toMatchObject({
        code: 'CHAIN_UNREACHABLE',
        facts: { method: 'getEvents' },
      });
    },
  );

  test('after them is a node that lags: no gap', async () => {
    refuse('startLedger must be within the ledger range: 500 - 1002');
    await expect(read({ cursor: endOf(1_003) })).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
      message: expect.stringContaining('it lags'),
    });
  });

  test('said in other words: the node is asked for its range', async () => {
    refuse('start is before oldest ledger');
    expect(await read({ startLedger: 9 })).toEqual({
      kind: 'gap',
      oldestLedger: 10,
      latestLedger: 1_002,
    });
    await expect(read({ startLedger: 10 })).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
      facts: { rpcCode: -32600 },
    });
  });

  test('said with a code of the node itself, two heads have to show it', async () => {
    node.rpc.errors['getEvents'] = { code: -31_999, message: 'pruned' };
    expect(await read({ startLedger: 9 })).toEqual({
      kind: 'gap',
      oldestLedger: 10,
      latestLedger: 1_002,
    });
    await expect(read({ startLedger: 10 })).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
      facts: { rpcCode: -31_999 },
    });
  });

  test('a page whose cursor lies before the one asked from is not believed', async () => {
    node.rpc.answers['getEvents'] = () => ({
      events: [],
      cursor: endOf(900),
      latestLedger: 1_002,
      oldestLedger: 10,
    });
    await expect(read({ cursor: endOf(901) })).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
      message: expect.stringContaining('lies before'),
    });
  });

  test.each([-32602, -32603])(
    'said with %d, the same call must also be answered from the oldest ledger on',
    async (code) => {
      node.head = { ...node.head, oldestLedger: 500 };
      node.rpc.answers['getEvents'] = ({ startLedger }) => {
        if (Number(startLedger ?? 0) < 500) throw new ScriptedRefusal(code, 'ledger was pruned');
        return reply([], endOf(1_002));
      };
      const gap = { kind: 'gap', oldestLedger: 500, latestLedger: 1_002 };
      expect(await read({ startLedger: 499 })).toEqual(gap);
      expect(await read({ cursor: endOf(400) })).toEqual(gap);
      await expect(read({ cursor: endOf(600) })).rejects.toMatchObject({
        code: 'CHAIN_UNREACHABLE',
        facts: { rpcCode: code },
      });
      node.rpc.errors['getEvents'] = { code, message: 'the call is wrong' };
      await expect(read({ startLedger: 499 })).rejects.toMatchObject({
        code: 'CHAIN_UNREACHABLE',
        facts: { rpcCode: code },
      });
    },
  );

  test('another refusal is no gap', async () => {
    node.rpc.errors['getEvents'] = { code: -32602, message: 'invalid event id' };
    await expect(read({ startLedger: 1 })).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
      facts: { rpcCode: -32602 },
    });
  });
});

describe('findInner', () => {
  const range = {
    latestLedger: 1_002,
    latestLedgerCloseTime: '1790000000',
    oldestLedger: 10,
    oldestLedgerCloseTime: '1',
  };
  const found = (more: object): object => ({
    ...range,
    status: 'SUCCESS',
    ledger: 1_000,
    createdAt: '1789999990',
    resultXdr: 'AAAA',
    resultMetaXdr: 'AAAA',
    ...more,
  });
  const inner = new TransactionBuilder(new Account(borrower.publicKey(), '1'), {
    fee: '100',
    networkPassphrase: PASSPHRASE,
    timebounds: { minTime: 0, maxTime: 1_800_000_000 },
  })
    .addOperation(Operation.bumpSequence({ bumpTo: '5' }))
    .build();
  inner.sign(borrower);
  const bump = TransactionBuilder.buildFeeBumpTransaction(
    Keypair.random(),
    '200',
    inner,
    PASSPHRASE,
  );

  test('a fee bump gives the hash of what it carries, another transaction none', async () => {
    node.rpc.answers['getTransaction'] = () => found({ feeBump: true, envelopeXdr: bump.toXdr() });
    expect(await chain.findInner('cd'.repeat(32))).toEqual({
      found: true,
      innerHash: xdr.encodeBytes(inner.hash(), 'hex'),
    });
    node.rpc.answers['getTransaction'] = () =>
      found({ feeBump: false, envelopeXdr: inner.toXdr() });
    expect(await chain.findInner('cd'.repeat(32))).toEqual({ found: true, innerHash: null });
    node.rpc.answers['getTransaction'] = () => ({ ...range, status: 'NOT_FOUND' });
    expect(await chain.findInner('cd'.repeat(32))).toEqual({ found: false });
  });

  test.each([
    ['without its envelope', {}],
    ['whose envelope is none', { envelopeXdr: inner.toXdr() }],
  ])('a fee bump %s is not believed', async (_, more) => {
    node.rpc.answers['getTransaction'] = () => found({ feeBump: true, ...more });
    await expect(chain.findInner('cd'.repeat(32))).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
    });
  });
});

describe('the events of one transaction', () => {
  const range = {
    latestLedger: 1_002,
    latestLedgerCloseTime: '1790000000',
    oldestLedger: 10,
    oldestLedgerCloseTime: '1',
  };
  const event = (
    topics: readonly xdr.ScVal[],
    data: xdr.ScVal,
    type = xdr.ContractEventType.contract,
  ): string =>
    new xdr.ContractEvent({
      ext: xdr.ExtensionPoint.v0(),
      type,
      contractId: new xdr.ContractId(StrKey.decodeContract(POOL)),
      body: xdr.ContractEventBody.v0(new xdr.ContractEventV0({ topics: [...topics], data })),
    }).toXdr('base64');
  const landed = (events: readonly (readonly string[] | null)[], more: object = {}): void => {
    node.rpc.answers['getTransaction'] = () => ({
      ...range,
      status: 'SUCCESS',
      ledger: 1_000,
      createdAt: '1789999990',
      applicationOrder: 1,
      resultXdr: 'AAAA',
      resultMetaXdr: 'AAAA',
      events: { contractEventsXdr: events },
      ...more,
    });
  };

  test(
    'have the ids and the shape that getEvents gives them; events of the system count for ' +
      'the place and are left out',
    async () => {
      landed([
        [
          event([symbol('executable_update')], xdr.ScVal.scvVoid(), xdr.ContractEventType.system),
          event([symbol('LQFUND'), address(CREDITLINE)], i128(5n)),
        ],
      ]);
      expect(await chain.transactionEvents('ab'.repeat(32))).toEqual({
        found: true,
        ledger: 1_000,
        events: [
          {
            id: idOf(1_000, 1),
            ledger: 1_000,
            txHash: 'ab'.repeat(32),
            contract: POOL,
            name: 'LQFUND',
            topics: ['LQFUND', CREDITLINE],
            data: '5',
          },
        ],
      });
    },
  );

  test('of a fee bump carry its own hash, whichever was asked for', async () => {
    const inner = new TransactionBuilder(new Account(borrower.publicKey(), '1'), {
      fee: '100',
      networkPassphrase: PASSPHRASE,
      timebounds: { minTime: 0, maxTime: 1_800_000_000 },
    })
      .addOperation(Operation.bumpSequence({ bumpTo: '5' }))
      .build();
    inner.sign(borrower);
    const bump = TransactionBuilder.buildFeeBumpTransaction(
      Keypair.random(),
      '200',
      inner,
      PASSPHRASE,
    );
    landed([[event([symbol('LQFUND')], i128(5n))]], { feeBump: true, envelopeXdr: bump.toXdr() });
    expect(await chain.transactionEvents(xdr.encodeBytes(inner.hash(), 'hex'))).toMatchObject({
      events: [{ txHash: xdr.encodeBytes(bump.hash(), 'hex') }],
    });
  });

  test(
    'there are none of one that is not found or failed; one whose place the node does not ' +
      'say is not believed',
    async () => {
      node.rpc.answers['getTransaction'] = () => ({ ...range, status: 'NOT_FOUND' });
      expect(await chain.transactionEvents('ab'.repeat(32))).toEqual({ found: false });
      landed([[event([symbol('LQFUND')], i128(5n))]], { status: 'FAILED' });
      expect(await chain.transactionEvents('ab'.repeat(32))).toEqual({
        found: true,
        ledger: 1_000,
        events: [],
      });
      landed([], { applicationOrder: undefined });
      await expect(chain.transactionEvents('ab'.repeat(32))).rejects.toMatchObject({
        code: 'CHAIN_UNREACHABLE',
        facts: { method: 'getTransaction' },
      });
    },
  );
});

describe('contractCodes', () => {
  test('reads all from one reply; the asset contract has no code of its own', async () => {
    node.put(
      instanceKey(CREDITLINE),
      instanceEntry(
        CREDITLINE,
        {},
        xdr.ContractExecutable.contractExecutableWasm(new Uint8Array(32).fill(0xcd)),
      ),
    );
    const { ledger, hashes } = await chain.contractCodes([POOL, CREDITLINE, TOKEN]);
    expect([ledger, ...hashes]).toEqual([
      1_000,
      [POOL, 'ab'.repeat(32)],
      [CREDITLINE, 'cd'.repeat(32)],
      [TOKEN, null],
    ]);
    expect(node.rpc.countOf('getLedgerEntries')).toBe(1);
  });

  test('a contract that the reply does not carry has not changed: it is not known', async () => {
    node.drop(instanceKey(CREDITLINE));
    await expect(chain.contractCodes([POOL, CREDITLINE])).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
      message: expect.stringContaining(CREDITLINE),
    });
  });
});
