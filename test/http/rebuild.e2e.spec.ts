import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { timeOf } from '../../src/common/times.js';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import {
  ask,
  givenBorrowers,
  givenPool,
  givenService,
  loanBody,
  observe,
  postLoan,
  signed,
  type Answer,
  type Borrower,
  type GivenPool,
  type Service,
} from '../support/given.js';

/**
 * POST /loans/:id/transaction and POST /loans/:id/cancellation (docs/protocol.md#rebuild,
 * docs/protocol.md#cancellation).
 */
let service: Service;
beforeAll(async () => {
  service = await givenService({ COUNTER_WINDOW: '2' }, undefined, 'server');
});
afterAll(() => service.stop());

interface Transaction {
  readonly xdr: string;
  readonly hash: string;
  readonly sequence: string;
  readonly maxTime: number;
  readonly loanIdWindow: { readonly first: string };
}
interface Held {
  readonly of: GivenPool;
  readonly borrower: Borrower;
  readonly loanId: string;
  readonly reservationId: string;
  readonly transaction: Transaction;
}

async function held(
  rules: NonNullable<Parameters<typeof givenPool>[1]>['rules'] = {},
): Promise<Held> {
  const of = await givenPool(service, { rules });
  const [borrower] = givenBorrowers(service, of.contract);
  if (!borrower) throw new Error('a borrower was asked for');
  const { body } = await postLoan(service, loanBody(of, borrower));
  const { loan, reservation, transaction } = body as unknown as {
    loan: { id: string };
    reservation: { id: string };
    transaction: Transaction;
  };
  return { of, borrower, loanId: loan.id, reservationId: reservation.id, transaction };
}
const rebuild = (one: Held): Promise<Answer> =>
  ask(service, { method: 'POST', url: `/loans/${one.loanId}/transaction` });
const cancel = (one: Held): Promise<Answer> =>
  ask(service, { method: 'POST', url: `/loans/${one.loanId}/cancellation` });
const submit = (one: Held, xdr: string): Promise<Answer> =>
  ask(service, {
    url: `/loans/${one.loanId}/submission`,
    body: { signedXdr: signed(xdr, service.network.passphrase, one.borrower) },
  });
const transactionOf = (answer: Answer): Transaction => answer.body['transaction'] as Transaction;
const page = (one: Held): Promise<Answer> =>
  ask(service, { url: `/reservations/${one.reservationId}` });
const kinds = async (one: Held): Promise<string[]> =>
  ((await page(one)).body['journal'] as { kind: string }[]).map(({ kind }) => kind);
/** A process that has just started. */
const settlement = (): SettlementService =>
  new SettlementService({ ledger: service.ledger, pools: service.registry, chain: service.chain });
/** The envelope lands and fails, and two replies of two ledgers agree on it. */
const failed = async (one: Held): Promise<void> => {
  for (let round = 0; round < 2; round++) {
    await service.network.closeLedgers(1);
    await settlement().observePool(one.of.pool);
  }
};
const later = async (one: Held, seconds = 20): Promise<void> => {
  service.network.control.travel(seconds);
  await observe(service, one.of.pool);
};

