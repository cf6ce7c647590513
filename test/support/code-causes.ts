import { Keypair } from '@stellar/stellar-sdk';
import { SCOPES } from '../../src/common/caller.js';
import type { ErrorCode } from '../../src/common/errors.js';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { bearer, givenKey } from './access.js';
import { type Answer, ask, givenService, type GivenPool, loanBody, type Service } from './given.js';
import type { DocumentedRoute } from './route-table.js';

/** Causes of codes that are the same on every route, with services made for them. */
export interface CodesWorld {
  readonly service: Service;
  /** A limit of one request a minute of each kind. */
  readonly limited: Service;
  /** Keys: one with every scope, and others with one scope each. */
  readonly master: string;
  readonly readsPools: string;
  readonly readsLoans: string;
  stop(): Promise<void>;
}

export async function codesWorld(): Promise<CodesWorld> {
  const service = await givenService({ COUNTER_WINDOW: '2' });
  const limited = await givenService({
    RATE_WRITES_PER_MINUTE: '1',
    RATE_READS_PER_MINUTE: '1',
    RATE_AUTH_PER_MINUTE: '1',
    RATE_COUNT_TIMEOUT_MS: '15000',
  });
  const [master, readsPools, readsLoans] = [
    await givenKey(service.app, { scopes: SCOPES }),
    await givenKey(service.app, { scopes: ['pools:read'] }),
    await givenKey(service.app, { scopes: ['loans:read'] }),
  ];
  return {
    service,
    limited,
    master,
    readsPools,
    readsLoans,
    stop: async () => {
      await service.stop();
      await limited.stop();
    },
  };
}

export const sqlIn = async (
  service: Service,
  text: string,
  values: unknown[] = [],
): Promise<void> => {
  await service.app.get(LedgerConnections, { strict: false }).read.query(text, values);
};
/** An id of no loan, pool, reservation, key or webhook. */
export const UNKNOWN_ID = '01a20439-8365-721f-97de-c7ac9caaa4ad';
const NO_CONTRACT = 'CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD2KM';

/**
 * Every read of the table fails with this SQLSTATE, raised by the database itself; null: the table
 * does not exist.
 */
async function whileTable<T>(
  { service }: CodesWorld,
  table: 'pools' | 'api_keys',
  sqlState: string | null,
  work: () => Promise<T>,
): Promise<T> {
  await sqlIn(service, `alter table ${table} rename to ${table}_away`);
  if (sqlState !== null) {
    await sqlIn(
      service,
      `create function ${table}_fail() returns setof ${table}_away language plpgsql as $$ ` +
        `begin raise exception 'injected' using errcode = '${sqlState}'; end $$`,
    );
    await sqlIn(service, `create view ${table} as select * from ${table}_fail()`);
  }
  try {
    return await work();
  } finally {
    if (sqlState !== null)
      await sqlIn(service, `drop view ${table}; drop function ${table}_fail()`);
    await sqlIn(service, `alter table ${table}_away rename to ${table}`);
  }
}
/**
 * Routes of loans and pools fail at the pools, others at the access check, whose key is not cached
 * yet.
 */
async function whileDatabaseFails(
  world: CodesWorld,
  route: DocumentedRoute,
  sqlState: string | null,
): Promise<Answer> {
  // a ticket is made without the rows that it is for
  if (/^\/(loans|pools|reservations)/.test(route.path) && !route.path.endsWith('/tickets'))
    return whileTable(world, 'pools', sqlState, () => plain(world, route));
  const fresh = await givenKey(world.service.app, { scopes: SCOPES });
  return whileTable(world, 'api_keys', sqlState, () =>
    plain(world, route, { headers: bearer(fresh) }),
  );
}
/** No challenge can be used: the write fails with this SQLSTATE. */
export async function whileSpendingFails<T>(
  service: Service,
  sqlState: string,
  work: () => Promise<T>,
): Promise<T> {
  await sqlIn(
    service,
    'create function spending_fails() returns trigger language plpgsql as $$ begin raise ' +
      `exception 'injected' using errcode = '${sqlState}'; end $$`,
  );
  await sqlIn(
    service,
    'create trigger spending_fails before insert on used_challenges for each row execute function spending_fails()',
  );
  try {
    return await work();
  } finally {
    await sqlIn(
      service,
      'drop trigger spending_fails on used_challenges; drop function spending_fails()',
    );
  }
}

type Headers = Readonly<Record<string, string | undefined>>;
export const NO_CREDENTIAL: Headers = { authorization: undefined };
const isPublic = (route: DocumentedRoute): boolean => route.path === '/auth';
const enough = ({ master }: CodesWorld, route: DocumentedRoute): Headers =>
  isPublic(route) ? NO_CREDENTIAL : route.path.startsWith('/operator') ? bearer(master) : {};
/** Their reason is in the query. */
const REMOVALS = ['revokeKey', 'removeTenantWebhook'];
const urlOf = ({ id, path }: DocumentedRoute): string =>
  `${path.replaceAll(/\{\w+\}/g, UNKNOWN_ID)}${REMOVALS.includes(id) ? '?reason=a+test+of+codes' : ''}`;
