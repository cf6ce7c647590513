import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  contract as contracts,
  Keypair,
  Operation,
  TransactionBuilder,
} from '@stellar/stellar-sdk';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { bearer } from '../support/access.js';
import {
  type Answer,
  ask,
  type Borrower,
  givenBorrowers,
  givenPool,
  givenService,
  loanBody,
  postLoan,
  signed,
  type GivenPool,
  type Service,
} from '../support/given.js';
import { writtenRows } from '../support/written-rows.js';

/** Each bad input gets a clear 4xx, and no row of any table is written. */
let service: Service;
let pool: GivenPool;
let borrower: Borrower;
let good: Record<string, unknown>;
let before: unknown;
const rows = (): Promise<unknown> =>
  writtenRows(service.app.get(LedgerConnections, { strict: false }).read);
beforeAll(async () => {
  service = await givenService();
  pool = await givenPool(service);
  const [made] = givenBorrowers(service, pool.contract);
  if (!made) throw new Error('a borrower was asked for');
  borrower = made;
  good = loanBody(pool, borrower);
});
beforeEach(async () => {
  before = await rows();
});
afterAll(() => service.stop());

const text = (members: Record<string, unknown> = {}): string =>
  JSON.stringify({ ...good, ...members });
/** The valid body with one more piece of raw JSON at its end. */
const withRaw = (raw: string): string => `${text().slice(0, -1)},${raw}}`;
const replaced = (member: string, raw: string): string =>
  text().replace(new RegExp(`("${member}":)("[^"]*")`), `$1${raw}`);
const JSON_TYPE = 'application/json';
const BYTES = Buffer.from('"\u00ff"', 'latin1').toString('latin1');

