import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Keypair, TransactionBuilder } from '@stellar/stellar-sdk';
import { bearer, givenKey } from '../support/access.js';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { PoolObservation } from '../../src/modules/loans/pool-observation.js';
import {
  type Answer,
  ask,
  type Borrower,
  dueIn,
  givenBorrowers,
  givenPool,
  givenService,
  loanBody,
  observe,
  postLoan,
  type GivenPool,
  type Service,
} from '../support/given.js';

const UNIT = 10_000_000n;
let service: Service;
let pool: GivenPool;
beforeAll(async () => {
  service = await givenService();
  pool = await givenPool(service);
});
afterAll(() => service.stop());

const borrower = (
  of: GivenPool = pool,
  wish: Parameters<typeof givenBorrowers>[2] = {},
): Borrower => {
  const [made] = givenBorrowers(service, of.contract, wish);
  if (!made) throw new Error('a borrower was asked for');
  return made;
};
const count = async (sql: string, values: unknown[] = []): Promise<number> => {
  const { rows } = await service.app
    .get(LedgerConnections, { strict: false })
    .read.query<{ count: string }>(sql, values);
  return Number(rows[0]?.count);
};
const heldOf = async (of: GivenPool): Promise<bigint> =>
  (await service.ledger.reader.position(of.pool.id))?.held ?? -1n;

/** Takes the lock that every hold needs, so that requests queue behind it; `open` releases it. */
async function gateClosed(): Promise<{ open: () => Promise<void> }> {
  const client = await service.app.get(LedgerConnections, { strict: false }).read.connect();
  await client.query('BEGIN; LOCK TABLE ledger_gate IN EXCLUSIVE MODE');
  return {
    open: async () => {
      await client.query('COMMIT');
      client.release();
    },
  };
}

describe('a loan that fits', () => {
  test("is held, and its transaction is the borrower's own, with a deadline", async () => {
    const someone = borrower();
    const before = await heldOf(pool);
    const answer = await postLoan(service, loanBody(pool, someone));
    expect(answer.status).toBe(201);
    const { loan, reservation, transaction } = answer.body as {
      loan: Record<string, string>;
      reservation: Record<string, unknown>;
      transaction: Record<string, unknown>;
    };
    expect(answer.headers).toMatchObject({
      location: `/loans/${loan['id']}`,
      'holdfast-reservation-state': 'held',
    });
    expect(answer.headers).not.toHaveProperty('idempotency-replayed');
    expect(loan).toMatchObject({
      borrower: someone.address,
      vendor: pool.vendor,
      totalAmount: '125',
      guaranteeAmount: '25',
      fundedAmount: '100',
      loanType: 'standard',
    });
    expect(reservation).toMatchObject({ state: 'held', amount: '100' });
    expect(await heldOf(pool)).toBe(before + 100n * UNIT);
    const envelope = TransactionBuilder.fromXdr(
      String(transaction['xdr']),
      service.network.passphrase,
    );
    if ('innerTransaction' in envelope) throw new Error('a plain envelope was asked for');
    expect(Buffer.from(envelope.hash()).toString('hex')).toBe(transaction['hash']);
    expect(envelope).toMatchObject({
      source: someone.address,
      sequence: transaction['sequence'],
      fee: transaction['fee'],
      timeBounds: { minTime: '0', maxTime: String(transaction['maxTime']) },
    });
    expect(Date.parse(String(reservation['expiresAt'])) / 1000).toBe(transaction['maxTime']);
    expect(Date.parse(String(transaction['submitBefore'])) / 1000).toBe(
      Number(transaction['maxTime']) - 15,
    );
    expect(transaction['loanIdWindow']).toEqual({ first: '1', last: '25' });
  });

  test('may omit guarantee and type, which have defaults', async () => {
    const answer = await postLoan(
      service,
      loanBody(pool, borrower(), { guaranteeAmount: undefined, loanType: undefined }),
    );
    expect(answer.body).toMatchObject({
      loan: { guaranteeAmount: '25', fundedAmount: '100', loanType: 'standard' },
    });
  });

  test('is built again when its first envelope is out of date at the commit', async () => {
    const own = await givenPool(service);
    const someone = borrower(own);
    const { chain } = service;
    const build = chain.buildFunding.bind(chain);
    let builds = 0;
    chain.buildFunding = async (request) => {
      const result = await build(request);
      if (++builds === 1) {
        // almost all of its time passes between build and hold
        service.network.control.travel(280);
        await observe(service, own.pool);
      }
      return result;
    };
    try {
      const answer = await postLoan(service, loanBody(own, someone));
      expect([answer.status, builds]).toEqual([201, 2]);
    } finally {
      chain.buildFunding = build;
    }
    expect(await heldOf(own)).toBe(100n * UNIT);
    await observe(service, pool.pool);
  });
});

