import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Keypair, TransactionBuilder, WebAuth } from '@stellar/stellar-sdk';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { bearer, givenToken, TEST_DOOR } from '../support/access.js';
import {
  type Answer,
  ask,
  type Borrower,
  givenBorrowers,
  givenPool,
  givenService,
  type GivenPool,
  loanBody,
  type Service,
  signed,
} from '../support/given.js';

/** SEP-10 from both sides, with the SDK as the wallet. */
let service: Service;
let pool: GivenPool;
let wallet: Borrower;
beforeAll(async () => {
  service = await givenService();
  pool = await givenPool(service);
  wallet = borrower();
});
afterAll(() => service.stop());

function borrower(): Borrower {
  const [made] = givenBorrowers(service, pool.contract);
  if (!made) throw new Error('a borrower was asked for');
  return made;
}
const anonymous = { authorization: undefined };
const challengeFor = async (account: string): Promise<string> =>
  String(
    (
      await ask(service, {
        url: `/auth?account=${account}&home_domain=holdfast.test&client_domain=wallet.example`,
        headers: anonymous,
      })
    ).body['transaction'],
  );
const post = (transaction: string): Promise<Answer> =>
  ask(service, { url: '/auth', body: { transaction }, headers: anonymous });
const sign = (xdr: string, ...secrets: string[]): string => {
  const transaction = TransactionBuilder.fromXDR(xdr, service.network.passphrase);
  transaction.sign(...secrets.map((secret) => Keypair.fromSecret(secret)));
  return transaction.toXDR();
};
const tokenFor = async (one: Borrower): Promise<string> =>
  String((await post(sign(await challengeFor(one.address), one.secret))).body['token']);

