import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Keypair, StrKey } from '@stellar/stellar-sdk';
import { ERROR_CODES, PROBLEMS } from '../../src/common/problems/problems.js';
import type { ErrorCode } from '../../src/common/errors.js';
import { WalletSignIn } from '../../src/modules/access/wallet-sign-in.js';
import type { ContractName, FundingResult } from '../../src/modules/chain/chain.js';
import { refusalBy } from '../../src/modules/chain/families/error-tables.js';
import { REPUTATION_MISSING } from '../../src/modules/chain/families/stepfi/link-checks.js';
import { G3_ERRORS } from '../../src/modules/chain/families/stepfi/contract-errors.js';
import { WebhooksService } from '../../src/modules/notifications/webhooks.service.js';
import { bearer } from '../support/access.js';
import { documentedExamples, expectExample } from '../support/documented-examples.js';
import {
  type CodesWorld,
  codesWorld,
  EVERYWHERE,
  notJson,
  NO_CREDENTIAL,
  UNKNOWN_ID,
  randomAddress,
  sqlIn,
  whileSpendingFails,
  RESOLUTION,
} from '../support/code-causes.js';
import {
  type Answer,
  ask,
  type Borrower,
  givenBorrowers,
  givenPool,
  loanBody,
  observe,
  postLoan,
  signed,
  type GivenPool,
  type Service,
} from '../support/given.js';
import { type DocumentedRoute, documentedRoutes } from '../support/route-table.js';
import { bareSignature, issuedLoan, submitSigned } from '../support/authorized-loans.js';
import { REFUSED } from '../support/given-ledger.js';

/**
 * Produces every code that the document lists for a route once, by its real cause where possible.
 * `ask` checks in every test that no other code is returned. A route or code without a cause fails
 * by its own name.
 */
const UNIT = 10_000_000n;
let service: Service;
let master: string;
let world: CodesWorld;
beforeAll(async () => {
  world = await codesWorld();
  ({ service, master } = world);
}, 60_000);
afterAll(() => world.stop());

const sql = (text: string, values: unknown[] = []): Promise<void> => sqlIn(service, text, values);
function borrowerOf(of: GivenPool, wish: Parameters<typeof givenBorrowers>[2] = {}): Borrower {
  const [made] = givenBorrowers(service, of.contract, wish);
  if (!made) throw new Error('a borrower was asked for');
  return made;
}

interface Held {
  readonly of: GivenPool;
  readonly borrower: Borrower;
  readonly loanId: string;
  readonly reservationId: string;
  readonly xdr: string;
  readonly hash: string;
}
async function held(wish: Parameters<typeof givenPool>[1] = {}): Promise<Held> {
  const of = await givenPool(service, wish);
  const borrower = borrowerOf(of);
  const { body } = await postLoan(service, loanBody(of, borrower));
  const { loan, reservation, transaction } = body as {
    loan: { id: string };
    reservation: { id: string };
    transaction: { xdr: string; hash: string };
  };
  return { of, borrower, loanId: loan.id, reservationId: reservation.id, ...transaction };
}
const ended = async (one: Held): Promise<Held> => {
  await service.ledger.ends.releaseFailed([
    {
      poolId: one.of.pool.id,
      reservationId: one.reservationId,
      envelopeVersion: 1,
      envelopeHash: one.hash,
      failedLedger: 9,
      closeTime: 1n,
      resultCode: 'txFailed',
      ...REFUSED,
    },
  ]);
  return one;
};
const rebuild = ({ loanId }: Held): Promise<Answer> =>
  ask(service, { method: 'POST', url: `/loans/${loanId}/transaction` });
const cancel = ({ loanId }: Held): Promise<Answer> =>
  ask(service, { method: 'POST', url: `/loans/${loanId}/cancellation` });
const submit = (one: Held): Promise<Answer> =>
  ask(service, {
    url: `/loans/${one.loanId}/submission`,
    body: { signedXdr: signed(one.xdr, service.network.passphrase, one.borrower) },
  });
const ask1 = async (
  wish: Parameters<typeof givenPool>[1],
  members: Record<string, unknown> = {},
): Promise<Answer> => {
  const of = await givenPool(service, wish);
  return postLoan(service, loanBody(of, borrowerOf(of), members));
};
const inState = (one: Held, state: 'paused'): Promise<unknown> =>
  service.registry.change(one.of.pool.id, { state });

