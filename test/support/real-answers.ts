import { SCOPES } from '../../src/common/caller.js';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { ChannelRegistry } from '../../src/modules/liquidity/landings/channel-registry.js';
import { WebhookRounds } from '../../src/modules/notifications/webhook-rounds.js';
import { bearer, givenKey } from './access.js';
import {
  type Answer,
  ask,
  givenBorrowers,
  type GivenPool,
  loanBody,
  type Method,
  type Service,
  signed,
} from './given.js';
import { type HeldLoan, heldLoan } from './held-loans.js';
import { Receiver } from './receiver.js';

const REASON = 'Ticket 4711: the vendor asked for it';
const GRAVE = 'Restored from the backup of 04:00, see incident 12';
const UNIT = 10_000_000n;

type Headers = Readonly<Record<string, string | undefined>>;
interface Stage {
  readonly service: Service;
  /** Sends a request and keeps its answer; as an operator below /operator, else as a backend. */
  readonly keep: (
    id: string,
    request: `${Method} ${string}`,
    body?: unknown,
    headers?: Headers,
  ) => Promise<Answer['body']>;
}

/**
 * Success answers of every route that answers JSON or a file, by operation, as its callers would ask: what the
 * examples of the API's document are recorded from and compared with. Every pool is in quarantine
 * at the end.
 */
export async function realAnswers(service: Service): Promise<ReadonlyMap<string, unknown>> {
  const found = new Map<string, unknown>();
  const operator = bearer(
    await givenKey(service.app, { tenantId: 'ops', name: 'On call', scopes: SCOPES }),
  );
  const receiver = await Receiver.start();
  const keep: Stage['keep'] = async (id, request, body, headers = {}) => {
    const [method, url] = request.split(' ') as [Method, string];
    const answer = await ask(service, {
      method,
      url,
      headers: { ...(url.startsWith('/operator') && operator), ...headers },
      ...(body !== undefined && { body }),
    });
    if (answer.status >= 300) throw new Error(`${id}: ${answer.text}`);
    const json = String(answer.headers['content-type']).includes('json');
    found.set(id, json ? shown(answer.text, receiver.url) : beginning(answer.text));
    return answer.body;
  };
  try {
    const stage = { service, keep };
    const { id: webhookId } = await keep('addWebhook', 'POST /webhooks', {
      url: receiver.url,
      events: ['settled'],
    });
    const of = await pools(stage);
    const first = await loans(stage, of);
    await operatorsOnHolds(stage, of, first);
    await webhooks(stage, String(webhookId));
    await signIn(stage, first);
    await keys(stage);
    await ledger(stage, of);
    return found;
  } finally {
    await receiver.stop();
  }
}

async function pools({ service, keep }: Stage): Promise<GivenPool> {
  const { control } = service.network;
  const { pool: contract } = control.deployPool({
    profile: 'scaled',
    decimals: 7,
    deposit: 1000n * UNIT,
  });
  const registered = await keep('registerPool', 'POST /operator/pools', {
    contract,
    name: 'Students',
    generation: 'scaled',
    buffer: '25',
    reason: REASON,
  });
  const id = String(registered['id']);
  const reason = { reason: REASON };
  await keep('changePool', `PATCH /operator/pools/${id}`, {
    maxSnapshotAgeSeconds: 600,
    ...reason,
  });
  await keep('pausePool', `POST /operator/pools/${id}/pause`, reason);
  await keep('resumePool', `POST /operator/pools/${id}/resume`, reason);
  const pool = await service.registry.find(id);
  const [vendor] = control.makeVendors({ pool: contract, count: 1 }).vendors;
  if (!pool || vendor === undefined) throw new Error('a pool with a vendor was asked for');
  return { pool, contract, vendor };
}

async function loans({ service, keep }: Stage, of: GivenPool): Promise<HeldLoan> {
  const { id } = of.pool;
  const [borrower] = givenBorrowers(service, of.contract);
  if (!borrower) throw new Error('a borrower was asked for');
  await keep('quoteLoan', 'POST /loans/quote', loanBody(of, borrower));
  const one = await heldLoan(service, of, {}, borrower);
  service.network.control.setFault('drop_after_pending', { times: 1 });
  await ask(service, {
    url: `/loans/${one.loanId}/submission`,
    body: { signedXdr: signed(one.xdr, service.network.passphrase, borrower) },
  });
  await keep('listLoans', `GET /loans?poolId=${id}`);
  await keep('listReservations', `GET /reservations?poolId=${id}`);
  await keep('createLoanStreamTicket', `POST /loans/${one.loanId}/events/tickets`);
  await keep('createPoolStreamTicket', `POST /pools/${id}/events/tickets`);
  const other = await heldLoan(service, of);
  await keep('cancelLoan', `POST /loans/${other.loanId}/cancellation`);
  await keep('listPools', 'GET /pools');
  await keep('getPool', `GET /pools/${id}`);
  await keep('live', 'GET /health/live');
  await keep('ready', 'GET /health/ready');
  await keep('getStellarToml', 'GET /.well-known/stellar.toml');
  await keep('exportReport', `GET /operator/reports/position.csv?pool=${id}`);
  return one;
}