describe('the way in', () => {
  test('a body without a challenge has the member that SEP-10 clients read', async () => {
    expect(await ask(service, { url: '/auth', body: {}, headers: anonymous })).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED', error: expect.stringContaining('transaction') },
    });
  });

  test.each([
    ['a newline at the end', (xdr: string) => `${xdr}\n`],
    ['wrapped lines', (xdr: string) => xdr.replaceAll(/(.{76})/g, '$1\n')],
    ['no padding', (xdr: string) => xdr.replace(/=+$/, '')],
    ['the URL-safe alphabet', (xdr: string) => xdr.replaceAll('+', '-').replaceAll('/', '_')],
  ])('a signed challenge with %s gives a token', async (_, written) => {
    const transaction = written(sign(await challengeFor(wallet.address), wallet.secret));
    expect(await post(transaction)).toMatchObject({
      status: 200,
      body: { token: expect.any(String) },
    });
  });

  test('stellar.toml names network, key and address, and pages of every origin may read it', async () => {
    const answer = await ask(service, { url: '/.well-known/stellar.toml', headers: anonymous });
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8', 'access-control-allow-origin': '*' },
    });
    const signingKey = Keypair.fromSecret(TEST_DOOR.AUTH_SIGNING_SEED).publicKey();
    expect(answer.text).toContain(
      `NETWORK_PASSPHRASE="${service.network.passphrase}"\nSIGNING_KEY="${signingKey}"\n` +
        'WEB_AUTH_ENDPOINT="https://auth.holdfast.test/auth"\n',
    );
  });

  test(
    'a challenge is what the SDK expects of this server, and a signed one gives a token ' +
      "for the wallet's own loans",
    async () => {
      const challenge = await challengeFor(wallet.address);
      const read = WebAuth.readChallengeTx(
        challenge,
        Keypair.fromSecret(TEST_DOOR.AUTH_SIGNING_SEED).publicKey(),
        service.network.passphrase,
        'holdfast.test',
        'auth.holdfast.test',
      );
      expect(read).toMatchObject({
        clientAccountID: wallet.address,
        matchedHomeDomain: 'holdfast.test',
        memo: null,
      });
      const answer = await post(sign(challenge, wallet.secret));
      expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
      const token = String(answer.body['token']);
      const [, payload = ''] = token.split('.');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<
        string,
        unknown
      >;
      expect(claims).toMatchObject({
        iss: 'https://auth.holdfast.test/auth',
        sub: wallet.address,
        jti: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      expect(Number(claims['exp']) - Number(claims['iat'])).toBe(12 * 3600);
      expect(await ask(service, { url: '/loans', headers: bearer(token) })).toMatchObject({
        status: 200,
        body: { loans: [] },
      });
    },
  );

  test('a form is accepted like JSON', async () => {
    const transaction = sign(await challengeFor(wallet.address), wallet.secret);
    const answer = await ask(service, {
      url: '/auth',
      body: new URLSearchParams({ transaction }).toString(),
      headers: { ...anonymous, 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.status).toBe(200);
  });

  test('an account that does not exist has its master key alone', async () => {
    const [fresh, other] = [Keypair.random(), Keypair.random()];
    expect((await post(sign(await challengeFor(fresh.publicKey()), other.secret()))).status).toBe(
      401,
    );
    expect((await post(sign(await challengeFor(fresh.publicKey()), fresh.secret()))).status).toBe(
      200,
    );
  });
});

describe('what is refused', () => {
  test.each([
    ['none', '', 'account', 'is required'],
    [
      'muxed',
      '?account=MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLK',
      'account',
      'is a muxed address',
    ],
    [
      'contract',
      '?account=CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC',
      'account',
      'is a contract account',
    ],
    ['nonsense', '?account=G', 'account', 'must be a Stellar account address'],
    [
      'another home domain',
      `?account=${Keypair.random().publicKey()}&home_domain=evil.example`,
      'home_domain',
      'must be holdfast.test',
    ],
    ['a memo', `?account=${Keypair.random().publicKey()}&memo=7`, 'memo', 'is not supported'],
  ])('a challenge for %s', async (_, query, field, message) => {
    const answer = await ask(service, { url: `/auth${query}`, headers: anonymous });
    expect(answer).toMatchObject({
      status: 400,
      body: {
        code: 'VALIDATION_FAILED',
        errors: [{ field, message: expect.stringContaining(message) }],
        error: expect.any(String),
      },
    });
  });

  test('the same challenge a second time, and twice at once', async () => {
    const transaction = sign(await challengeFor(wallet.address), wallet.secret);
    const answers = await Promise.all([post(transaction), post(transaction), post(transaction)]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 401, 401]);
    expect(await post(transaction)).toMatchObject({
      status: 401,
      body: { code: 'UNAUTHENTICATED', error: expect.stringContaining('already used') },
    });
  });

  test('challenges that are not ours, even if everything else is right', async () => {
    const { passphrase } = service.network;
    const [server, stranger] = [Keypair.fromSecret(TEST_DOOR.AUTH_SIGNING_SEED), Keypair.random()];
    const made = (
      by: Keypair,
      home: string,
      auth: string,
      { network = passphrase, secondsAgo = 0 } = {},
    ): string => {
      const then = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - secondsAgo * 1000);
      const transaction = TransactionBuilder.fromXDR(
        WebAuth.buildChallengeTx(by, wallet.address, home, 300, network, auth),
        network,
      );
      then.mockRestore();
      transaction.sign(Keypair.fromSecret(wallet.secret));
      return transaction.toXDR();
    };
    // past the deadline and our tolerance, within the SDK's five minutes
    const expired = made(server, 'holdfast.test', 'auth.holdfast.test', { secondsAgo: 332 });
    for (const transaction of [
      'x',
      'AAAA',
      made(stranger, 'holdfast.test', 'auth.holdfast.test'),
      made(server, 'evil.example', 'auth.holdfast.test'),
      made(server, 'holdfast.test', 'evil.example'),
      made(server, 'holdfast.test', 'auth.holdfast.test', { network: 'Another Network' }),
      expired,
    ]) {
      expect(await post(transaction)).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_FAILED', errors: [{ field: 'transaction' }] },
      });
    }
    expect(
      (await post(made(server, 'holdfast.test', 'auth.holdfast.test', { secondsAgo: 310 }))).status,
    ).toBe(200); // clocks may differ by this much
    for (const body of [{}, { transaction: 7 }, []])
      expect((await ask(service, { url: '/auth', body, headers: anonymous })).status).toBe(400);
  });

  test('no signature, a signature by another key, and a signature too many', async () => {
    const challenge = await challengeFor(wallet.address);
    for (const transaction of [
      challenge,
      sign(challenge, Keypair.random().secret()),
      sign(challenge, wallet.secret, Keypair.random().secret()),
    ]) {
      expect(await post(transaction)).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'Bearer realm="Holdfast"' },
        body: { code: 'UNAUTHENTICATED' },
      });
    }
    // a refused answer has not used up the challenge
    expect((await post(sign(challenge, wallet.secret))).status).toBe(200);
  });

  test('a node that is down is 503, and no challenge is used up', async () => {
    const transaction = sign(await challengeFor(wallet.address), wallet.secret);
    service.network.control.setFault('node_down', {});
    try {
      expect(await post(transaction)).toMatchObject({
        status: 503,
        body: { code: 'CHAIN_UNREACHABLE' },
      });
    } finally {
      service.network.control.clearFaults();
    }
    expect((await post(transaction)).status).toBe(200);
  });

  test('used challenges are deleted an hour after they expire, and not before', async () => {
    const { read } = service.app.get(LedgerConnections, { strict: false });
    await read.query(
      `insert into used_challenges (hash, account, expires_at) values (repeat('a', 64), ` +
        `'old', now() - interval '61 minutes'), (repeat('b', 64), 'young', now() - interval ` +
        `'59 minutes')`,
    );
    await tokenFor(wallet);
    expect(
      (await read.query("select account from used_challenges where account in ('old', 'young')"))
        .rows,
    ).toEqual([{ account: 'young' }]);
  });

  test.each([
    ['of another secret', (token: string) => `${token.slice(0, -4)}AAAA`],
    [
      'without a signature',
      (token: string) =>
        `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.`,
    ],
    ['that is nonsense', () => 'x'],
    ['that is empty', () => ''],
  ])('a token %s', async (_, spoilt) => {
    expect(
      await ask(service, {
        url: '/loans',
        headers: { authorization: `Bearer ${spoilt(await tokenFor(wallet))}` },
      }),
    ).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED', holdMade: false } });
  });
});