describe('a key', () => {
  test('repeats status and body, XDR included, and says what became of the hold', async () => {
    const body = loanBody(pool, borrower());
    const first = await postLoan(service, body, 'replay-1');
    const reordered = JSON.stringify(Object.fromEntries(Object.entries(body).reverse()), null, 3);
    const again = await postLoan(service, reordered, 'replay-1');
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.text).toBe(first.text);
    expect(again.headers).toMatchObject({
      'idempotency-replayed': 'true',
      'holdfast-reservation-state': 'held',
      location: first.headers['location'],
    });
    const { reservation, transaction } = first.body as {
      reservation: { id: string };
      transaction: { hash: string };
    };
    await service.ledger.ends.settle([
      {
        poolId: pool.pool.id,
        reservationId: reservation.id,
        envelopeHash: transaction.hash,
        settledLedger: 3,
        closeTime: 1n,
        loanId: 1n,
        feeBump: false,
      },
    ]);
    const later = await postLoan(service, body, 'replay-1');
    expect(later.text).toBe(first.text);
    expect(later.headers['holdfast-reservation-state']).toBe('settled');
  });

  test('sent twice at the same moment makes one row, and both requests get its answer', async () => {
    const gate = await gateClosed();
    const body = loanBody(pool, borrower());
    const twins = Array.from({ length: 8 }, () => postLoan(service, body, 'twins'));
    await gate.open();
    const answers = await Promise.all(twins);
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 8 }, () => 201));
    expect(
      answers.filter((answer) => answer.headers['idempotency-replayed'] !== 'true'),
    ).toHaveLength(1);
    expect(
      await count('select count(*) from reservations where borrower = $1', [body['borrower']]),
    ).toBe(1);
  });

  test('whose twin committed between two look-ups is answered, not refused as busy', async () => {
    const body = loanBody(pool, borrower());
    const find = service.ledger.reader.findKey.bind(service.ledger.reader);
    let first: Answer | undefined;
    service.ledger.reader.findKey = async (...of) => {
      const found = await find(...of);
      service.ledger.reader.findKey = find;
      first = await postLoan(service, body, 'late-twin');
      return found;
    };
    const second = await postLoan(service, body, 'late-twin');
    expect(first?.status).toBe(201);
    expect(second.text).toBe(first?.text);
  });

  test('with another body is refused before that body is checked', async () => {
    const body = loanBody(pool, borrower());
    await postLoan(service, body, 'reuse');
    const other = await postLoan(service, { ...body, totalAmount: 'nonsense' }, 'reuse');
    expect([other.status, other.body['code']]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  test.each([
    ['empty', ''],
    ['with a space', 'a b'],
    ['too long', 'k'.repeat(256)],
    ['beyond ASCII', 'schlüssel'],
  ])('that is %s is refused', async (_, key) => {
    const answer = await postLoan(service, loanBody(pool, borrower()), key);
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED', errors: [{ field: 'Idempotency-Key' }] },
    });
  });

  test('is not used up by an answer that is not recorded', async () => {
    const body = loanBody(pool, borrower());
    const wrong = await postLoan(service, { ...body, totalAmount: '0' }, 'unspent');
    const right = await postLoan(service, body, 'unspent');
    expect([wrong.status, right.status]).toEqual([400, 201]);
  });
});

