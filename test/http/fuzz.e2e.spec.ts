import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SCOPES } from '../../src/common/caller.js';
import { PROBLEMS } from '../../src/common/problems/problems.js';
import type { ErrorCode } from '../../src/common/errors.js';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { givenKey, givenToken } from '../support/access.js';
import { contractOf } from '../support/api.contract.js';
import { type FuzzRequest, fuzzRequests } from '../support/fuzz-requests.js';
import { fuzzOptions } from '../support/fuzz-options.js';
import {
  type Answer,
  ask,
  givenBorrowers,
  givenPool,
  givenService,
  loanBody,
  postLoan,
  type Service,
} from '../support/given.js';
import { writtenRows } from '../support/written-rows.js';

/**
 * Requests generated from the document against the running service. `ask` checks every answer
 * against the document (status, code, schema, Retry-After). This test adds: no 500, no internals in
 * an answer, and a refused request writes nothing but the recorded refusal. For more requests: `npm
 * run fuzz -- --requests 20000 [--seed S]`.
 */
const { requests, seed, limitMs } = fuzzOptions();
let service: Service;
beforeAll(async () => {
  service = await givenService();
}, 60_000);
afterAll(() => service.stop());

const rows = (): ReturnType<typeof writtenRows> =>
  writtenRows(service.app.get(LedgerConnections, { strict: false }).read);
/**
 * A refusal that sticks is recorded under its key, and the version of its pool counts the batch.
 */
const RECORDED = new Set(['idempotency_keys', 'pools']);
const INSIDE =
  /node_modules|at \w+ \(|\.js:\d+|syntax error|relation "|violates|ECONNREFUSED|127\.0\.0\.1/;

function faultsOf(
  { method, url }: FuzzRequest,
  answer: Answer,
  changed: readonly string[],
): string[] {
  const code = answer.body['code'] as ErrorCode | undefined;
  const isSticky = code !== undefined && PROBLEMS[code].sticky;
  const mayWrite = (table: string): boolean =>
    (answer.status < 400 && method !== 'GET' && method !== 'HEAD') ||
    (isSticky && RECORDED.has(table)) ||
    (code === 'CHAIN_LIQUIDITY_SHORT' && table === 'pools') ||
    // failed operator actions are recorded too (decision 0024)
    (url.startsWith('/operator/') && table === 'operator_actions');
  const forbidden = changed.filter((table) => !mayWrite(table));
  return [
    ...(answer.status === 500 ? ['is 500'] : []),
    ...(INSIDE.test(
      answer.text.replaceAll(/"detail":"[^"]*"/g, (detail) =>
        code === 'CHAIN_UNREACHABLE' ? '' : detail,
      ),
    )
      ? ['shows internals']
      : []),
    ...(forbidden.length > 0 ? [`wrote ${forbidden.join(', ')}`] : []),
  ];
}

test(
  'the document describes every answer, and a refusal writes nothing',
  async () => {
    const pool = await givenPool(service, { deposit: 3_000_0000000n });
    const people = givenBorrowers(service, pool.contract, { count: 60 });
    const [first, ...others] = people;
    if (!first) throw new Error('borrowers were asked for');
    const { body } = await postLoan(service, loanBody(pool, first), 'first');
    const { loan, reservation } = body as { loan: { id: string }; reservation: { id: string } };
    let next = 0;
    const someone = (): typeof first => others[next++ % others.length] ?? first;
    const contract = contractOf(service.app);
    const known = {
      ids: [pool.pool.id, loan.id, reservation.id],
      sound: { createLoan: () => loanBody(pool, someone()) },
      credentials: {
        master: await givenKey(service.app, { scopes: SCOPES }),
        others: [
          service.key,
          await givenKey(service.app, { tenantId: 'another', scopes: ['pools:read'] }),
          await givenToken(service.app, first.address),
        ],
      },
      byName: {
        poolId: [pool.pool.id],
        contract: [
          pool.contract,
          service.network.control.deployPool({
            profile: 'scaled',
            decimals: 7,
            deposit: 1_0000000n,
          }).pool,
        ],
        borrower: people.map(({ address }) => address),
        vendor: [pool.vendor],
      },
    };
    const answered: Record<string, number> = {};
    let runs = 0;
    let before = await rows();
    await fc.assert(
      fc.asyncProperty(fuzzRequests(contract, known), async (request) => {
        const answer = await ask(service, request);
        const after = await rows();
        const changed = Object.keys(after).filter((table) => after[table] !== before[table]);
        before = after;
        runs++;
        answered[answer.status] = (answered[answer.status] ?? 0) + 1;
        const faults = faultsOf(request, answer, changed);
        if (faults.length > 0)
          throw new Error(
            `${request.method} ${request.url}: the answer ${answer.status} ` +
              `${faults.join('; ')}\n${answer.text.slice(0, 300)}`,
          );
      }),
      {
        numRuns: requests,
        seed,
        endOnFailure: true,
        interruptAfterTimeLimit: limitMs,
        markInterruptAsFailure: false,
      },
    );
    console.log(`fuzz: seed ${seed}, ${runs} requests, by status ${JSON.stringify(answered)}`);
    expect(runs).toBeGreaterThanOrEqual(Math.min(requests, 100));
    // a run with only one kind of refusal would prove little
    for (const status of ['200', '400', '404']) expect(answered[status]).toBeGreaterThan(0);
  },
  limitMs + 90_000,
);