describe('whose loans', () => {
  test(
    'a wallet borrows for itself and may omit the borrower; a repetition that names it is ' +
      'the same request',
    async () => {
      const one = borrower();
      const headers = { ...bearer(await tokenFor(one)), 'idempotency-key': 'own' };
      const body = loanBody(pool, one);
      const made = await ask(service, {
        url: '/loans',
        body: { ...body, borrower: undefined },
        headers,
      });
      expect(made).toMatchObject({ status: 201, body: { loan: { borrower: one.address } } });
      expect(await ask(service, { url: '/loans', body, headers })).toMatchObject({
        status: 201,
        headers: { 'idempotency-replayed': 'true' },
      });
      expect(
        await ask(service, { url: '/loans', body: { ...body, borrower: wallet.address }, headers }),
      ).toMatchObject({
        status: 403,
        body: { code: 'FORBIDDEN', errors: [{ field: 'borrower' }] },
      });
      // the same key used by another caller is another key
      const other = borrower();
      expect(
        await ask(service, {
          url: '/loans',
          body: loanBody(pool, other),
          headers: { ...bearer(await tokenFor(other)), 'idempotency-key': 'own' },
        }),
      ).toMatchObject({ status: 201, body: { loan: { borrower: other.address } } });
      expect(
        await ask(service, {
          url: '/loans',
          body: loanBody(pool, borrower()),
          headers: { 'idempotency-key': 'own' },
        }),
      ).toMatchObject({ status: 201 });
    },
  );

  test(
    "a loan that a backend asked for is its borrower's too: read with its XDR, submitted; " +
      'no other caller finds it',
    async () => {
      const one = borrower();
      const made = await ask(service, { url: '/loans', body: loanBody(pool, one) });
      const { loan, reservation, transaction } = made.body as {
        loan: { id: string };
        reservation: { id: string };
        transaction: { xdr: string };
      };
      const [own, foreign] = [
        bearer(await tokenFor(one)),
        bearer(await givenToken(service.app, wallet.address)),
      ];
      expect(await ask(service, { url: `/loans/${loan.id}`, headers: own })).toMatchObject({
        status: 200,
        body: { transaction: { xdr: transaction.xdr } },
      });
      expect(
        await ask(service, { url: `/reservations/${reservation.id}`, headers: own }),
      ).toMatchObject({ status: 200 });
      for (const request of [
        { url: `/loans/${loan.id}` },
        { url: `/loans/${loan.id}/submission`, body: { signedXdr: 'x' } },
        { url: `/loans/${loan.id}/transaction`, method: 'POST' as const },
        { url: `/loans/${loan.id}/cancellation`, method: 'POST' as const },
      ]) {
        expect(await ask(service, { ...request, headers: foreign })).toMatchObject({
          status: 404,
          body: { code: 'LOAN_NOT_FOUND' },
        });
      }
      expect(
        await ask(service, { url: `/reservations/${reservation.id}`, headers: foreign }),
      ).toMatchObject({ status: 404 });
      expect((await ask(service, { url: '/loans', headers: own })).body['loans']).toHaveLength(1);
      expect(
        (await ask(service, { url: `/loans?borrower=${one.address}`, headers: foreign })).body[
          'loans'
        ],
      ).toEqual([]);
      expect(
        (
          await ask(service, {
            url: `/loans/${loan.id}/submission`,
            body: { signedXdr: signed(transaction.xdr, service.network.passphrase, one) },
            headers: own,
          })
        ).status,
      ).toBe(202);
    },
  );
});