describe('bodies of POST /loans', () => {
  test.each<[string, () => string, string, string]>([
    ['no JSON', () => 'poolId=1&borrower=G', 'body', 'is not valid JSON'],
    ['cut off', () => text().slice(0, -5), 'body', 'is not valid JSON'],
    ['a trailing comma', () => `${text().slice(0, -1)},}`, 'body', 'is not valid JSON'],
    ['single quotes', () => "{'poolId':1}", 'body', 'is not valid JSON'],
    ['NaN', () => withRaw('"x":NaN'), 'body', 'is not valid JSON'],
    ['two documents', () => `${text()}${text()}`, 'body', 'is not valid JSON'],
    [
      'deep',
      () => withRaw(`"x":${'['.repeat(5_000)}${']'.repeat(5_000)}`),
      'body',
      'nested deeper',
    ],
    [
      'a name twice, same value',
      () => withRaw('"totalAmount":"125"'),
      'totalAmount',
      'more than once',
    ],
    [
      'a name twice, another value',
      () => withRaw('"totalAmount":"1"'),
      'totalAmount',
      'more than once',
    ],
    [
      'a name twice, once escaped',
      () => withRaw('"total\\u0041mount":"1"'),
      'totalAmount',
      'more than once',
    ],
    [
      'a name twice, deep inside',
      () => text().replace('"dueAt"', '"amount":"1","dueAt"'),
      'schedule[0].amount',
      'more than once',
    ],
    ['unicode digits', () => text({ totalAmount: '１２５' }), 'totalAmount', ''],
    ['arabic digits', () => text({ totalAmount: '١٢٥' }), 'totalAmount', ''],
    ['an exponent', () => text({ totalAmount: '1.25e2' }), 'totalAmount', ''],
    ['a sign', () => text({ totalAmount: '+125' }), 'totalAmount', ''],
    ['space around an amount', () => text({ totalAmount: ' 125' }), 'totalAmount', ''],
    [
      'an amount as a number',
      () => replaced('totalAmount', '125'),
      'totalAmount',
      'must be a string',
    ],
    [
      'a number beyond 2^53',
      () => replaced('totalAmount', '9007199254740993'),
      'totalAmount',
      'must be a string',
    ],
    ['an amount beyond 128 bits', () => text({ totalAmount: '9'.repeat(60) }), 'totalAmount', ''],
    [
      'more digits than the token has',
      () => text({ totalAmount: '125.00000001' }),
      'totalAmount',
      '',
    ],
    ['an unknown field', () => text({ feeWaiver: true }), 'feeWaiver', 'is not a known field'],
    [
      'an unknown field deep inside',
      () => text().replace('"dueAt"', '"paid":true,"dueAt"'),
      'schedule[0].paid',
      'is not a known field',
    ],
    ['a null byte', () => text({ borrower: `${borrower.address}\0` }), 'borrower', ''],
    ['a null byte in a name', () => withRaw('"a\\u0000b":1'), 'a\0b', 'is not a known field'],
    [
      'half a surrogate pair',
      () => text().replace('"standard"', '"\\ud800"').replace(/\}$/, ',"loanType":"\\ud800"}'),
      'loanType',
      'surrogate',
    ],
    ['__proto__', () => withRaw('"__proto__":{"x":1}'), 'body', 'is not valid JSON'],
    ['a list', () => `[${text()}]`, 'body', 'must be of type object'],
    ['null', () => 'null', 'body', 'must be of type object'],
    [
      'a day that does not exist',
      () => text({ schedule: [{ amount: '125', dueAt: '2027-02-30T00:00:00Z' }] }),
      'schedule[0].dueAt',
      '',
    ],
    [
      'a local time',
      () => text({ schedule: [{ amount: '125', dueAt: '2027-02-20T00:00:00' }] }),
      'schedule[0].dueAt',
      '',
    ],
  ])('%s', async (_, body, field, words) => {
    const answer = await ask(service, {
      url: '/loans',
      body: body(),
      headers: { 'idempotency-key': 'bad-input' },
    });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED', holdMade: false, retryable: false },
    });
    expect(answer.body['errors']).toContainEqual({
      field,
      message: expect.stringContaining(words),
    });
    expect(await rows()).toEqual(before);
  });

  test.each([
    ['a form', 'application/x-www-form-urlencoded'],
    ['text', 'text/plain'],
    ['XML', 'application/xml'],
    ['JSON in UTF-16', 'application/json; charset=utf-16'],
    ['JSON in Latin 1', 'application/json; charset="iso-8859-1"'],
    ['a patch', 'application/json-patch+json'],
    ['several parts', 'multipart/form-data; boundary=x'],
    ['no type that exists', 'application/json/x'],
  ])("%s is not JSON's media type", async (_, type) => {
    expect(
      await ask(service, { url: '/loans', body: text(), headers: { 'content-type': type } }),
    ).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE', holdMade: false } });
    expect(await rows()).toEqual(before);
  });

  test('huge', async () => {
    expect(
      await ask(service, { url: '/loans', body: text({ x: 'x'.repeat(70_000) }) }),
    ).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE', holdMade: false } });
    expect(await rows()).toEqual(before);
  });

  test('bytes that are not UTF-8', async () => {
    const answer = await service.app.inject({
      method: 'POST',
      url: '/loans',
      headers: {
        ...bearer(service.key),
        'idempotency-key': 'bad-input',
        'content-type': JSON_TYPE,
      },
      payload: Buffer.from(`{"x":${BYTES}}`, 'latin1'),
    });
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      { code: 'VALIDATION_FAILED', errors: [{ field: 'body', message: 'is not valid UTF-8' }] },
    ]);
    expect(await rows()).toEqual(before);
  });

  test('charset=utf-8 is accepted in any spelling, and the key of the refused bodies is still free', async () => {
    const answer = await ask(service, {
      url: '/loans',
      body: text(),
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        'idempotency-key': 'bad-input',
      },
    });
    expect(answer.status).toBe(201);
  });
});