export const randomAddress = (): string => Keypair.random().publicKey();
const someLoan = (): object =>
  loanBody({ pool: { id: UNKNOWN_ID }, contract: '', vendor: randomAddress() } as GivenPool, {
    address: randomAddress(),
    secret: '',
  });
/** A request without a credential. */
export const RESOLUTION = {
  as: 'settled',
  ledger: 2,
  loanId: '1',
  reason: 'a test of codes',
} as const;
/** Valid bodies that name no existing thing; a reason is enough for the others. */
const BODIES: Readonly<Record<string, () => object>> = {
  createLoan: someLoan,
  quoteLoan: someLoan,
  submitLoan: () => ({ signedXdr: 'AAAA' }),
  changePool: () => ({ name: 'codes', reason: 'a test' }),
  registerPool: () => ({ name: 'codes', contract: NO_CONTRACT, reason: 'a test' }),
  createKey: () => ({
    tenantId: 'default',
    name: 'codes',
    scopes: ['pools:read'],
    reason: 'a test',
  }),
  addWebhook: () => ({ url: 'http://127.0.0.1:9/hook' }),
  getToken: () => ({ transaction: 'AAAA' }),
  resolveReservation: () => RESOLUTION,
  replayTenantDeliveries: () => ({ since: '2027-01-31T00:00:00Z', reason: 'a test of codes' }),
};

const bodyOf = ({ id }: DocumentedRoute): object => BODIES[id]?.() ?? { reason: 'a test of codes' };
/** A request that this route accepts, for a loan, pool, key or webhook that does not exist. */
function plain(
  world: CodesWorld,
  route: DocumentedRoute,
  { headers = enough(world, route), on = world.service }: { headers?: Headers; on?: Service } = {},
): Promise<Answer> {
  const body = route.hasBody ? bodyOf(route) : undefined;
  return ask(on, {
    method: route.method,
    url: `${urlOf(route)}${route.id === 'getChallenge' ? `?account=${randomAddress()}` : ''}`,
    headers,
    ...(body && { body }),
  });
}
const raw = (
  world: CodesWorld,
  route: DocumentedRoute,
  body: string,
  type = 'application/json',
): Promise<Answer> =>
  ask(world.service, {
    method: route.method,
    url: urlOf(route),
    body,
    headers: { ...enough(world, route), 'content-type': type },
  });

/** A body that no parser reads. */
export const notJson = (world: CodesWorld, route: DocumentedRoute): Promise<Answer> =>
  raw(world, route, '{');
/** Routes that read no member of their body. */
const needsNothing = ({ id }: DocumentedRoute): boolean =>
  ['rebuildLoan', 'cancelLoan', 'removeWebhook', 'replayDelivery', 'testWebhook'].includes(id) ||
  id.endsWith('StreamTicket');

/** Causes that are the same on every route. */
export const EVERYWHERE: Readonly<
  Partial<Record<ErrorCode, (world: CodesWorld, route: DocumentedRoute) => Promise<Answer>>>
> = {
  UNAUTHENTICATED: (world, route) => plain(world, route, { headers: NO_CREDENTIAL }),
  FORBIDDEN: (world, route) =>
    plain(world, route, {
      headers: bearer(
        route.path.startsWith('/operator')
          ? world.service.key
          : route.path.startsWith('/pools')
            ? world.readsLoans
            : world.readsPools,
      ),
    }),
  RATE_LIMITED: async (world, route) => {
    const headers = isPublic(route)
      ? NO_CREDENTIAL
      : bearer(await givenKey(world.limited.app, { scopes: SCOPES }));
    await plain(world, route, { headers, on: world.limited });
    return plain(world, route, { headers, on: world.limited });
  },
  INTERNAL: (world, route) => whileDatabaseFails(world, route, null),
  BUSY_RETRY: (world, route) => whileDatabaseFails(world, route, '57014'),
  PAYLOAD_TOO_LARGE: (world, route) => raw(world, route, JSON.stringify({ x: 'x'.repeat(70_000) })),
  UNSUPPORTED_MEDIA_TYPE: (world, route) =>
    raw(
      world,
      route,
      'x=1',
      route.path === '/auth' ? 'application/xml' : 'application/x-www-form-urlencoded',
    ),
  VALIDATION_FAILED: (world, route) =>
    route.method === 'GET'
      ? ask(world.service, {
          url: `${urlOf(route)}?limit=x`,
          headers: { ...enough(world, route), 'last-event-id': 'x' },
        })
      : needsNothing(route)
        ? notJson(world, route)
        : ask(world.service, {
            method: route.method,
            url: urlOf(route).split('?')[0] ?? '',
            headers: enough(world, route),
            body: { ...bodyOf(route), reason: undefined, url: undefined, transaction: undefined },
          }),
  LOAN_NOT_FOUND: plain,
  POOL_NOT_FOUND: plain,
  RESERVATION_NOT_FOUND: plain,
  KEY_NOT_FOUND: plain,
  WEBHOOK_NOT_FOUND: plain,
};