describe('a rebuild while an envelope is open', () => {
  test(
    'keeps the sequence, has a new deadline, keeps the amount; both can be submitted, only ' +
      'one lands, and it settles the hold',
    async () => {
      const one = await held();
      const before = await service.ledger.reader.position(one.of.pool.id);
      expect(transactionOf(await ask(service, { url: `/loans/${one.loanId}` }))).toEqual(
        one.transaction,
      ); // byte for byte
      await later(one);
      const answer = await rebuild(one);
      const second = transactionOf(answer);
      expect(answer).toMatchObject({
        status: 201,
        body: {
          reservation: {
            id: one.reservationId,
            state: 'held',
            expiresAt: new Date(second.maxTime * 1000).toISOString().replace('.000Z', 'Z'),
          },
          rebuildsLeft: 2,
        },
      });
      expect(answer.headers['location']).toBe(`/loans/${one.loanId}`);
      // the owner can read the newest again
      expect(transactionOf(await ask(service, { url: `/loans/${one.loanId}` }))).toEqual(second);
      expect(second.sequence).toBe(one.transaction.sequence);
      expect(second.hash).not.toBe(one.transaction.hash);
      expect(second.maxTime).toBeGreaterThan(one.transaction.maxTime);
      expect(await service.ledger.reader.position(one.of.pool.id)).toMatchObject({
        held: before?.held,
        heldCount: 1,
      });
      expect(await kinds(one)).toEqual(['held', 'rebuilt']);

      expect(await submit(one, one.transaction.xdr)).toMatchObject({
        status: 202,
        body: { status: 'PENDING', hash: one.transaction.hash },
      }); // the first one is as good
      await service.network.closeLedgers(1);
      expect(await submit(one, second.xdr)).toMatchObject({
        status: 409,
        body: { code: 'SUBMISSION_REJECTED', resultCode: 'txBadSeq' },
      });
      expect(await settlement().observePool(one.of.pool)).toMatchObject({ settled: 1 });
      expect(await page(one)).toMatchObject({
        body: {
          reservation: { state: 'settled' },
          envelopes: [
            { number: 1, state: 'landed' },
            { number: 2, state: 'dead' },
          ],
        },
      });
    },
  );

  test('the hold is live until the latest deadline: the first one frees nothing', async () => {
    const one = await held();
    await later(one, 200);
    expect(await rebuild(one)).toMatchObject({ status: 201 });
    await later(one, 150); // past the first deadline, not the second
    for (let round = 0; round < 5; round++) {
      await service.network.closeLedgers(1);
      await settlement().expireLapsed(one.of.pool);
    }
    expect(await page(one)).toMatchObject({ body: { reservation: { state: 'held' } } });
    await later(one, 200);
    for (let round = 0; round < 5; round++) {
      await service.network.closeLedgers(1);
      await settlement().expireLapsed(one.of.pool);
    }
    expect(await page(one)).toMatchObject({
      body: {
        reservation: { state: 'expired' },
        envelopes: [{ state: 'dead' }, { state: 'dead' }],
      },
    });
  });

  test('each has its own hash, and after three rebuilds there is no more', async () => {
    const one = await held();
    const hashes = new Set([one.transaction.hash]);
    for (let times = 1; times <= 3; times++) {
      await later(one);
      const answer = await rebuild(one);
      expect(answer.status).toBe(201);
      hashes.add(transactionOf(answer).hash);
    }
    expect(hashes.size).toBe(4);
    await later(one);
    expect(await rebuild(one)).toMatchObject({
      status: 409,
      body: { code: 'REBUILD_LIMIT', reason: 'rebuilds_used', retryable: false },
    });
    expect(await ask(service, { url: `/loans/${one.loanId}` })).toMatchObject({
      body: { rebuildsLeft: 0, transaction: { sequence: one.transaction.sequence } },
    });
  });

  test('requested twice within one ledger returns the same envelope', async () => {
    const one = await held();
    await later(one);
    const first = await rebuild(one);
    expect(transactionOf(await rebuild(one)).hash).toBe(transactionOf(first).hash);
    expect(await kinds(one)).toEqual(['held', 'rebuilt']);
  });

  test("is refused beyond the pool's limit on the total time, and in a paused pool", async () => {
    const one = await held({ maxExtensionSeconds: 30 });
    await later(one, 60);
    expect(await rebuild(one)).toMatchObject({
      status: 409,
      body: { code: 'REBUILD_LIMIT', reason: 'too_long' },
    });
    await service.registry.change(one.of.pool.id, { state: 'paused' });
    expect(await rebuild(one)).toMatchObject({ status: 409, body: { code: 'POOL_PAUSED' } });
    expect(await kinds(one)).toEqual(['held']);
  });

  test('while the chain lags it is refused with the age of the snapshot and its limit', async () => {
    const one = await held({ maxSnapshotAgeSeconds: 45 });
    await later(one);
    const { id } = one.of.pool;
    const client = new pg.Client(service.database.url);
    await client.connect();
    await client.query(
      "update pools set head_close_time = clock_timestamp() - interval '3601 s' where id = $1",
      [id],
    );
    await client.end();
    const build = service.chain.buildFunding.bind(service.chain);
    service.chain.buildFunding = async (request) => {
      const built = await build(request);
      // on a chain whose time stands still
      return built.kind === 'built'
        ? { ...built, funding: { ...built.funding, maxTime: built.funding.maxTime - 100_000n } }
        : built;
    };
    const age = async (): Promise<number> =>
      (await service.ledger.reader.position(id))?.ageSeconds ?? -1;
    try {
      const before = await age();
      const { body } = await rebuild(one);
      expect(body).toMatchObject({
        code: 'SNAPSHOT_STALE',
        maxAgeSeconds: 45,
        detail: expect.stringContaining('lags too far behind the clock'),
      });
      // in tenths of a second
      expect(body['ageSeconds']).toBeGreaterThanOrEqual(before - 0.05);
      expect(body['ageSeconds']).toBeLessThanOrEqual((await age()) + 0.05);
    } finally {
      service.chain.buildFunding = build;
    }
  });

  test('two at the same moment issue one envelope', async () => {
    const one = await held();
    await later(one);
    const answers = await Promise.all([rebuild(one), rebuild(one), rebuild(one)]);
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThanOrEqual(1);
    const { body } = await page(one);
    expect(body['envelopes']).toHaveLength(2);
    expect(await kinds(one)).toEqual(['held', 'rebuilt']);
  });
});