describe('liquidity', () => {
  test(
    'that clearly does not suffice is refused for good under its key, with what is ' +
      'available and until when',
    async () => {
      const own = await givenPool(service, { deposit: 140n * UNIT });
      const held = await postLoan(service, loanBody(own, borrower(own)));
      const { reservation } = held.body as { reservation: { expiresAt: string; atLedger: number } };
      const body = loanBody(own, borrower(own));
      const refused = await postLoan(service, body, 'short-1');
      expect(refused.status).toBe(409);
      expect(refused.body).toMatchObject({
        code: 'INSUFFICIENT_LIQUIDITY',
        retryable: true,
        holdMade: false,
        available: '40',
        atLedger: reservation.atLedger,
        nextDeadline: reservation.expiresAt,
      });
      await service.registry.change(own.pool.id, { state: 'paused' });
      const again = await postLoan(service, body, 'short-1');
      expect(again.text).toBe(refused.text);
      expect(again.headers['idempotency-replayed']).toBe('true');
      await service.registry.change(own.pool.id, { state: 'active' });
      const smaller = await postLoan(
        service,
        loanBody(own, borrower(own), {
          totalAmount: '50',
          guaranteeAmount: '10',
          schedule: [{ amount: '50', dueAt: dueIn(30) }],
        }),
      );
      expect(smaller.status).toBe(201);
    },
  );

  test(
    'that looked sufficient but is gone at the commit is refused, and the envelope is ' +
      'discarded',
    async () => {
      const own = await givenPool(service, { deposit: 140n * UNIT });
      const gate = await gateClosed();
      const racing = [1, 2, 3].map(() => postLoan(service, loanBody(own, borrower(own))));
      await gate.open();
      const answers = await Promise.all(racing);
      expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([
        201, 409, 409,
      ]);
      for (const refused of answers.filter((answer) => answer.status === 409)) {
        expect(refused.body).toMatchObject({ code: 'INSUFFICIENT_LIQUIDITY', available: '40' });
        expect(refused.text).not.toContain('xdr');
      }
      expect(await count('select count(*) from envelopes where pool_id = $1', [own.pool.id])).toBe(
        1,
      );
    },
  );

  test(
    'that left the chain in between is a refusal that is not recorded, and the pool is ' +
      'observed again',
    async () => {
      const own = await givenPool(service, { deposit: 140n * UNIT });
      service.network.control.foreignLoan({
        pool: own.contract,
        total: 100n * UNIT,
        guarantee: 20n * UNIT,
      });
      const body = loanBody(own, borrower(own));
      const short = await postLoan(service, body, 'chain-short');
      expect(short).toMatchObject({
        status: 409,
        body: {
          code: 'CHAIN_LIQUIDITY_SHORT',
          contract: 'lending_contract',
          number: 5,
          retryable: true,
          holdMade: false,
        },
      });
      await service.app.get(PoolObservation, { strict: false }).request(own.pool);
      expect((await service.ledger.reader.position(own.pool.id))?.observedAvailable).toBe(
        60n * UNIT,
      );
      expect((await postLoan(service, body, 'chain-short')).body['code']).toBe(
        'INSUFFICIENT_LIQUIDITY',
      );
    },
  );
});