describe('signed envelopes that were tampered with', () => {
  interface Held {
    readonly loanId: string;
    readonly xdr: string;
    readonly who: Borrower;
  }
  async function held(): Promise<Held> {
    const [who] = givenBorrowers(service, pool.contract);
    if (!who) throw new Error('a borrower was asked for');
    const { body } = await postLoan(service, loanBody(pool, who));
    const { loan, transaction } = body as { loan: { id: string }; transaction: { xdr: string } };
    return { loanId: loan.id, xdr: transaction.xdr, who };
  }
  function cloned(
    { xdr, who }: Held,
    change: Parameters<typeof TransactionBuilder.cloneFrom>[1],
    passphrase = service.network.passphrase,
  ): string {
    const issued = TransactionBuilder.fromXdr(xdr, passphrase);
    if ('innerTransaction' in issued) throw new Error('a plain envelope was asked for');
    const made = TransactionBuilder.cloneFrom(issued, {
      ...change,
      networkPassphrase: passphrase,
    }).build();
    made.sign(Keypair.fromSecret(who.secret));
    return made.toXdr();
  }
  /**
   * As a front end that uses the SDK's own client: it builds, simulates and assembles the call
   * again.
   */
  async function rebuiltBySdk({ xdr, who }: Held): Promise<string> {
    const issued = TransactionBuilder.fromXdr(xdr, service.network.passphrase);
    const [operation] = issued.operations as Operation.InvokeHostFunction[];
    if (operation?.func.type !== 'hostFunctionTypeInvokeContract')
      throw new Error('the envelope calls a contract');
    const { functionName, args } = operation.func.invokeContract;
    const again = await contracts.AssembledTransaction.build({
      method: functionName.toString(),
      args: [...args],
      contractId: pool.pool.lendingContract,
      networkPassphrase: service.network.passphrase,
      rpcUrl: service.network.rpcUrl,
      allowHttp: true,
      publicKey: who.address,
      parseResultXdr: (value) => value,
    });
    const built = again.built;
    if (!built) throw new Error('the SDK built nothing');
    built.sign(Keypair.fromSecret(who.secret));
    return built.toXdr();
  }

  test.each<[string, (one: Held) => string | Promise<string>]>([
    [
      'another time',
      (one) => cloned(one, { fee: '1000000', timebounds: { minTime: 0, maxTime: 4_000_000_000 } }),
    ],
    ['no time', (one) => cloned(one, { fee: '1000000', timebounds: { minTime: 0, maxTime: 0 } })],
    ['another fee', (one) => cloned(one, { fee: '100' })],
    ['another memo', (one) => cloned(one, { fee: '1000000' })],
    ['signed for another network', (one) => signed(one.xdr, 'Another Network', one.who)],
    [
      'another signer',
      (one) =>
        signed(one.xdr, service.network.passphrase, {
          address: '',
          secret: Keypair.random().secret(),
        }),
    ],
    ['unsigned', (one) => one.xdr],
    ["rebuilt by the SDK's contract client", rebuiltBySdk],
    [
      "another borrower's envelope",
      async () => {
        const other = await held();
        before = await rows();
        return signed(other.xdr, service.network.passphrase, other.who);
      },
    ],
    ['no XDR', () => 'AAAA'],
    ['no base64', () => '%%%'],
    ['a null byte', () => '\0'],
    ['XDR cut off', (one) => one.xdr.slice(0, 200)],
  ])('%s', async (_, tamper) => {
    const one = await held();
    before = await rows();
    const answer = await ask(service, {
      url: `/loans/${one.loanId}/submission`,
      body: { signedXdr: await tamper(one) },
    });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED', errors: [{ field: 'signedXdr' }] },
    });
    expect(await rows()).toEqual(before);
    const whole: Answer = await ask(service, {
      url: `/loans/${one.loanId}/submission`,
      body: { signedXdr: signed(one.xdr, service.network.passphrase, one.who) },
    });
    expect(whole.status).toBe(202);
  });
});
