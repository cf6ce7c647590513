import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { bearer, givenKey, givenToken } from '../support/access.js';
import {
  ask,
  givenBorrowers,
  givenPool,
  type GivenPool,
  givenService,
  loanBody,
  observe,
  postLoan,
  type Borrower,
  type Service,
} from '../support/given.js';

/** The limits of a wallet as a caller sees them: which rule, which limit, until when. */
let service: Service;
let pool: GivenPool;
beforeAll(async () => {
  service = await givenService();
  pool = await givenPool(service, { deposit: 10_000_0000000n });
});
afterAll(() => service.stop());

function borrower(given = pool): Borrower {
  const [one] = givenBorrowers(service, given.contract);
  if (!one) throw new Error('a borrower was asked for');
  return one;
}
const givenLapses = async (one: Borrower, lapses: number, secondsAgo: number): Promise<bigint> => {
  const { rows } = await service.app
    .get(LedgerConnections, { strict: false })
    .write.query<{ last: string }>(
      `insert into wallet_lapses
        values ($1, $2, $3, date_trunc('second', clock_timestamp()) - make_interval(secs => $4))
        on conflict (network, account) do update
          set lapses = excluded.lapses, last_lapsed_at = excluded.last_lapsed_at
        returning extract(epoch from last_lapsed_at)::bigint::text as last`,
      [service.network.passphrase, one.address, lapses, secondsAgo],
    );
  return BigInt(rows[0]?.last ?? '0');
};

describe('a wallet that has to wait', () => {
  test(
    'gets that answer before anything is built, with the rule, the count and the exact ' +
      'moment, on every route',
    async () => {
      const one = borrower();
      const last = await givenLapses(one, 4, 100);
      const until = new Date(Number(last + 1200n) * 1000).toISOString().replace('.000Z', 'Z');
      const second = await givenPool(service);
      const [other, token] = [
        await givenKey(service.app, { tenantId: 'another' }),
        await givenToken(service.app, one.address),
      ];
      const answers = [
        await postLoan(service, loanBody(pool, one), 'waits'),
        await postLoan(service, loanBody(second, one)),
        await ask(service, { url: '/loans', body: loanBody(pool, one), headers: bearer(other) }),
        await ask(service, { url: '/loans', body: loanBody(pool, one), headers: bearer(token) }),
      ];
      for (const answer of answers) {
        expect(answer.body).toMatchObject({
          status: 409,
          code: 'BORROWER_BACK_OFF',
          retryable: true,
          holdMade: false,
          rule: 'lapses',
          until,
          lapses: 4,
          lapsesAllowed: 3,
        });
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(1000);
        expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(1100);
      }
      expect(
        (await ask(service, { url: '/loans/quote', body: loanBody(pool, one) })).body,
      ).toMatchObject({ refusal: { code: 'BORROWER_BACK_OFF' } });
      await givenLapses(one, 4, 1200);
      // it was not recorded under the key
      expect(await postLoan(service, loanBody(pool, one), 'waits')).toMatchObject({ status: 201 });
    },
  );

  test('with a live hold gets that answer first', async () => {
    const one = borrower();
    expect(await postLoan(service, loanBody(pool, one))).toMatchObject({ status: 201 });
    await givenLapses(one, 9, 1);
    expect((await postLoan(service, loanBody(pool, one))).body).toMatchObject({
      code: 'BORROWER_BUSY',
    });
  });
});

describe('a share of the pool', () => {
  test(
    'is refused in token units at its ledger, before liquidity, and not after the pool has ' +
      'grown or the rule has changed',
    async () => {
      const given = await givenPool(service, {
        deposit: 199_0000000n,
        rules: { maxWalletShareBps: 5000 },
      });
      const one = borrower(given);
      const refused = await postLoan(service, loanBody(given, one), 'share');
      expect(refused.body).toMatchObject({
        status: 422,
        code: 'WALLET_SHARE_EXCEEDED',
        retryable: false,
        holdMade: false,
        rule: 'walletShare',
        maxWalletShare: '50',
        bound: '99.5',
        asked: '100',
      });
      expect(refused.body['detail']).toBe(
        `One hold may be at most 50 % of the pool's total, which is 99.5 at ledger ` +
          `${String(refused.body['atLedger'])}; this loan needs 100.`,
      );
      const quoted = await ask(service, { url: '/loans/quote', body: loanBody(given, one) });
      expect(quoted.body).toMatchObject({
        holdMade: false,
        refusal: { code: 'WALLET_SHARE_EXCEEDED', detail: refused.body['detail'] },
      });
      service.network.control.actions.deposit({ pool: given.contract, amount: 1_0000000n });
      await observe(service, given.pool);
      expect(await postLoan(service, loanBody(given, one), 'share')).toMatchObject({ status: 201 });
      expect((await ask(service, { url: `/pools/${given.pool.id}` })).body).toMatchObject({
        maxWalletShareBps: 5000,
        lapsesMax: 3,
      });
    },
  );

  test('set by an operator, with the reason kept', async () => {
    const operator = await givenKey(service.app, { scopes: ['operate'] });
    const given = await givenPool(service);
    const changed = await ask(service, {
      method: 'PATCH',
      url: `/operator/pools/${given.pool.id}`,
      headers: bearer(operator),
      body: { maxWalletShareBps: 100, lapsesMax: 1, reason: 'one wallet took it all' },
    });
    expect(changed.body).toMatchObject({ maxWalletShareBps: 100, lapsesMax: 1 });
    for (const wrong of [
      { maxWalletShareBps: 0 },
      { maxWalletShareBps: 10_001 },
      { maxWalletShareBps: 1.5 },
      { lapsesMax: -1 },
      { lapsesMax: 101 },
    ]) {
      expect(
        await ask(service, {
          method: 'PATCH',
          url: `/operator/pools/${given.pool.id}`,
          headers: bearer(operator),
          body: { ...wrong, reason: 'wrong' },
        }),
      ).toMatchObject({ status: 400, body: { errors: [{ field: Object.keys(wrong)[0] }] } });
    }
    const actions = await ask(service, {
      url: `/operator/actions?subject=${given.pool.id}`,
      headers: bearer(operator),
    });
    expect(actions.body).toMatchObject({
      actions: [
        {
          action: 'pool.change',
          reason: 'one wallet took it all',
          facts: { rules: { maxWalletShareBps: 100, lapsesMax: 1 } },
        },
      ],
    });
  });
});