/** Ledgers closed by hand may have run ahead of the clock that `travel` moves. */
async function later(one: Held, seconds: number): Promise<void> {
  const until = service.network.control.head().closeTime + seconds;
  while (service.network.control.head().closeTime < until) service.network.control.travel(seconds);
  await observe(service, one.of.pool);
}

async function withFault<T>(name: string, work: () => Promise<T>): Promise<T> {
  service.network.control.setFault(name, {});
  try {
    return await work();
  } finally {
    service.network.control.clearFaults();
  }
}
/** A pool of 10,000 base units whose contract has limits of its own. */
async function limitedPool(limits: {
  outflowBps?: number;
  exposureCap?: bigint;
}): Promise<GivenPool> {
  const of = await givenPool(service, { generation: 'g3', decimals: 1, deposit: 10_000n });
  service.network.control.actions.admin.setCaps({ pool: of.contract, ...limits });
  await observe(service, of.pool);
  return of;
}
const bySimulation = (number: number, contract: ContractName = 'pool'): FundingResult => ({
  kind: 'refused',
  refusal: refusalBy(G3_ERRORS, contract, number),
});
/** Replies of the simulation that no action on the local network can cause. */
async function whileChainSays<T>(result: FundingResult, work: () => Promise<T>): Promise<T> {
  const build = service.chain.buildFunding.bind(service.chain);
  service.chain.buildFunding = () => Promise.resolve(result);
  try {
    return await work();
  } finally {
    service.chain.buildFunding = build;
  }
}

const challenge = async (): Promise<{ xdr: string; wallet: Borrower }> => {
  const wallet = borrowerOf(await givenPool(service));
  return {
    wallet,
    xdr: String(
      (await ask(service, { url: `/auth?account=${wallet.address}`, headers: NO_CREDENTIAL })).body[
        'transaction'
      ],
    ),
  };
};
const token = (transaction: string): Promise<Answer> =>
  ask(service, { url: '/auth', body: { transaction }, headers: NO_CREDENTIAL });
async function signedIn(work: (send: () => Promise<Answer>) => Promise<Answer>): Promise<Answer> {
  const { xdr, wallet } = await challenge();
  return work(() => token(signed(xdr, service.network.passphrase, wallet)));
}
const operate = (path: string, body: object = { reason: 'a test' }): Promise<Answer> =>
  ask(service, { url: `/operator/${path}`, body, headers: bearer(master) });
const whileDown =
  (path: (of: GivenPool) => string, body?: (of: GivenPool) => object) =>
  async (): Promise<Answer> => {
    const of = await givenPool(service);
    return withFault('node_down', () => operate(path(of), body?.(of)));
  };
const whileClosed = (action: string) => async (): Promise<Answer> =>
  operate(`pools/${(await givenPool(service, { rules: { state: 'closed' } })).pool.id}/${action}`);
/** A pool that is registered during the quarantine would begin in it too. */
async function inQuarantine(of: GivenPool, work: () => Promise<Answer>): Promise<Answer> {
  await service.registry.change(of.pool.id, { state: 'quarantined' });
  try {
    return await work();
  } finally {
    await service.registry.change(of.pool.id, { state: 'closed' });
  }
}

const TOO_LARGE: FundingResult = {
  kind: 'over_limit',
  limit: 'writeBytes',
  declared: 139_520n,
  max: 132_096n,
};
const ARCHIVED: FundingResult = { kind: 'archived', keys: 10, restore: { xdr: 'AAAA' } };

/** As in production without WEBHOOK_KEY. */
async function withoutWebhooks(work: () => Promise<Answer>): Promise<Answer> {
  const webhooks = service.app.get(WebhooksService, { strict: false });
  const options: unknown = Reflect.get(webhooks, 'options');
  Reflect.set(webhooks, 'options', { key: undefined, publicOnly: true });
  try {
    return await work();
  } finally {
    Reflect.set(webhooks, 'options', options);
  }
}

