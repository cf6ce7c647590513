import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import { bearer, givenKey } from '../support/access.js';
import {
  type Answer,
  ask,
  type Borrower,
  givenBorrowers,
  type GivenPool,
  givenPool,
  givenService,
  loanBody,
  observe,
  postLoan,
  type Service,
  signed,
} from '../support/given.js';
import { scrapeOf } from '../support/scrape.js';

/**
 * Strangers' loans move the lending contract's counter. What was issued is shown as outdated after
 * one snapshot, before a borrower burns a fee on it (docs/protocol.md#counter-window).
 */
const TRUSTUP = { totalAmount: '1000', guaranteeAmount: '200' };
let service: Service;
let operator: { authorization: string };
beforeAll(async () => {
  service = await givenService({ COUNTER_WINDOW: '2' });
  operator = bearer(await givenKey(service.app, { scopes: ['operate'] }));
});
afterAll(() => service.stop());

interface Transaction {
  readonly xdr: string;
  readonly hash: string;
  readonly loanIdWindow: { readonly first: string; readonly last: string };
}
interface Window {
  readonly nextLoanId: string | null;
  readonly atLedger: number | null;
  readonly outdated: boolean;
  readonly advice: string | null;
}
interface Held {
  readonly of: GivenPool;
  readonly borrower: Borrower;
  readonly body: Record<string, unknown>;
  readonly created: Answer;
  readonly loanId: string;
  readonly reservationId: string;
}

async function held(wish: Parameters<typeof givenPool>[1] = {}, key?: string): Promise<Held> {
  const of = await givenPool(service, wish);
  const [borrower] = givenBorrowers(service, of.contract, { score: 95 });
  if (!borrower) throw new Error('a borrower was asked for');
  const body = loanBody(
    of,
    borrower,
    wish.profile === 'trustup'
      ? { ...TRUSTUP, schedule: [{ amount: '1000', dueAt: '2099-01-01T00:00:00Z' }] }
      : {},
  );
  const created = await postLoan(service, body, key);
  const { loan, reservation } = created.body as unknown as {
    loan: { id: string };
    reservation: { id: string };
  };
  return { of, borrower, body, created, loanId: loan.id, reservationId: reservation.id };
}
const strangers = (one: Held, count: number): unknown =>
  service.network.control.shiftFootprints({ pool: one.of.contract, count });
const page = async (
  one: Held,
): Promise<{
  transaction: Transaction | null;
  counterWindow: Window | null;
  rebuildsLeft: number;
}> =>
  (await ask(service, { url: `/loans/${one.loanId}` })).body as unknown as {
    transaction: Transaction | null;
    counterWindow: Window | null;
    rebuildsLeft: number;
  };
const rebuild = (one: Held): Promise<Answer> =>
  ask(service, { method: 'POST', url: `/loans/${one.loanId}/transaction` });
const lastLoanId = async (one: Held): Promise<unknown> =>
  (await ask(service, { url: `/pools/${one.of.pool.id}` })).body['lastLoanId'];
const data = async (path: string): Promise<Readonly<Record<string, unknown>>> =>
  (await ask(service, { url: `/console/data${path}`, headers: operator })).body;
const settlement = (): SettlementService =>
  new SettlementService({ ledger: service.ledger, pools: service.registry, chain: service.chain });
/** The service caches figures for a second, so the test waits until they are read again. */
async function outdatedHolds(one: Held): Promise<number | undefined> {
  await new Promise((resolve) => {
    setTimeout(resolve, 1010);
  });
  return scrapeOf((await ask(service, { url: '/metrics', headers: operator })).text).value(
    'holdfast_pool_holds',
    { pool: one.of.pool.id, state: 'outdated' },
  );
}

