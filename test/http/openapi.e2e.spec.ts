import { readFileSync, writeFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Keypair, TransactionBuilder } from '@stellar/stellar-sdk';
import { dumpOpenApi } from '../../src/cli/openapi-dump.js';
import { problemSchema } from '../../src/http/api-route.decorator.js';
import { LOAN_REQUEST_EXAMPLE } from '../../src/http/request-examples.js';
import { PROBLEMS } from '../../src/common/problems/problems.js';
import type { ErrorCode } from '../../src/common/errors.js';
import {
  CREATED_EXAMPLE,
  LOAN_PAGE_EXAMPLE,
  NOT_THE_TRANSACTION_EXAMPLE,
  OTHER_NETWORK_EXAMPLE,
  PROBLEM_EXAMPLES,
  REBUILT_EXAMPLE,
  SUBMITTED_EXAMPLE,
} from '../../src/modules/loans/loan-examples.js';
import { readLoanRequest } from '../../src/modules/loans/loan-request.js';
import { loanAnswerSchema, loanPageSchema } from '../../src/modules/loans/loan.schemas.js';
import {
  AUTHORIZED_EXAMPLE,
  SIGNED_EXAMPLE,
} from '../../src/modules/loans/authorization-examples.js';
import { submissionAnswerSchema } from '../../src/modules/loans/submission.schemas.js';
import {
  type Answer,
  ask,
  type Borrower,
  givenBorrowers,
  givenPool,
  givenService,
  loanBody,
  observe,
  postLoan,
  signed,
  type GivenPool,
  type Service,
} from '../support/given.js';
import { writesDocuments } from '../support/document.js';
import { documentedAnswers, patternOf } from '../support/documented-examples.js';
import { realAnswers } from '../support/real-answers.js';

let service: Service;
let pool: GivenPool;
beforeAll(async () => {
  service = await givenService();
  pool = await givenPool(service, { deposit: 1_400_000_000n, rules: { name: 'Builders' } });
  askForTheRate(service);
});
afterAll(() => service.stop());

/**
 * A loan waits a second for the going rate and does without it then, which a busy machine needs
 * more than. Here it waits until the node has said it.
 */
function askForTheRate({ chain }: Service): void {
  const asked = chain.inclusionFee.bind(chain);
  chain.inclusionFee = async (...rule) => {
    for (;;) {
      const fee = await asked(...rule);
      if (fee.going) return fee;
      await nextTurn();
    }
  };
}

