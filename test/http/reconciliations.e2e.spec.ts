import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ReconciliationLedger } from '../../src/modules/liquidity/snapshots/reconciliation-ledger.js';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { ReconciliationService } from '../../src/modules/settlement/reconciliation.service.js';
import {
  ask,
  givenBorrowers,
  givenPool,
  givenService,
  loanBody,
  observe,
  postLoan,
  type Answer,
  type GivenPool,
  type Service,
} from '../support/given.js';

const UNIT = 10_000_000n;
let service: Service;
let reconciliation: ReconciliationService;
beforeAll(async () => {
  service = await givenService();
  reconciliation = new ReconciliationService(
    {
      ledger: service.app.get(ReconciliationLedger, { strict: false }),
      pools: service.registry,
      chain: service.chain,
    },
    { raise: () => undefined },
  );
});
afterAll(() => service.stop());

const read = ({ pool }: GivenPool, query = ''): Promise<Answer> =>
  ask(service, { url: `/pools/${pool.id}/reconciliations${query}` });
const sql = (text: string, values: unknown[]) =>
  service.app.get(LedgerConnections, { strict: false }).write.query(text, values);

describe('GET /pools/:id/reconciliations', () => {
  test('is unknown before the first reconciliation, and says why', async () => {
    const unseen = await givenPool(service, { observed: false });
    expect(await read(unseen)).toMatchObject({
      status: 200,
      body: {
        poolId: unseen.pool.id,
        standing: 'unknown',
        why: 'The pool was never observed.',
        snapshotLedger: null,
        reconciledLedger: null,
        reconciliations: [],
        pauses: [],
      },
    });
    const once = await givenPool(service);
    await reconciliation.reconcilePool(once.pool);
    expect((await read(once)).body).toMatchObject({
      standing: 'unknown',
      why: 'No two snapshots have been compared yet.',
    });
  });

  test('shows each bridge in token units, with every term and break', async () => {
    const given = await givenPool(service);
    await reconciliation.reconcilePool(given.pool);
    const { hash, ledger } = service.network.control.foreignLoan({
      pool: given.contract,
      total: 100n * UNIT,
      guarantee: 20n * UNIT + 1n,
    });
    await observe(service, given.pool);
    await reconciliation.reconcilePool(given.pool);
    const { body } = await read(given);
    expect(body).toMatchObject({
      standing: 'explained',
      why: null,
      snapshotLedger: ledger,
      reconciledLedger: ledger,
      eventsThroughLedger: ledger,
    });
    expect(body['reconciliations']).toMatchObject([
      {
        toLedger: ledger,
        outcome: 'explained',
        bridges: {
          total: { before: '10000', after: '10000', terms: {}, expected: '10000', difference: '0' },
          locked: {
            before: '0',
            after: '79.9999999',
            terms: { unreservedFundings: '79.9999999' },
            expected: '79.9999999',
            difference: '0',
          },
          tokenBalance: { terms: { unreservedFundings: '-79.9999999' }, difference: '0' },
        },
        breaks: [
          {
            class: 'unreserved_funding',
            figure: 'locked',
            amount: '79.9999999',
            rows: [
              { txHash: hash, ledger, amount: '79.9999999', note: expect.stringMatching(/^G/) },
            ],
          },
        ],
      },
    ]);
    expect((await read(given, '?limit=1')).body['reconciliations'] as unknown[]).toHaveLength(1);
  });

  test('a difference of one unit pauses the pool: new loans are refused until an operator resumes it', async () => {
    const given = await givenPool(service);
    await reconciliation.reconcilePool(given.pool);
    await service.network.closeLedgers(1);
    await observe(service, given.pool);
    await sql(
      'update snapshots set total = total - 1 where pool_id = $1 and ledger = (select ' +
        'max(ledger) from snapshots where pool_id = $1)',
      [given.pool.id],
    );
    await reconciliation.reconcilePool(given.pool);
    const { body } = await read(given);
    expect(body).toMatchObject({
      standing: 'unexplained',
      reconciliations: [
        {
          outcome: 'unexplained',
          bridges: { total: { difference: '-0.0000001' } },
          breaks: [{ class: 'unexplained', figure: 'total', amount: '-0.0000001' }],
        },
      ],
      pauses: [{ reason: 'unexplained', facts: { total: '-1', locked: '0', tokenBalance: '0' } }],
    });
    const [borrower] = givenBorrowers(service, given.contract);
    if (!borrower) throw new Error('one was asked for');
    await observe(service, given.pool);
    expect(await postLoan(service, loanBody(given, borrower))).toMatchObject({
      status: 409,
      body: { code: 'POOL_PAUSED' },
    });
    await service.registry.change(given.pool.id, { state: 'active' });
    expect(await postLoan(service, loanBody(given, borrower))).toMatchObject({ status: 201 });
  });

  test('an outage is unknown, whatever was explained before it', async () => {
    const given = await givenPool(service);
    await reconciliation.reconcilePool(given.pool);
    await service.network.closeLedgers(1);
    await observe(service, given.pool);
    await reconciliation.reconcilePool(given.pool);
    expect((await read(given)).body).toMatchObject({ standing: 'explained' });
    await sql(
      'update pools set snapshot_advanced_at = snapshot_advanced_at - make_interval(secs => 5000) where id = $1',
      [given.pool.id],
    );
    expect((await read(given)).body).toMatchObject({
      standing: 'unknown',
      why: expect.stringMatching(/^The last snapshot is 50\d\d s old/),
    });
    await service.network.closeLedgers(1);
    await observe(service, given.pool); // snapshots come again, their events do not
    await sql(
      'update snapshots set observed_at = observed_at - make_interval(secs => 5000) where ' +
        'pool_id = $1 and ledger = (select max(ledger) from snapshots where pool_id = $1)',
      [given.pool.id],
    );
    expect((await read(given)).body).toMatchObject({
      standing: 'unknown',
      why: expect.stringMatching(/^Events have not reached the snapshots for 50\d\d s/),
    });
  });

  test.each([['?limit=0'], ['?limit=201'], ['?state=held']])('%s is refused', async (query) => {
    const { id } = (await service.registry.list())[0] ?? { id: '' };
    expect(await ask(service, { url: `/pools/${id}/reconciliations${query}` })).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED' },
    });
  });

  test.each(['01a20439-8365-721f-97de-c7ac9caaa4ad', 'x'])('there is no pool %s', async (id) => {
    expect(await ask(service, { url: `/pools/${id}/reconciliations` })).toMatchObject({
      status: 404,
      body: { code: 'POOL_NOT_FOUND' },
    });
  });
});