describe('the account moved', () => {
  test('no next sequence while the envelope is not proven dead', async () => {
    const one = await held();
    await submit(one, one.transaction.xdr);
    await service.network.closeLedgers(1);
    await observe(service, one.of.pool); // the snapshot is new, but settlement has not run
    expect(await rebuild(one)).toMatchObject({
      status: 409,
      body: { code: 'ENVELOPE_UNDECIDED', retryable: true },
    });
    await settlement().observePool(one.of.pool);
    expect(await rebuild(one)).toMatchObject({
      status: 409,
      body: { code: 'ENVELOPE_OUTDATED', reason: 'hold_ended', reservation: { state: 'settled' } },
    });
    expect(await submit(one, one.transaction.xdr)).toMatchObject({
      status: 202,
      body: { status: 'DUPLICATE', reservation: { state: 'settled' } },
    });
    const other = await held();
    expect(await submit(one, other.transaction.xdr)).toMatchObject({
      status: 409,
      body: { code: 'ENVELOPE_OUTDATED', reason: 'hold_ended', reservation: { state: 'settled' } },
    });
  });

  test('after the counter conflict the next sequence and the next loan ids, and it lands', async () => {
    const one = await held();
    for (let strangers = 0; strangers < 3; strangers++)
      service.network.control.foreignLoan({
        pool: one.of.contract,
        total: 1_000n,
        guarantee: 200n,
      });
    expect(await submit(one, one.transaction.xdr)).toMatchObject({
      status: 409,
      body: { code: 'ENVELOPE_OUTDATED', reason: 'loan_counter' },
    });
    await service.chain.submit(
      signed(one.transaction.xdr, service.network.passphrase, one.borrower),
    ); // the borrower still submits it, at another node
    await failed(one);
    expect(await ask(service, { url: `/loans/${one.loanId}` })).toMatchObject({
      body: { reservation: { state: 'held' }, transaction: null, rebuildsLeft: 4 },
    });
    const second = transactionOf(await rebuild(one));
    expect(BigInt(second.sequence)).toBe(BigInt(one.transaction.sequence) + 1n);
    expect(await submit(one, one.transaction.xdr)).toMatchObject({
      status: 409,
      body: {
        code: 'ENVELOPE_OUTDATED',
        reason: 'envelope_dead',
        failure: { failedBy: 'ours', reason: 'outside_footprint' },
        rebuildOffered: false,
      },
    });
    expect(await submit(one, second.xdr)).toMatchObject({ status: 202 });
    await service.network.closeLedgers(1);
    expect(await settlement().observePool(one.of.pool)).toMatchObject({ settled: 1 });
  });
});