describe('refusals', () => {
  test('one live hold per borrower, across pools; the refusal names the loan', async () => {
    const other = await givenPool(service);
    const someone = borrower();
    const first = await postLoan(service, loanBody(pool, someone));
    const { loan, reservation } = first.body as {
      loan: { id: string };
      reservation: { id: string };
    };
    const busy = await postLoan(service, loanBody(other, someone));
    expect(busy).toMatchObject({
      status: 409,
      body: {
        code: 'BORROWER_BUSY',
        loanId: loan.id,
        reservationId: reservation.id,
        holdMade: false,
      },
    });
    const read = await ask(service, { url: `/loans/${loan.id}` });
    expect(read.body['transaction']).toEqual(first.body['transaction']);
  });

  test("another tenant's live hold refuses too, and gives no ids away", async () => {
    const someone = borrower();
    const { body } = await postLoan(service, loanBody(pool, someone));
    const { loan, reservation } = body as { loan: { id: string }; reservation: { id: string } };
    const stranger = bearer(await givenKey(service.app, { tenantId: 'stranger' }));
    const asked = { body: loanBody(pool, someone), headers: stranger };
    const answers = [
      await ask(service, {
        url: '/loans',
        ...asked,
        headers: { ...stranger, 'idempotency-key': 'foreign' },
      }),
      await ask(service, { url: '/loans/quote', ...asked }),
    ];
    expect(answers).toMatchObject([
      { status: 409, body: { code: 'BORROWER_BUSY', expiresAt: expect.any(String) } },
      { status: 200, body: { refusal: { code: 'BORROWER_BUSY' } } },
    ]);
    for (const { text } of answers)
      for (const id of [loan.id, reservation.id]) expect(text).not.toContain(id);
  });

  test('a refusal of a node behind our own snapshot is not decided', async () => {
    const own = await givenPool(service);
    const { ledger, closeTime } = await service.chain.head();
    await service.ledger.snapshots.observe({
      poolId: own.pool.id,
      ledger: ledger + 3,
      total: 1_000_000n * UNIT,
      locked: 0n,
      tokenBalance: 1_000_000n * UNIT,
      lastLoanId: null,
      contractPaused: null,
      limits: { outflowCapBps: null, vendorCap: null, utilisationCapBps: null },
      closeTime: closeTime + 15n,
      headLedger: ledger + 3,
      headCloseTime: closeTime + 15n,
    });
    const nobody = { address: Keypair.random().publicKey(), secret: '' };
    const body = loanBody(own, nobody);
    expect(await postLoan(service, body, 'behind')).toMatchObject({
      status: 503,
      body: { code: 'CHAIN_UNREACHABLE', retryable: true },
    });
    await service.network.closeLedgers(4);
    expect(await postLoan(service, body, 'behind')).toMatchObject({
      status: 422,
      body: { code: 'ACCOUNT_NOT_FOUND' },
    });
  });

  test.each([
    ['paused', 409, 'POOL_PAUSED'],
    ['closed', 409, 'POOL_PAUSED'],
    ['quarantined', 503, 'POOL_QUARANTINED'],
  ] as const)('a pool that is %s', async (state, status, code) => {
    const own = await givenPool(service, { rules: { state } });
    const answer = await postLoan(service, loanBody(own, borrower(own)));
    expect(answer).toMatchObject({ status, body: { code, holdMade: false } });
    expect('retry-after' in answer.headers).toBe(status === 503);
    // in a network under quarantine a new pool begins in it
    await service.registry.change(own.pool.id, { state: 'closed' });
  });

  test('a quarantine whose end is set names it, and how long that is from now', async () => {
    const own = await givenPool(service, { rules: { state: 'quarantined' } });
    const body = loanBody(own, borrower(own));
    expect(await postLoan(service, body)).toMatchObject({
      status: 503,
      body: { code: 'POOL_QUARANTINED', quarantinedUntil: null },
      headers: { 'retry-after': '30' },
    });
    await count(
      'with ends as (update pools set quarantined_until = greatest(clock_timestamp(), ' +
        `head_close_time) + interval '90 s' where id = $1 returning 1) select count(*) from ` +
        'ends',
      [own.pool.id],
    );
    const refused = await postLoan(service, body);
    expect(Date.parse(String(refused.body['quarantinedUntil']))).toBeGreaterThan(Date.now());
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(40);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(90);
    await service.registry.change(own.pool.id, { state: 'closed' });
  });

  test('a pool that was never observed, or not recently, makes no hold', async () => {
    const never = await givenPool(service, { observed: false });
    expect(await postLoan(service, loanBody(never, borrower(never)))).toMatchObject({
      status: 503,
      body: { code: 'SNAPSHOT_STALE', ageSeconds: null },
      headers: { 'retry-after': '2' },
    });
    const old = await givenPool(service);
    await count(
      'with aged as (update pools set snapshot_advanced_at = snapshot_advanced_at - ' +
        `interval '601 s' where id = $1 returning 1) select count(*) from aged`,
      [old.pool.id],
    );
    expect(await postLoan(service, loanBody(old, borrower(old)))).toMatchObject({
      status: 503,
      body: { code: 'SNAPSHOT_STALE', maxAgeSeconds: 600 },
    });
    const lagging = await givenPool(service);
    await count(
      `with aged as (update pools set head_close_time = clock_timestamp() - interval '3601 ` +
        `s' where id = $1 returning 1) select count(*) from aged`,
      [lagging.pool.id],
    );
    expect((await postLoan(service, loanBody(lagging, borrower(lagging)))).body['code']).toBe(
      'SNAPSHOT_STALE',
    );
  });

  test("a contract's refusal is recorded under the key: it is repeated without asking the chain", async () => {
    const body = loanBody(pool, borrower(pool, { score: 10 }));
    const refused = await postLoan(service, body, 'contract-no');
    expect(refused).toMatchObject({
      status: 422,
      body: {
        code: 'LOAN_REFUSED_BY_CONTRACT',
        contract: 'lending_contract',
        number: 4,
        name: 'InsufficientReputation',
        retryable: false,
        holdMade: false,
      },
    });
    service.network.control.setFault('node_down', {});
    try {
      const again = await postLoan(service, body, 'contract-no');
      expect(again.text).toBe(refused.text);
      expect(again.headers['idempotency-replayed']).toBe('true');
    } finally {
      service.network.control.clearFaults();
    }
  });

  test("a guarantee below the contract's least, and one that leaves nothing to fund", async () => {
    expect(
      await postLoan(service, loanBody(pool, borrower(), { guaranteeAmount: '24.9999999' })),
    ).toMatchObject({
      status: 422,
      body: { code: 'LOAN_REFUSED_BY_CONTRACT', name: 'InsufficientGuarantee' },
    });
    expect(
      await postLoan(service, loanBody(pool, borrower(), { guaranteeAmount: '125.0' })),
    ).toMatchObject({ status: 422, body: { code: 'NOTHING_TO_FUND' } });
    const least = {
      totalAmount: '0.0000001',
      guaranteeAmount: undefined,
      schedule: [{ amount: '0.0000001', dueAt: dueIn(30) }],
    };
    expect(await postLoan(service, loanBody(pool, borrower(), least))).toMatchObject({
      status: 422,
      body: { code: 'NOTHING_TO_FUND' },
    });
  });

  test('a borrower who has no account', async () => {
    expect(
      await postLoan(
        service,
        loanBody(pool, { address: Keypair.random().publicKey(), secret: '' }),
      ),
    ).toMatchObject({ status: 422, body: { code: 'ACCOUNT_NOT_FOUND' } });
  });

  test('a first due date that the loan could be funded after', async () => {
    const soon = [
      { amount: '125', dueAt: new Date(Date.now() + 60_000).toISOString().replace(/\.\d+Z/, 'Z') },
    ];
    expect(await postLoan(service, loanBody(pool, borrower(), { schedule: soon }))).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED', errors: [{ field: 'schedule[0].dueAt' }] },
    });
  });

  test('a node that is down is an error, not a refusal', async () => {
    service.network.control.setFault('node_down', {});
    try {
      const answer = await postLoan(service, loanBody(pool, borrower()), 'node-down');
      expect(answer).toMatchObject({
        status: 503,
        body: { code: 'CHAIN_UNREACHABLE', retryable: true, holdMade: false },
      });
      expect(answer.headers).toHaveProperty('retry-after');
    } finally {
      service.network.control.clearFaults();
    }
    expect(await count("select count(*) from idempotency_keys where key = 'node-down'")).toBe(0);
  });

  test('faults of the request come before the pool is looked for; then an unknown pool', async () => {
    const nowhere = { poolId: '01a20439-8365-721f-97de-c7ac9caaa4ad' };
    expect(
      (await postLoan(service, loanBody(pool, borrower(), { ...nowhere, totalAmount: '-1' }))).body[
        'code'
      ],
    ).toBe('VALIDATION_FAILED');
    expect(await postLoan(service, loanBody(pool, borrower(), nowhere))).toMatchObject({
      status: 404,
      body: { code: 'POOL_NOT_FOUND' },
    });
  });
});