const CAUSES: Readonly<Record<string, () => Promise<Answer>>> = {
  'getChallenge INTERNAL': async () => {
    // neither a caller nor the database can make it fail
    const signIn = service.app.get(WalletSignIn, { strict: false });
    const make = signIn.challenge.bind(signIn);
    signIn.challenge = () => {
      throw new Error('injected');
    };
    try {
      return await ask(service, {
        url: `/auth?account=${randomAddress()}`,
        headers: NO_CREDENTIAL,
      });
    } finally {
      signIn.challenge = make;
    }
  },
  'getToken UNAUTHENTICATED': async () => token((await challenge()).xdr),
  'getToken CHAIN_UNREACHABLE': () => signedIn((send) => withFault('node_down', send)),
  'getToken BUSY_RETRY': () => signedIn((send) => whileSpendingFails(service, '57014', send)),
  'getToken INTERNAL': () => signedIn((send) => whileSpendingFails(service, 'XX000', send)),

  'registerPool CHAIN_UNREACHABLE': whileDown(
    () => 'pools',
    ({ contract }) => ({ name: 'codes', contract, reason: 'a test' }),
  ),
  'registerPool CONTRACT_NOT_FOUND': () =>
    operate('pools', {
      name: 'codes',
      contract: StrKey.encodeContract(Buffer.alloc(32, 7)),
      reason: 'a test',
    }),
  'resolveReservation CHAIN_UNREACHABLE': async () => {
    const one = await held();
    return withFault('node_down', () =>
      operate(`reservations/${one.reservationId}/resolution`, RESOLUTION),
    );
  },
  'resolveReservation RESOLUTION_REFUSED': async () =>
    operate(`reservations/${(await held()).reservationId}/resolution`, RESOLUTION),
  'resubmitReservation CHAIN_UNREACHABLE': async () => {
    const one = await held();
    return withFault('node_down', () => operate(`reservations/${one.loanId}/resubmission`));
  },
  'exportReport NOT_FOUND': () =>
    ask(service, { url: '/operator/reports/nothing.csv', headers: bearer(master) }),
  'getBreak NOT_FOUND': () =>
    ask(service, { url: `/operator/breaks/${UNKNOWN_ID}.shortfall.17`, headers: bearer(master) }),
  'observePool CHAIN_UNREACHABLE': whileDown(({ pool }) => `pools/${pool.id}/observation`),
  'reconcilePool CHAIN_UNREACHABLE': whileDown(({ pool }) => `pools/${pool.id}/reconciliation`),
  'pausePool POOL_STATE_CONFLICT': whileClosed('pause'),
  'resumePool POOL_STATE_CONFLICT': whileClosed('resume'),
  'resumePool CHAIN_UNREACHABLE': whileDown(
    ({ pool }) => `pools/${pool.id}/resume`,
    () => ({ generation: 'scaled', reason: 'a test' }),
  ),

  'addWebhook NOT_FOUND': () =>
    withoutWebhooks(() =>
      ask(service, { url: '/webhooks', body: { url: 'https://example.org/hook' } }),
    ),
  'testWebhook NOT_FOUND': () =>
    withoutWebhooks(() => ask(service, { method: 'POST', url: `/webhooks/${UNKNOWN_ID}/test` })),
  'testTenantWebhook NOT_FOUND': () =>
    withoutWebhooks(() => operate(`webhooks/${UNKNOWN_ID}/test`)),
  'replayTenantDelivery DELIVERY_NOT_FOUND': async () => {
    const { body } = await ask(service, {
      url: '/webhooks',
      body: { url: 'http://127.0.0.1:9/hook' },
    });
    return operate(`webhooks/${String(body['id'])}/deliveries/${UNKNOWN_ID}/replay`);
  },
  'replayDelivery DELIVERY_NOT_FOUND': async () => {
    const { body } = await ask(service, {
      url: '/webhooks',
      body: { url: 'http://127.0.0.1:9/hook' },
    });
    return ask(service, {
      method: 'POST',
      url: `/webhooks/${String(body['id'])}/deliveries/${UNKNOWN_ID}/replay`,
    });
  },

  'quoteLoan VALIDATION_FAILED': async () => {
    const of = await givenPool(service);
    return ask(service, {
      url: '/loans/quote',
      body: loanBody(of, { address: 'x', secret: '' }, { totalAmount: '126' }),
    });
  },
  'quoteLoan NOTHING_TO_FUND': async () => {
    const of = await givenPool(service);
    return ask(service, {
      url: '/loans/quote',
      body: loanBody(of, borrowerOf(of), { guaranteeAmount: '125' }),
    });
  },
  'quoteLoan CHAIN_UNREACHABLE': async () => {
    const of = await givenPool(service);
    return withFault('node_down', () =>
      ask(service, { url: '/loans/quote', body: loanBody(of, borrowerOf(of)) }),
    );
  },

  'createLoan VALIDATION_FAILED': async () => {
    const of = await givenPool(service);
    return postLoan(service, loanBody(of, { address: 'x', secret: '' }, { totalAmount: '126' }));
  },
  'createLoan IDEMPOTENCY_KEY_MISSING': async () => {
    const of = await givenPool(service);
    return ask(service, {
      url: '/loans',
      body: loanBody(of, borrowerOf(of)),
      headers: { 'idempotency-key': undefined },
    });
  },
  'createLoan BORROWER_BACK_OFF': async () => {
    const of = await givenPool(service);
    const borrower = borrowerOf(of);
    await sql('insert into wallet_lapses values ($1, $2, 4, clock_timestamp())', [
      service.network.passphrase,
      borrower.address,
    ]);
    return postLoan(service, loanBody(of, borrower));
  },
  'createLoan WALLET_SHARE_EXCEEDED': () =>
    ask1({ deposit: 199n * UNIT, rules: { maxWalletShareBps: 5000 } }),
  'createLoan IDEMPOTENCY_KEY_REUSED': async () => {
    const of = await givenPool(service);
    await postLoan(service, loanBody(of, borrowerOf(of)), 'codes-reused');
    return postLoan(service, loanBody(of, borrowerOf(of)), 'codes-reused');
  },
  'createLoan NOTHING_TO_FUND': () => ask1({}, { guaranteeAmount: '125' }),
  'createLoan POOL_PAUSED': () => ask1({ rules: { state: 'paused' } }),
  'createLoan POOL_QUARANTINED': async () => {
    const of = await givenPool(service);
    return inQuarantine(of, () => postLoan(service, loanBody(of, borrowerOf(of))));
  },
  'createLoan BORROWER_BUSY': async () => {
    const one = await held();
    return postLoan(service, loanBody(one.of, one.borrower));
  },
  'createLoan SNAPSHOT_STALE': () => ask1({ observed: false }),
  'createLoan INSUFFICIENT_LIQUIDITY': () => ask1({ deposit: 99n * UNIT }),
  'createLoan OUTFLOW_CAP_EXCEEDED': async () => {
    const of = await limitedPool({ outflowBps: 500 });
    return postLoan(service, loanBody(of, borrowerOf(of)));
  },
  'createLoan OUTFLOW_CAP_REACHED': async () => {
    const of = await limitedPool({ outflowBps: 1_200 });
    await postLoan(service, loanBody(of, borrowerOf(of)));
    return postLoan(service, loanBody(of, borrowerOf(of)));
  },
  'createLoan VENDOR_CAP_EXCEEDED': async () => {
    const of = await limitedPool({ exposureCap: 999n });
    return postLoan(service, loanBody(of, borrowerOf(of)));
  },
  'createLoan VENDOR_CAP_REACHED': async () => {
    const of = await limitedPool({ exposureCap: 1_999n });
    await postLoan(service, loanBody(of, borrowerOf(of)));
    return postLoan(service, loanBody(of, borrowerOf(of)));
  },
  'createLoan CHAIN_LIQUIDITY_SHORT': async () => {
    const of = await givenPool(service, { deposit: 140n * UNIT });
    service.network.control.foreignLoan({
      pool: of.contract,
      total: 100n * UNIT,
      guarantee: 20n * UNIT,
    });
    return postLoan(service, loanBody(of, borrowerOf(of)));
  },
  'createLoan ACCOUNT_NOT_FOUND': async () =>
    postLoan(
      service,
      loanBody(await givenPool(service), { address: Keypair.random().publicKey(), secret: '' }),
    ),
  'createLoan LOAN_REFUSED_BY_CONTRACT': async () => {
    const of = await givenPool(service);
    return postLoan(service, loanBody(of, borrowerOf(of, { score: 10 })));
  },
  'createLoan COUNTER_WINDOW_FULL': async () => {
    const of = await givenPool(service, { rules: { strict: true } });
    for (let live = 0; live < 3; live++) await postLoan(service, loanBody(of, borrowerOf(of)));
    return postLoan(service, loanBody(of, borrowerOf(of)));
  },
  'createLoan TRANSACTION_TOO_LARGE': () => whileChainSays(TOO_LARGE, () => ask1({})),
  'createLoan FENCE_TOO_FAR': async () => {
    const of = await givenPool(service, { rules: { maxExtensionSeconds: 0 } });
    return postLoan(service, loanBody(of, borrowerOf(of), { signing: 'authorization' }));
  },
  'createLoan CONTRACT_ARCHIVED': () => whileChainSays(ARCHIVED, () => ask1({})),
  'createLoan CONTRACTS_BROKEN': () =>
    whileChainSays({ kind: 'refused', refusal: REPUTATION_MISSING }, () => ask1({})),
  'createLoan CONTRACT_FAILED': () => whileChainSays(bySimulation(99), () => ask1({})),
  'createLoan CHAIN_UNREACHABLE': async () => {
    const of = await givenPool(service);
    return withFault('node_down', () => postLoan(service, loanBody(of, borrowerOf(of))));
  },

  'submitLoan VALIDATION_FAILED': async () => {
    const one = await held();
    const signedXdr = signed(one.xdr, 'Test SDF Network ; September 2015', one.borrower);
    return ask(service, { url: `/loans/${one.loanId}/submission`, body: { signedXdr } });
  },
  'submitLoan ENVELOPE_OUTDATED': async () => submit(await ended(await held())),
  'submitLoan CONTRACT_PAUSED': async () => {
    const one = await held({ profile: 'trustup', decimals: 1, deposit: 10_000n });
    service.network.control.actions.pause({ pool: one.of.contract, paused: true });
    return submit(one);
  },
  'submitLoan CONTRACT_FAILED': async () => {
    const of = await givenPool(service);
    const { control } = service.network;
    const [wallet] = control.signers.makeWallets({
      pool: of.contract,
      count: 1,
      tokens: 10_000n * UNIT,
      score: 80,
    }).wallets;
    if (!wallet) throw new Error('a wallet was asked for');
    const one = await issuedLoan(service, of, wallet);
    // the vendor is no longer accepted, so the account is not asked
    control.actions.admin.setVendorStatus({
      pool: of.contract,
      vendor: of.vendor,
      active: false,
      close: true,
    });
    return submitSigned(service, one, { signedAuthorization: bareSignature(one, wallet.secret) });
  },
  'submitLoan SUBMISSION_REJECTED': async () => {
    const one = await held();
    return withFault('submission_error', () => submit(one));
  },
  'submitLoan CHAIN_UNREACHABLE': async () => {
    const one = await held();
    return withFault('node_answers_html', () => submit(one));
  },

  'rebuildLoan ENVELOPE_OUTDATED': async () => {
    const one = await held();
    await cancel(one);
    return rebuild(one);
  },
  'rebuildLoan REBUILD_LIMIT': async () => {
    const one = await held({ rules: { maxExtensionSeconds: 30 } });
    await later(one, 60);
    return rebuild(one);
  },
  'rebuildLoan POOL_PAUSED': async () => {
    const one = await held();
    await inState(one, 'paused');
    return rebuild(one);
  },
  'rebuildLoan POOL_QUARANTINED': async () => {
    const one = await held();
    return inQuarantine(one.of, () => rebuild(one));
  },
  'rebuildLoan LOAN_REFUSED_BY_CONTRACT': async () => {
    const one = await held();
    return whileChainSays(bySimulation(4, 'lending_contract'), () => rebuild(one));
  },
  'rebuildLoan CHAIN_LIQUIDITY_SHORT': async () => {
    const one = await held({ deposit: 140n * UNIT });
    service.network.control.foreignLoan({
      pool: one.of.contract,
      total: 100n * UNIT,
      guarantee: 20n * UNIT,
    });
    return rebuild(one);
  },
  'rebuildLoan ACCOUNT_NOT_FOUND': async () => {
    const one = await held();
    return whileChainSays({ kind: 'no_account' }, () => rebuild(one));
  },
  'rebuildLoan ENVELOPE_UNDECIDED': async () => {
    const one = await held();
    await submit(one);
    await service.network.closeLedgers(1);
    await observe(service, one.of.pool);
    return rebuild(one);
  },
  'rebuildLoan SNAPSHOT_STALE': async () => {
    const one = await held();
    await later(one, 20); // or the same transaction would be built again
    await sql(
      `update pools set head_close_time = clock_timestamp() - interval '3601 s' where id = $1`,
      [one.of.pool.id],
    );
    const build = service.chain.buildFunding.bind(service.chain);
    service.chain.buildFunding = async (request) => {
      // built on a chain whose time stands still
      const result = await build(request);
      return result.kind === 'built'
        ? { ...result, funding: { ...result.funding, maxTime: result.funding.maxTime - 100_000n } }
        : result;
    };
    try {
      return await rebuild(one);
    } finally {
      service.chain.buildFunding = build;
    }
  },
  'rebuildLoan TRANSACTION_TOO_LARGE': async () => {
    const one = await held();
    return whileChainSays(TOO_LARGE, () => rebuild(one));
  },
  'rebuildLoan COUNTER_WINDOW_FULL': async () => {
    const one = await held();
    return whileChainSays(
      { kind: 'window_too_small', limit: 'writeBytes', fits: { loans: 1, bytes: 1_092 } },
      () => rebuild(one),
    );
  },
  'rebuildLoan CONTRACT_ARCHIVED': async () => {
    const one = await held();
    return whileChainSays(ARCHIVED, () => rebuild(one));
  },
  'rebuildLoan OUTFLOW_CAP_REACHED': async () => {
    const one = await held();
    return whileChainSays(bySimulation(16), () => rebuild(one));
  },
  'rebuildLoan VENDOR_CAP_EXCEEDED': async () => {
    const one = await held();
    return whileChainSays(bySimulation(17), () => rebuild(one));
  },
  'rebuildLoan CONTRACTS_BROKEN': async () => {
    const one = await held();
    return whileChainSays({ kind: 'refused', refusal: REPUTATION_MISSING }, () => rebuild(one));
  },
  'rebuildLoan CONTRACT_FAILED': async () => {
    const one = await held();
    return whileChainSays(bySimulation(99), () => rebuild(one));
  },
  'rebuildLoan CHAIN_UNREACHABLE': async () => {
    const one = await held();
    return withFault('node_down', () => rebuild(one));
  },

  'cancelLoan ENVELOPE_OUTDATED': async () => cancel(await ended(await held())),
};