describe("strangers' loans", () => {
  test(
    'move a transaction out of its window: pool, loan, console and metrics show it after ' +
      'one snapshot, and a rebuild lands',
    async () => {
      const one = await held({}, 'counter');
      expect(await lastLoanId(one)).toBe('0');
      expect(await page(one)).toMatchObject({
        transaction: { loanIdWindow: { first: '1', last: '3' } },
        counterWindow: { nextLoanId: '1', outdated: false, advice: null },
      });
      strangers(one, 2);
      await observe(service, one.of.pool);
      expect((await page(one)).counterWindow).toMatchObject({
        nextLoanId: '3',
        outdated: false,
        advice: null,
      }); // the last of its ids
      expect(await outdatedHolds(one)).toBe(0);

      strangers(one, 1);
      // the pool was not observed
      expect((await page(one)).counterWindow).toMatchObject({ nextLoanId: '3' });
      await settlement().observePool(one.of.pool);
      const { ledger } = service.network.control.head();
      expect(await page(one)).toMatchObject({
        transaction: one.created.body['transaction'],
        rebuildsLeft: 3, // as it was offered
        counterWindow: {
          nextLoanId: '4',
          atLedger: ledger,
          outdated: true,
          advice:
            `The lending contract's next loan id is 4 at ledger ${ledger}, but the transaction can ` +
            'only land on 1 to 3: do not submit it, it would fail and burn its fee. POST ' +
            '/loans/:id/transaction issues a new one for the same hold.',
        },
      });
      expect(await lastLoanId(one)).toBe('3');
      expect((await ask(service, { url: '/pools' })).body['pools']).toContainEqual(
        expect.objectContaining({ id: one.of.pool.id, lastLoanId: '3', atLedger: ledger }),
      );
      expect(await data(`/pools/${one.of.pool.id}/holds`)).toMatchObject({
        holds: [
          {
            outdated: true,
            waitsFor: {
              needsPerson: false,
              sentence: expect.stringMatching(
                new RegExp(
                  "^outside of its window: the lending contract's next loan id is 4, it lands on 1 to 3 only " +
                    'and will trap when submitted; to be rebuilt until .* \\(3 left\\)$',
                ),
              ),
            },
          },
        ],
      });
      expect(await data(`/reservations/${one.reservationId}`)).toMatchObject({
        nextLoanId: '4',
        waitsFor: { sentence: expect.stringContaining('outside of its window') },
        envelopes: [{ loanIdWindow: { first: '1', last: '3' } }],
      });
      expect(await outdatedHolds(one)).toBe(1);
      const again = await postLoan(service, one.body, 'counter');
      // decision 0003
      expect([again.text, again.headers['idempotency-replayed']]).toEqual([
        one.created.text,
        'true',
      ]);

      const rebuilt = await rebuild(one);
      expect(rebuilt).toMatchObject({
        status: 201,
        body: {
          transaction: { loanIdWindow: { first: '4', last: '6' } },
          counterWindow: { nextLoanId: '4', atLedger: ledger, outdated: false, advice: null },
          rebuildsLeft: 2,
        },
      });
      expect(await data(`/pools/${one.of.pool.id}/holds`)).toMatchObject({
        holds: [
          {
            outdated: false,
            transactions: 2,
            waitsFor: { sentence: expect.stringMatching(/^waits for the borrower to sign/) },
          },
        ],
      });
      expect(await outdatedHolds(one)).toBe(0);
      const { xdr } = rebuilt.body['transaction'] as Transaction;
      expect(
        await ask(service, {
          url: `/loans/${one.loanId}/submission`,
          body: { signedXdr: signed(xdr, service.network.passphrase, one.borrower) },
        }),
      ).toMatchObject({ status: 202 });
      await service.network.closeLedgers(1);
      expect(await settlement().observePool(one.of.pool)).toMatchObject({ settled: 1 });
      expect(await page(one)).toMatchObject({ transaction: null, counterWindow: null });
      expect(await lastLoanId(one)).toBe('4');
      expect(await data(`/reservations/${one.reservationId}`)).toMatchObject({
        nextLoanId: null,
        waitsFor: null,
      });
    },
  );

  test("are counted on the other fork's contracts too", async () => {
    const one = await held({ profile: 'trustup', decimals: 0, deposit: 10_000n });
    expect(await page(one)).toMatchObject({ counterWindow: { nextLoanId: '1', outdated: false } });
    strangers(one, 3);
    await observe(service, one.of.pool);
    expect([await lastLoanId(one), (await page(one)).counterWindow]).toMatchObject([
      '3',
      { nextLoanId: '4', outdated: true },
    ]);
  });

  test('a rebuild is not advised where it would be refused', async () => {
    const [given, used, paused] = [await held(), await held(), await held()];
    await service.registry.change(paused.of.pool.id, { state: 'paused' });
    expect(
      (await ask(service, { method: 'POST', url: `/loans/${given.loanId}/cancellation` })).status,
    ).toBe(202);
    for (let times = 1; times <= 3; times++) {
      service.network.control.travel(20);
      await observe(service, used.of.pool);
      expect((await rebuild(used)).status).toBe(201);
    }
    for (const one of [given, used, paused]) {
      strangers(one, 3);
      await observe(service, one.of.pool);
    }
    expect(await page(given)).toMatchObject({
      counterWindow: {
        outdated: true,
        advice: expect.stringMatching(
          /burn its fee\. The loan was cancelled, so no new one is made\.$/,
        ),
      },
    });
    expect(await page(paused)).toMatchObject({
      rebuildsLeft: 3,
      counterWindow: {
        outdated: true,
        advice: expect.stringMatching(
          /burn its fee\. The pool is paused: no new one is made while it is\.$/,
        ),
      },
    });
    expect(await page(used)).toMatchObject({
      rebuildsLeft: 0,
      counterWindow: {
        outdated: true,
        advice: expect.stringMatching(
          /burn its fee\. It was rebuilt 3 times already, so no new one is made; the hold ends by itself\.$/,
        ),
      },
    });
  });
});

