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
import { bearer, givenKey } from '../support/access.js';

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

interface Episode {
  readonly id: string;
  readonly class: string;
  readonly since: string;
  readonly until: string | null;
  readonly firstLedger: number;
  readonly sentence: string;
  readonly causes: readonly {
    readonly term: string;
    readonly amount: string | null;
    readonly transactions: readonly { readonly transaction?: string }[];
  }[];
}

describe('GET /operator/breaks', () => {
  let operator = '';
  beforeAll(async () => {
    operator = await givenKey(service.app, { scopes: ['operate'], name: 'ada' });
  });
  const asked = (place: string): Promise<Answer> =>
    ask(service, { url: `/operator/breaks${place}`, headers: bearer(operator) });
  const round = async (given: GivenPool): Promise<void> => {
    await observe(service, given.pool);
    await reconciliation.reconcilePool(given.pool);
  };
  const list = async (query: string): Promise<{ episodes: Episode[]; nextCursor: string | null }> =>
    (await asked(query)).body as never;
  const episodeOf = async (given: GivenPool, kind: string): Promise<Episode> => {
    const { episodes } = await list(`?poolId=${given.pool.id}&class=${kind}&limit=1`);
    const { body, status } = await asked(`/${episodes[0]?.id ?? 'none'}`);
    expect(status).toBe(200);
    return body as unknown as Episode;
  };
  /** In base units; negative amounts carry a sign. */
  const sumOf = ({ causes }: Episode): number =>
    causes.reduce((sum, { amount }) => sum + Math.round(Number(amount) * 1e7), 0);
  const hold = async (given: GivenPool): Promise<void> => {
    const [borrower] = givenBorrowers(service, given.contract);
    if (!borrower) throw new Error('one was asked for');
    expect(await postLoan(service, loanBody(given, borrower))).toMatchObject({ status: 201 });
  };
  const actions = () => service.network.control.actions;

  test('a withdrawal: the term and its transaction, and the causes add up to the shortfall', async () => {
    const given = await givenPool(service, { deposit: 300n * UNIT });
    await reconciliation.reconcilePool(given.pool);
    await hold(given);
    await hold(given);
    const { hash, ledger } = actions().withdraw({ pool: given.contract, shares: 150n * UNIT });
    await round(given);
    await service.network.closeLedgers(1);
    await round(given); // found again: the same episode
    const episode = await episodeOf(given, 'shortfall');
    expect(episode).toMatchObject({
      id: `${given.pool.id}.shortfall.${ledger}`,
      poolId: given.pool.id,
      isAlarm: true,
      until: null,
      fromLedger: expect.any(Number),
      firstLedger: ledger,
      lastLedger: ledger + 1,
      found: 2,
      largestAmount: '50',
      totalAmount: null,
      sentence:
        'More is held than there is: 50. Withdrawals took 150 in 1 transaction; holds of this ' +
        'service took 200.',
      causes: [
        {
          term: 'withdrawals',
          figure: 'total',
          amount: '-150',
          transactions: [{ transaction: hash, ledger, amount: '-150' }],
          notListed: null,
        },
        { term: 'ownHolds', figure: null, amount: '-200', transactions: [] },
        { term: 'roomBefore', amount: '300' },
      ],
    });
    expect(sumOf(episode)).toBe(-50e7);

    actions().deposit({ pool: given.contract, amount: 150n * UNIT });
    await round(given);
    const over = await episodeOf(given, 'shortfall');
    expect(over).toMatchObject({
      id: episode.id,
      since: episode.since,
      sentence: episode.sentence,
    });
    expect(over.until).not.toBeNull();
  });

  test("strangers' loans: each transaction with its borrower, in the shortfall too", async () => {
    const given = await givenPool(service, { deposit: 200n * UNIT });
    await reconciliation.reconcilePool(given.pool);
    await hold(given);
    const loan = { pool: given.contract, total: 100n * UNIT, guarantee: 20n * UNIT };
    const hashes = [1, 2].map(() => service.network.control.foreignLoan(loan).hash);
    await round(given);
    expect(await episodeOf(given, 'unreserved_funding')).toMatchObject({
      totalAmount: '160',
      sentence:
        'Loans without a hold were funded: 160. Loans without a hold took 160 in 2 transactions.',
      causes: [
        {
          term: 'unreservedFundings',
          figure: 'locked',
          amount: '-160',
          notListed: null,
          transactions: hashes.map((transaction) => ({
            transaction,
            amount: '-80',
            note: expect.stringMatching(/^G/),
          })),
        },
      ],
    });
    const { causes } = await episodeOf(given, 'shortfall');
    expect(causes[0]).toMatchObject({ term: 'unreservedFundings', amount: '-160' });
    expect(new Set(causes[0]?.transactions.map(({ transaction }) => transaction))).toEqual(
      new Set(hashes),
    );
  });

  test('a buffer that was raised is no event of the chain', async () => {
    const given = await givenPool(service, { deposit: 200n * UNIT });
    await reconciliation.reconcilePool(given.pool);
    await hold(given);
    await service.network.closeLedgers(1);
    await round(given);
    await service.registry.change(given.pool.id, { buffer: 130n * UNIT });
    await service.network.closeLedgers(1);
    await round(given);
    const { sentence, causes } = await episodeOf(given, 'shortfall');
    expect(sentence).toBe('More is held than there is: 30. A change of the buffer took 130.');
    expect(causes.map(({ term, amount }) => [term, amount])).toEqual([
      ['buffer', '-130'],
      ['roomBefore', '100'],
    ]);
  });

  test('what no event explains is unexplained, with no transaction beside it', async () => {
    const given = await givenPool(service, { deposit: 200n * UNIT });
    await reconciliation.reconcilePool(given.pool);
    await hold(given);
    service.network.control.foreignLoan({
      pool: given.contract,
      total: 10n * UNIT,
      guarantee: 2n * UNIT,
    });
    await observe(service, given.pool);
    await sql(
      'update snapshots set total = total - 1500000000 where pool_id = $1 and ledger = (select ' +
        'max(ledger) from snapshots where pool_id = $1)',
      [given.pool.id],
    );
    await sql('update pools set snapshot_total = snapshot_total - 1500000000 where id = $1', [
      given.pool.id,
    ]);
    await reconciliation.reconcilePool(given.pool);
    expect((await episodeOf(given, 'unexplained')).causes).toMatchObject([
      { term: 'unexplained', figure: 'total', amount: '-150', transactions: [], notListed: null },
    ]);
    const before = await episodeOf(given, 'shortfall');
    expect(before.sentence).toMatch(
      /Loans without a hold took 8 in 1 transaction; holds of this service took 100\. Unexplained: -150\./,
    );
    expect(sumOf(before)).toBe(-58e7);

    // and once the snapshots are deleted, the terms of the first pair are what is known
    await sql('delete from snapshots where pool_id = $1', [given.pool.id]);
    const later = await episodeOf(given, 'shortfall');
    expect(later.causes).toMatchObject([
      {
        term: 'unreservedFundings',
        amount: '-8',
        transactions: [{ transaction: expect.stringMatching(/^[0-9a-f]{64}$/) }],
      },
      { term: 'unexplained', amount: null, transactions: [] },
    ]);
    expect(later.sentence).toContain('How much of it other terms explain is not known');
  });

  test('the console reads the same, and why the service paused a pool', async () => {
    const look = async (place: string): Promise<{ status: number; body: unknown }> => {
      const answer = await service.app.inject({
        url: `/console/data/${place}`,
        headers: bearer(operator),
      });
      return { status: answer.statusCode, body: answer.json() };
    };
    const { episodes, nextCursor } = await list('');
    expect((await look('breaks')).body).toEqual({ episodes, nextCursor });
    const id = episodes[0]?.id ?? '';
    expect((await look(`breaks/${id}`)).body).toEqual((await asked(`/${id}`)).body);
    expect((await look('breaks/none')).status).toBe(404);
    const { body } = await ask(service, {
      url: `/operator/breaks?class=unexplained&limit=1`,
      headers: bearer(operator),
    });
    const [{ poolId } = { poolId: '' }] = body['episodes'] as { poolId: string }[];
    expect((await look(`pools/${poolId}/pauses`)).body).toMatchObject({
      pool: { id: poolId, state: 'paused' },
      contracts: expect.any(Object),
      pauses: [{ reason: 'unexplained', facts: { total: '-1500000000' } }],
    });
    expect((await look('pools/x/pauses')).status).toBe(404);
  });

  test('pages follow one another without a row twice, and filters narrow them', async () => {
    const all = (await list('?limit=200')).episodes;
    expect(all.length).toBeGreaterThanOrEqual(5);
    expect(all.map(({ since }) => since)).toEqual(
      all.map(({ since }) => since).toSorted((a, b) => (a < b ? 1 : -1)),
    );
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await list(`?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...page.episodes.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(all.map(({ id }) => id));
    expect(
      (await list('?class=shortfall&lasting=true')).episodes.every(
        ({ class: kind, until }) => kind === 'shortfall' && until === null,
      ),
    ).toBe(true);
    expect((await list('?class=shortfall&lasting=false')).episodes.length).toBeGreaterThan(0);
  });

  test.each(['?cursor=MS54', '?class=theft', '?lasting=maybe', '?limit=0'])(
    '%s is refused',
    async (query) => {
      expect(await asked(query)).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_FAILED' },
      });
    },
  );

  test.each(['x', '01a20439-8365-721f-97de-c7ac9caaa4ad.shortfall.7'])(
    'there is no episode %s',
    async (id) => {
      expect(await asked(`/${id}`)).toMatchObject({
        status: 404,
        body: { code: 'NOT_FOUND' },
      });
    },
  );
});