/** All names and types, to compare the shapes of two documents. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 0 ? [shape(value[0])] : [];
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shape(member)]));
}
const borrower = (score = 80): Borrower => {
  const [made] = givenBorrowers(service, pool.contract, { score });
  if (!made) throw new Error('a borrower was asked for');
  return made;
};

test('the committed document is the one that the code generates', async () => {
  expect(await dumpOpenApi(service.database.url)).toBe(
    readFileSync('context/openapi.json', 'utf8'),
  );
}, 60_000);

describe('examples', () => {
  test('match the schemas', () => {
    expect(readLoanRequest(LOAN_REQUEST_EXAMPLE, 7)).toMatchObject({
      totalAmount: 1_250_000_000n,
      loanType: 'standard',
    });
    expect(loanAnswerSchema.strict().parse(CREATED_EXAMPLE)).toEqual(CREATED_EXAMPLE);
    expect(submissionAnswerSchema.strict().parse(SUBMITTED_EXAMPLE)).toEqual(SUBMITTED_EXAMPLE);
    expect(loanAnswerSchema.strict().parse(AUTHORIZED_EXAMPLE)).toEqual(AUTHORIZED_EXAMPLE);
    expect(submissionAnswerSchema.strict().parse(SIGNED_EXAMPLE)).toEqual(SIGNED_EXAMPLE);
    for (const [code, example] of Object.entries(PROBLEM_EXAMPLES)) {
      const facts = PROBLEMS[code as ErrorCode];
      expect(problemSchema.parse(example)).toMatchObject({
        code,
        status: facts.status,
        title: facts.title,
        retryable: facts.retryable,
      });
    }
  });

  test('look like real answers', async () => {
    const real = new Map<string, Answer>();
    const one = borrower();
    const body = loanBody(pool, one);
    const created = await postLoan(service, body, 'example');
    const { loan, transaction } = created.body as {
      loan: { id: string };
      transaction: { xdr: string };
    };
    const submitted = await ask(service, {
      url: `/loans/${loan.id}/submission`,
      body: { signedXdr: signed(transaction.xdr, service.network.passphrase, one) },
    });
    real.set(
      'IDEMPOTENCY_KEY_REUSED',
      await postLoan(service, { ...body, loanType: 'learner_installment' }, 'example'),
    );
    real.set('BORROWER_BUSY', await postLoan(service, body));
    real.set('INSUFFICIENT_LIQUIDITY', await postLoan(service, loanBody(pool, borrower())));
    real.set(
      'VALIDATION_FAILED',
      await postLoan(service, { ...body, borrower: 'x', totalAmount: '126' }),
    );
    const small = {
      totalAmount: '10',
      guaranteeAmount: '2',
      schedule: [{ amount: '10', dueAt: '2099-01-01T00:00:00Z' }],
    };
    real.set(
      'LOAN_REFUSED_BY_CONTRACT',
      await postLoan(service, loanBody(pool, borrower(10), small)),
    );
    expect(shape(created.body)).toEqual(shape(CREATED_EXAMPLE));
    expect(shape(submitted.body)).toEqual(shape(SUBMITTED_EXAMPLE));
    expect([...real.keys()].sort()).toEqual(Object.keys(PROBLEM_EXAMPLES).sort());
    for (const [code, answer] of real) {
      expect(answer.body['code']).toBe(code);
      expect(shape(answer.body)).toEqual(shape(PROBLEM_EXAMPLES[code as ErrorCode]));
    }
  });
});

test(
  'the examples of a refused submission are the answers to a changed fee and deadline, ' +
    'and to another network',
  async () => {
    const given = await givenPool(service);
    const [one] = givenBorrowers(service, given.contract);
    if (!one) throw new Error('a borrower was asked for');
    const { loan, transaction } = (await postLoan(service, loanBody(given, one))).body as {
      loan: { id: string };
      transaction: { xdr: string; fee: string; maxTime: number };
    };
    const submitted = async (signedXdr: string): Promise<string> =>
      (await ask(service, { url: `/loans/${loan.id}/submission`, body: { signedXdr } })).text;
    const issued = TransactionBuilder.fromXdr(transaction.xdr, service.network.passphrase);
    if ('innerTransaction' in issued) throw new Error('a plain transaction was issued');
    const changed = issued.toEnvelope();
    const { tx } = changed.value as unknown as {
      tx: { fee: number; cond: { value: { maxTime: bigint } } };
    };
    tx.fee = 100;
    tx.cond.value.maxTime = BigInt(transaction.maxTime + 60);
    const later = TransactionBuilder.fromXdr(changed.toXdr('base64'), service.network.passphrase);
    later.sign(Keypair.fromSecret(one.secret));
    const asExample = (text: string): unknown =>
      JSON.parse(
        text
          .replaceAll(transaction.fee, '368840')
          .replaceAll(String(transaction.maxTime + 60), '1795367569')
          .replaceAll(String(transaction.maxTime), '1795367509')
          .replace(/"requestId":"[^"]*"/, `"requestId":"${NOT_THE_TRANSACTION_EXAMPLE.requestId}"`),
      );
    expect(asExample(await submitted(later.toXdr()))).toEqual(NOT_THE_TRANSACTION_EXAMPLE);
    expect(
      asExample(await submitted(signed(transaction.xdr, 'Test SDF Network ; September 2015', one))),
    ).toEqual(OTHER_NETWORK_EXAMPLE);
  },
);

test(
  "the examples of a loan that strangers' loans left without an id to land on, and of its " +
    'rebuild, look like real ones',
  async () => {
    const given = await givenPool(service);
    const [one] = givenBorrowers(service, given.contract);
    if (!one) throw new Error('a borrower was asked for');
    const { loan } = (await postLoan(service, loanBody(given, one))).body as {
      loan: { id: string };
    };
    for (let strangers = 0; strangers < 25; strangers++) {
      // 25 in one go kept the node silent for longer than its sockets live, on a slow machine
      service.network.control.shiftFootprints({ pool: given.contract, count: 1 });
      await nextTurn();
    }
    await observe(service, given.pool);
    const { body } = await ask(service, { url: `/loans/${loan.id}` });
    expect(body).toMatchObject({ counterWindow: { nextLoanId: '26', outdated: true } });
    expect(shape(body)).toEqual(shape(LOAN_PAGE_EXAMPLE));
    const rebuilt = await ask(service, { method: 'POST', url: `/loans/${loan.id}/transaction` });
    expect(rebuilt.body).toMatchObject({
      transaction: { loanIdWindow: REBUILT_EXAMPLE.transaction?.loanIdWindow },
      counterWindow: { nextLoanId: '26', outdated: false },
    });
    expect(shape(rebuilt.body)).toEqual(shape(REBUILT_EXAMPLE));
    for (const example of [LOAN_PAGE_EXAMPLE, REBUILT_EXAMPLE])
      expect(loanPageSchema.strict().parse(example)).toEqual(example);
  },
);

describe('the document', () => {
  type Operation = {
    operationId?: string;
    security?: unknown;
    summary?: string;
    description?: string;
    responses: Record<
      string,
      { description: string; content?: Record<string, unknown>; headers?: Record<string, unknown> }
    >;
  };
  const operations = async (): Promise<[string, Operation][]> => {
    const { paths } = (await ask(service, { url: '/docs/openapi.json' })).body as {
      paths: Record<string, Record<string, Operation>>;
    };
    return Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Operation] => [
        `${method.toUpperCase()} ${path}`,
        operation,
      ]),
    );
  };

  test('names and describes every route, and every status has a description and a schema', async () => {
    const all = await operations();
    expect(all.map(([route]) => route).sort()).toEqual(
      [
        'DELETE /operator/keys/{id}',
        'DELETE /webhooks/{id}',
        'GET /.well-known/stellar.toml',
        'GET /auth',
        'GET /health/live',
        'GET /health/ready',
        'GET /loans',
        'GET /loans/{id}',
        'GET /loans/{id}/events',
        'GET /metrics',
        'GET /operator/actions',
        'GET /operator/breaks',
        'GET /operator/breaks/{id}',
        'GET /operator/channels',
        'GET /operator/keys',
        'GET /operator/keys/{id}',
        'GET /operator/reports/{file}',
        'GET /pools',
        'GET /pools/{id}',
        'GET /pools/{id}/events',
        'GET /pools/{id}/reconciliations',
        'GET /reservations',
        'GET /reservations/{id}',
        'GET /webhooks',
        'GET /webhooks/{id}',
        'GET /webhooks/{id}/deliveries',
        'PATCH /operator/pools/{id}',
        'POST /auth',
        'POST /loans',
        'POST /loans/quote',
        'POST /loans/{id}/cancellation',
        'POST /loans/{id}/events/tickets',
        'POST /loans/{id}/submission',
        'POST /loans/{id}/transaction',
        'POST /operator/keys',
        'POST /operator/pools',
        'POST /operator/pools/{id}/observation',
        'POST /operator/pools/{id}/pause',
        'POST /operator/pools/{id}/reconciliation',
        'POST /operator/pools/{id}/repair',
        'POST /operator/pools/{id}/resume',
        'POST /operator/quarantine',
        'POST /operator/reservations/{id}/resolution',
        'POST /operator/reservations/{id}/resubmission',
        'DELETE /operator/webhooks/{id}',
        'GET /operator/webhooks',
        'GET /operator/webhooks/{id}',
        'GET /operator/webhooks/{id}/deliveries',
        'POST /operator/webhooks/{id}/deliveries/{deliveryId}/replay',
        'POST /operator/webhooks/{id}/replay',
        'POST /operator/webhooks/{id}/test',
        'POST /operator/self-check',
        'POST /pools/{id}/events/tickets',
        'POST /webhooks',
        'POST /webhooks/{id}/deliveries/{deliveryId}/replay',
        'POST /webhooks/{id}/test',
      ].sort(),
    );
    expect(new Set(all.map(([, operation]) => operation.operationId)).size).toBe(all.length);
    for (const [, operation] of all) {
      expect(operation.summary).toMatch(/\w/);
      for (const [status, response] of Object.entries(operation.responses)) {
        expect(response.description).not.toBe('');
        const content = JSON.stringify(response.content ?? {});
        expect([
          status,
          ['204', '304'].includes(status)
            ? content
            : content.replace(/.*#\/components\/schemas\/.*|^\{"text\/plain".*/, 'named'),
        ]).toEqual([status, ['204', '304'].includes(status) ? '{}' : 'named']);
      }
      expect(
        Object.keys(
          operation.responses['201']
            ? (operation.responses['201'].headers ?? {})
            : { Location: 'no 201' },
        ),
      ).toContain('Location');
    }
  });

  test('says for every route whether it needs a bearer, and which refusals of access it has', async () => {
    const PUBLIC = /^\w+ \/(health\/|auth$|\.well-known\/)/;
    for (const [route, operation] of await operations()) {
      const open = PUBLIC.test(route);
      expect([route, operation.security]).toEqual([route, open ? [] : [{ bearer: [] }]]);
      expect([route, Object.keys(operation.responses)]).toEqual([
        route,
        expect.arrayContaining(open ? ['200'] : ['401', '403']),
      ]);
    }
  });

  test('refers only to schemas it has', async () => {
    const { text, body } = await ask(service, { url: '/docs/openapi.json' });
    const { schemas } = body['components'] as { schemas: Record<string, unknown> };
    const named = new Set(
      [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name),
    );
    expect([...named].filter((name) => !(String(name) in schemas))).toEqual([]);
    expect(text).not.toContain('#/$defs');
  });
});

/** How many rows a list has depends on the tests before. */
const firstRows = (answer: unknown): unknown =>
  JSON.parse(JSON.stringify(answer ?? null), (_, value: unknown) =>
    Array.isArray(value) ? value.slice(0, 1) : value,
  );

/** Their examples stand beside the routes, and tests above compare them. */
const OF_LOANS = ['createLoan', 'getLoan', 'submitLoan', 'rebuildLoan'];

test('every route that answers JSON or a file has a real answer as its example', async () => {
  const real = await realAnswers(service);
  if (writesDocuments) {
    const sorted = [...real].sort(([a], [b]) => (a < b ? -1 : 1));
    writeFileSync(
      'src/http/answer-examples.json',
      `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`,
    );
    return;
  }
  const documented = documentedAnswers();
  expect([...documented.keys()].sort()).toEqual([...real.keys(), ...OF_LOANS].sort());
  for (const [id, answer] of real)
    expect({ id, answer: patternOf(firstRows(answer)) }).toEqual({
      id,
      answer: patternOf(firstRows(documented.get(id)?.[0])),
    });
}, 60_000);