describe('after a trap', () => {
  test(
    'a new one is issued until the deadline of the one that trapped; then settlement ' +
      'releases the hold',
    async () => {
      const one = await held();
      for (let strangers = 0; strangers < 3; strangers++)
        service.network.control.foreignLoan({
          pool: one.of.contract,
          total: 1_000n,
          guarantee: 200n,
        });
      await service.chain.submit(
        signed(one.transaction.xdr, service.network.passphrase, one.borrower),
      );
      await failed(one);
      expect(await ask(service, { url: `/loans/${one.loanId}` })).toMatchObject({
        body: { reservation: { state: 'held' }, transaction: null, rebuildsLeft: 4 },
      });
      await later(one, 400); // settlement has not run since
      expect(await rebuild(one)).toMatchObject({
        status: 409,
        body: { code: 'REBUILD_LIMIT', reason: 'too_long', retryable: false },
      });
      expect(await kinds(one)).toEqual(['held', 'envelope_failed']);
      await settlement().expireLapsed(one.of.pool);
      expect(await page(one)).toMatchObject({
        body: { reservation: { state: 'released', releaseReason: 'not_rebuilt' } },
      });
    },
  );

  test(
    'a borrower who rebuilt and signed the older one has two dead ones, and the hold ends ' +
      'at the deadline of the one that trapped',
    async () => {
      const one = await held();
      await later(one, 100);
      const second = transactionOf(await rebuild(one));
      for (let strangers = 0; strangers < 3; strangers++)
        service.network.control.foreignLoan({
          pool: one.of.contract,
          total: 1_000n,
          guarantee: 200n,
        });
      await service.chain.submit(
        signed(one.transaction.xdr, service.network.passphrase, one.borrower),
      );
      await failed(one);
      expect(await page(one)).toMatchObject({
        body: {
          reservation: { state: 'held', expiresAt: timeOf(BigInt(one.transaction.maxTime)) },
          envelopes: [{ state: 'failed' }, { state: 'dead' }],
        },
      });
      await later(one, 250); // between the two
      expect(Number((await service.chain.head()).closeTime)).toBeGreaterThanOrEqual(
        one.transaction.maxTime,
      );
      expect(Number((await service.chain.head()).closeTime)).toBeLessThan(second.maxTime);
      expect(await rebuild(one)).toMatchObject({
        status: 409,
        body: { code: 'REBUILD_LIMIT', reason: 'too_long' },
      });
      await settlement().expireLapsed(one.of.pool);
      expect(await page(one)).toMatchObject({
        body: { reservation: { state: 'released', releaseReason: 'not_rebuilt' } },
      });
    },
  );
});