describe('what was read', () => {
  test('the counter only moves forward: an older reply of a node that lags changes nothing', async () => {
    const one = await held();
    strangers(one, 3);
    await observe(service, one.of.pool);
    const [before, pool] = [
      await page(one),
      await ask(service, { url: `/pools/${one.of.pool.id}` }),
    ];
    service.network.control.setFault('node_lags', { ledgers: 2 });
    try {
      const late = await service.chain.observePool(one.of.pool);
      expect(late.lastLoanId).toBe(2n); // of its own ledger
      expect(await settlement().observePool(one.of.pool)).toMatchObject({ advanced: false });
    } finally {
      service.network.control.clearFaults();
    }
    expect(await page(one)).toEqual(before);
    expect((await ask(service, { url: `/pools/${one.of.pool.id}` })).headers['etag']).toBe(
      pool.headers['etag'],
    );
    expect(before.counterWindow).toMatchObject({ nextLoanId: '4', outdated: true });
  });

  test('the counter is unknown when the reply lacks it, which is neither zero nor outdated', async () => {
    const one = await held();
    strangers(one, 3);
    await service.network.closeLedgers(1);
    const { head, ...reading } = await service.chain.observePool(one.of.pool);
    expect(
      await service.ledger.snapshots.observe({
        poolId: one.of.pool.id,
        ...reading,
        lastLoanId: null,
        headLedger: head.ledger,
        headCloseTime: head.closeTime,
      }),
    ).toMatchObject({ advanced: true });
    expect(await lastLoanId(one)).toBeNull();
    expect((await page(one)).counterWindow).toMatchObject({
      nextLoanId: null,
      atLedger: null,
      outdated: false,
      loans: 2,
      loansLeft: null,
      advice: null,
    });
    expect(await data(`/pools/${one.of.pool.id}/holds`)).toMatchObject({
      holds: [{ outdated: false }],
    });
    expect(await outdatedHolds(one)).toBeUndefined();
    const unseen = await givenPool(service, { observed: false });
    expect((await ask(service, { url: `/pools/${unseen.pool.id}` })).body['lastLoanId']).toBeNull();
  });
});