const ROUTES = documentedRoutes();
const PAIRS = ROUTES.flatMap((route) =>
  route.codes.map((code): [string, DocumentedRoute, ErrorCode] => [
    `${route.id} ${code}`,
    route,
    code,
  ]),
);

const EXAMPLES = documentedExamples();

describe('each code of each route', () => {
  test.each(PAIRS)('%s', async (name, route, code) => {
    const everywhere = EVERYWHERE[code];
    const produce = CAUSES[name] ?? (everywhere && (() => everywhere(world, route)));
    if (!produce)
      throw new Error(
        `the document lists ${code} for ${route.method} ${route.path}, and no test ` +
          'produces it: give it a cause here, or take it out there',
      );
    const answer = await produce();
    expect(answer).toMatchObject({ status: PROBLEMS[code].status, body: { code } });
    expectExample(answer.body, EXAMPLES.get(name) ?? []);
    expect(Number(answer.headers['retry-after'] ?? 0)).toBeGreaterThanOrEqual(
      PROBLEMS[code].retryAfterSeconds === null ? 0 : 1,
    );
  });

  test.each(ROUTES.filter(({ hasBody, codes }) => hasBody && codes.includes('VALIDATION_FAILED')))(
    '$id refuses a body that is not JSON',
    async (route) => {
      expect(await notJson(world, route)).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'body', message: 'is not valid JSON' }] },
      });
    },
  );

  test('every example belongs to a pair that the document has', () => {
    const names = new Set(PAIRS.map(([name]) => name));
    expect([...EXAMPLES.keys()].filter((name) => !names.has(name))).toEqual([]);
    expect([...names].filter((name) => !EXAMPLES.has(name))).toEqual([]);
  });

  test('every cause belongs to a pair that the document has', () => {
    const names = new Set(PAIRS.map(([name]) => name));
    expect(Object.keys(CAUSES).filter((name) => !names.has(name))).toEqual([]);
  });

  test("a code that no route has is the router's or the server's", () => {
    const used = new Set(PAIRS.map(([, , code]) => code));
    expect(ERROR_CODES.filter((code) => !used.has(code)).sort()).toEqual([
      'HEADERS_TOO_LARGE',
      'METHOD_NOT_ALLOWED',
      'REQUEST_TIMEOUT',
    ]);
  });
});