describe('cancellation', () => {
  test(
    'frees nothing by itself; the offered transaction, once landed, proves a release long ' +
      'before the deadline',
    async () => {
      const one = await held();
      const answer = await cancel(one);
      expect(answer).toMatchObject({
        status: 202,
        body: {
          reservation: { id: one.reservationId, state: 'held' },
          burn: {
            sequence: one.transaction.sequence,
            maxTime: one.transaction.maxTime,
            networkPassphrase: service.network.passphrase,
          },
        },
      });
      expect(await cancel(one)).toMatchObject({ status: 202, body: answer.body });
      expect(await kinds(one)).toEqual(['held', 'cancel_requested']);
      expect(await service.ledger.reader.position(one.of.pool.id)).toMatchObject({ heldCount: 1 });
      expect(await rebuild(one)).toMatchObject({
        status: 409,
        body: { code: 'ENVELOPE_OUTDATED', reason: 'cancel_requested' },
      });

      const { xdr } = answer.body['burn'] as { xdr: string };
      expect(
        (await service.chain.submit(signed(xdr, service.network.passphrase, one.borrower))).status,
      ).toBe('PENDING');
      await service.network.closeLedgers(1);
      for (let round = 0; round < 5; round++) {
        await settlement().observePool(one.of.pool);
        await service.network.closeLedgers(1);
      }
      expect(await page(one)).toMatchObject({
        body: { reservation: { state: 'released', releaseReason: 'sequence_consumed' } },
      });
      expect((await service.chain.head()).closeTime).toBeLessThan(BigInt(one.transaction.maxTime));
      expect(await submit(one, one.transaction.xdr)).toMatchObject({
        status: 409,
        body: { code: 'ENVELOPE_OUTDATED', reason: 'hold_ended' },
      });
      expect(await cancel(one)).toMatchObject({ status: 409, body: { code: 'ENVELOPE_OUTDATED' } });
    },
  );

  test('what was signed before may still land, and then the hold settles', async () => {
    const one = await held();
    await cancel(one);
    expect(await submit(one, one.transaction.xdr)).toMatchObject({ status: 202 });
    await service.network.closeLedgers(1);
    expect(await settlement().observePool(one.of.pool)).toMatchObject({ settled: 1 });
  });

  test('of a loan that does not exist', async () => {
    for (const id of ['01a20439-8365-721f-97de-c7ac9caaa4ad', 'nonsense']) {
      for (const path of ['cancellation', 'transaction'])
        expect(await ask(service, { method: 'POST', url: `/loans/${id}/${path}` })).toMatchObject({
          status: 404,
          body: { code: 'LOAN_NOT_FOUND' },
        });
    }
  });
});

describe('after PENDING', () => {
  test(
    'the same envelope is submitted again until it is found; the signed XDR cannot be read ' +
      'anywhere',
    async () => {
      const one = await held();
      service.network.control.setFault('late_inclusion', { ledgers: 11 });
      expect(await submit(one, one.transaction.xdr)).toMatchObject({
        status: 202,
        body: { status: 'PENDING' },
      });
      const sent: string[] = [];
      const real = service.chain.submit.bind(service.chain);
      service.chain.submit = (xdr) => {
        sent.push(xdr);
        return real(xdr);
      };
      try {
        for (let ledger = 0; ledger < 9; ledger++) {
          await service.network.closeLedgers(1);
          await settlement().findSettlements(one.of.pool);
        }
        expect(sent).toEqual(
          [0, 1].map(() => signed(one.transaction.xdr, service.network.passphrase, one.borrower)),
        ); // every 4 ledgers
        expect((await page(one)).text).not.toContain(sent[0]);
      } finally {
        service.network.control.clearFaults();
        service.chain.submit = real;
      }
      for (let ledger = 0; ledger < 6; ledger++) {
        await service.network.closeLedgers(1);
        await settlement().findSettlements(one.of.pool);
      }
      expect(await page(one)).toMatchObject({ body: { reservation: { state: 'settled' } } });
    },
  );

  test(
    'is not submitted again once the loan is cancelled, because a node queues one ' +
      "transaction of an account and the cancellation's own could not enter",
    async () => {
      const one = await held();
      service.network.control.setFault('drop_after_pending', { times: 1 });
      expect(await submit(one, one.transaction.xdr)).toMatchObject({
        status: 202,
        body: { status: 'PENDING' },
      });
      const { xdr: burn } = (await cancel(one)).body['burn'] as { xdr: string };
      for (let ledger = 0; ledger < 6; ledger++) {
        await service.network.closeLedgers(1);
        await settlement().findSettlements(one.of.pool);
      }
      expect(
        (await service.chain.submit(signed(burn, service.network.passphrase, one.borrower))).status,
      ).toBe('PENDING');
      await service.network.closeLedgers(1);
      for (let round = 0; round < 5; round++) {
        await settlement().observePool(one.of.pool);
        await service.network.closeLedgers(1);
      }
      expect(await page(one)).toMatchObject({
        body: { reservation: { state: 'released', releaseReason: 'sequence_consumed' } },
      });
    },
  );
});