async function operatorsOnHolds({ service, keep }: Stage, of: GivenPool, one: HeldLoan) {
  const { id } = of.pool;
  const reason = { reason: REASON };
  const { network } = service;
  await keep(
    'resubmitReservation',
    `POST /operator/reservations/${one.loanId}/resubmission`,
    reason,
  );
  await network.closeLedgers(1);
  network.control.foreignLoan({ pool: of.contract, total: 100n * UNIT, guarantee: 20n * UNIT });
  await keep('observePool', `POST /operator/pools/${id}/observation`, reason);
  await keep('getReservation', `GET /reservations/${one.reservationId}`);
  await keep('reconcilePool', `POST /operator/pools/${id}/reconciliation`, reason);
  await keep('listReconciliations', `GET /pools/${id}/reconciliations`);
  const list = await keep('listBreaks', `GET /operator/breaks?poolId=${id}`);
  const [episode] = list['episodes'] as { id: string }[];
  await keep('getBreak', `GET /operator/breaks/${episode?.id ?? 'none'}`);
  const lost = await heldLoan(service, of);
  network.control.travel(400);
  const sql = service.app.get(LedgerConnections, { strict: false }).write;
  // as known of the chain before it was reset
  await sql.query('update pools set head_ledger = head_ledger + 500 where id = $1', [id]);
  await keep('resolveReservation', `POST /operator/reservations/${lost.loanId}/resolution`, {
    as: 'expired',
    reason: 'not on two explorers, ticket 4711',
  });
  await sql.query('update pools set head_ledger = head_ledger - 500 where id = $1', [id]);
}

async function webhooks({ service, keep }: Stage, id: string): Promise<void> {
  const reason = { reason: REASON };
  await service.app.get(WebhookRounds, { strict: false }).round();
  await keep('listWebhooks', 'GET /webhooks');
  await keep('getWebhook', `GET /webhooks/${id}`);
  await keep('testWebhook', `POST /webhooks/${id}/test`);
  const list = await keep('listDeliveries', `GET /webhooks/${id}/deliveries?state=delivered`);
  const [delivery] = list['deliveries'] as { id: string }[];
  const replay = `deliveries/${delivery?.id ?? 'none'}/replay` as const;
  await keep('replayDelivery', `POST /webhooks/${id}/${replay}`);
  const place = `/operator/webhooks/${id}` as const;
  await keep('listTenantWebhooks', 'GET /operator/webhooks');
  await keep('getTenantWebhook', `GET ${place}`);
  await keep('testTenantWebhook', `POST ${place}/test`, reason);
  await keep('listTenantDeliveries', `GET ${place}/deliveries?state=delivered`);
  await keep('replayTenantDelivery', `POST ${place}/${replay}`, reason);
  await keep('replayTenantDeliveries', `POST ${place}/replay`, {
    since: '2026-11-22T12:00:00Z',
    ...reason,
  });
}

async function signIn({ service, keep }: Stage, { borrower }: HeldLoan): Promise<void> {
  const nobody = { authorization: undefined };
  const { transaction } = await keep(
    'getChallenge',
    `GET /auth?account=${borrower.address}`,
    undefined,
    nobody,
  );
  const answer = signed(String(transaction), service.network.passphrase, borrower);
  await keep('getToken', 'POST /auth', { transaction: answer }, nobody);
}

async function keys({ keep }: Stage): Promise<void> {
  const { record } = await keep('createKey', 'POST /operator/keys', {
    tenantId: 'shop',
    name: 'checkout',
    scopes: ['loans:write', 'loans:read', 'pools:read'],
    reason: REASON,
  });
  const { id } = record as { id: string };
  await keep('listKeys', 'GET /operator/keys');
  await keep('getKey', `GET /operator/keys/${id}`);
  await keep('revokeKey', `DELETE /operator/keys/${id}?reason=leaked+in+a+build+log`);
}

async function ledger({ service, keep }: Stage, of: GivenPool): Promise<void> {
  const { id } = of.pool;
  await service.app.get(ChannelRegistry, { strict: false }).add(
    {
      network: service.network.passphrase,
      account: 'GBRPYHIL2CI3FNQ4BXLFMNDLFJUNPU2HY3ZMFSHONUCEOASW7QC7OX2H',
      name: 'landing 1',
    },
    { by: { kind: 'command', id: 'ada', name: 'ada' }, reason: REASON },
  );
  await keep('listChannels', 'GET /operator/channels');
  const sql = service.app.get(LedgerConnections, { strict: false }).write;
  await sql.query('update pools set held = held + 10000000 where id = $1', [id]);
  await keep('selfCheck', 'POST /operator/self-check', { reason: 'every Monday' });
  await keep('repairPool', `POST /operator/pools/${id}/repair`, {
    reason: 'held was written by hand, ticket 4711',
  });
  await keep('quarantinePools', 'POST /operator/quarantine', { reason: GRAVE });
  await keep('listOperatorActions', 'GET /operator/actions');
}

const LONG = 200;
const LISTED = 2;
const TEXT_LINES = 8;

/** Of a text; a file has a line for each row. */
const beginning = (text: string): string =>
  text.split('\n').slice(0, TEXT_LINES).join('\n').trimEnd();

/**
 * As the document shows it: lists begin with two rows, nothing that opens a door is whole, and bytes
 * are cut.
 */
function shown(text: string, receiver: string): unknown {
  const safe = text
    .replaceAll(receiver, 'https://shop.example/holdfast')
    .replaceAll(/hf_[0-9a-f]{12}_[\w-]+/g, 'hf_5f2c81d09a47_…')
    .replaceAll(/whsec_[\w+/=-]+/g, 'whsec_…')
    .replaceAll(/eyJ[\w-]+\.[\w.-]+/g, 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9…');
  return JSON.parse(safe, (_, value: unknown) => {
    if (Array.isArray(value) && typeof value[0] === 'object') return value.slice(0, LISTED);
    return typeof value === 'string' && value.length > LONG ? `${value.slice(0, 64)}…` : value;
  });
}
