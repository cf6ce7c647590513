/** Requests to the service. The browser adds the session cookie. */
const DATA = '/console/data';

export class SignedOut extends Error {}
export class NotFound extends Error {}

/** A service that hangs does not answer, and a fetch would wait forever. */
const PATIENCE_MS = 15_000;
/** An action may ask the chain. As the service's own limit. */
const ACTION_MS = 30_000;
/** A report may be long. */
const FILE_MS = 120_000;

/** Rows in one answer, at most. */
const MOST = 200;

let heardAt = performance.now();
/**
 * Seconds since the service last sent anything: an answer, or an event of the stream. The page
 * cannot see the stream's heartbeats, which are comments.
 */
export const silentSeconds = () => (performance.now() - heardAt) / 1000;
const heard = () => {
  heardAt = performance.now();
};

async function ask(address, { method = 'GET', headers = {}, body, patienceMs } = {}) {
  try {
    const answer = await fetch(address, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patienceMs ?? (method === 'GET' ? PATIENCE_MS : ACTION_MS)),
    });
    const text = await answer.text();
    heard();
    return { status: answer.status, body: parsed(text), text };
  } catch (thrown) {
    throw new Error(
      thrown.name === 'TimeoutError'
        ? 'The service does not answer.'
        : 'The service cannot be reached.',
      { cause: thrown },
    );
  }
}
/** a proxy before the service answers with a page of its own */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function read(address, accepted = [200]) {
  const { status, body } = await ask(address);
  if (status === 401) throw new SignedOut('The session is over.');
  if (!accepted.includes(status))
    throw new (status === 404 ? NotFound : Error)(
      body?.detail ?? `The service answered ${status}.`,
    );
  if (body === null) throw new Error('The answer did not come from the service.');
  return body;
}

/** The query of a list; what is empty is left out. */
const query = (members) => {
  const given = Object.entries(members).filter(([, value]) => value !== '' && value !== null);
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
};

/**
 * Runs an operator action. The session does not open the API, so each action has a ticket of its
 * own. The API's own words say why it was refused.
 * @returns the answer's body
 */
export async function act(method, path, { body, reason } = {}) {
  const answer = await ticketed(method, path, reason === undefined ? {} : { reason }, { body });
  return answer.body;
}

async function ticketed(method, path, asked, options) {
  const refused = ({ status, body: problem }) => {
    if (status === 401) throw new SignedOut('The session is over.');
    const faults = problem?.errors ?? [];
    const words = faults.map(({ field, message }) => `${field} ${message}`).join('; ');
    throw new Error(words || problem?.detail || `The service answered ${status}.`);
  };
  const given = await ask('/console/tickets', { method: 'POST', body: { method, path } });
  if (given.status !== 200) refused(given);
  const answer = await ask(`${path}${query(asked)}`, {
    ...options,
    method,
    headers: { authorization: `Ticket ${given.body.ticket}` },
  });
  if (answer.status >= 300) refused(answer);
  return answer;
}

/** The text of a file. Like an action it takes a ticket: the session does not open the API. */
export async function file(path, asked) {
  const answer = await ticketed('GET', path, asked, { patienceMs: FILE_MS });
  return answer.text;
}

export const overview = () => read(`${DATA}/overview`);
/**
 * A 503 counts as an answer, because it says what is wrong, unless the service was too busy to
 * check.
 * @returns null: not known
 */
export async function health() {
  const found = await read('/health/ready', [200, 503]);
  return found.chain === undefined ? null : found;
}
export const holds = (pool, asked) => read(`${DATA}/pools/${pool}/holds${query(asked)}`);
export const contracts = (pool) => read(`${DATA}/pools/${pool}/contracts`);
export const inFlight = (pool, asked) => read(`${DATA}/pools/${pool}/in-flight${query(asked)}`);
export const rows = (pool, kind, asked) =>
  read(`${DATA}/pools/${pool}/rows/${kind}${query(asked)}`);
/** @param span `hours`, or `since` and `until` */
export const history = (pool, span) => read(`${DATA}/pools/${pool}/history${query(span)}`);
export const recent = (pool) => read(`${DATA}/pools/${pool}/recent`);
export const reservations = (asked) => read(`${DATA}/reservations${query(asked)}`);
export const actions = (asked) => read(`${DATA}/actions${query(asked)}`);
export const keys = (asked) => read(`${DATA}/keys${query(asked)}`);
export const webhooks = (asked) => read(`${DATA}/webhooks${query(asked)}`);
export const deliveries = (id, asked) =>
  read(`${DATA}/webhooks/${encodeURIComponent(id)}/deliveries${query(asked)}`);
export const jobs = () => read(`${DATA}/jobs`);
export const breaks = (asked) => read(`${DATA}/breaks${query(asked)}`);
export const breakCause = (id) => read(`${DATA}/breaks/${encodeURIComponent(id)}`);
export const pauses = (pool) => read(`${DATA}/pools/${encodeURIComponent(pool)}/pauses`);
/** Every one: a page beside others would not know which pools a break explains already. */
export async function alarms() {
  const all = [];
  let found = { nextCursor: '' };
  do {
    found = await read(`${DATA}/alarms${query({ cursor: found.nextCursor, limit: MOST })}`);
    all.push(...found.alarms);
  } while (found.nextCursor !== null);
  return { ...found, alarms: all };
}
export const channels = (asked) => read(`${DATA}/channels${query(asked)}`);
export const search = (text) => read(`${DATA}/search?text=${encodeURIComponent(text)}`);
export const reservation = (id) => read(`${DATA}/reservations/${encodeURIComponent(id)}`);

/**
 * Follows every pool, now and at each change. After a cut the browser connects again; it gives up
 * only when it is refused.
 * @returns a function that ends the stream
 */
export function follow({ onPool, onState }) {
  const source = new EventSource(`${DATA}/events`);
  let renewing = false;
  source.addEventListener('open', () => {
    heard();
    onState('live');
  });
  source.addEventListener('pool', (event) => {
    heard();
    onPool(JSON.parse(event.data));
  });
  source.addEventListener('closing', (event) => {
    renewing = JSON.parse(event.data).reason === 'renew';
  });
  source.addEventListener('error', () => {
    // the service ends a stream after a quarter of an hour; the browser opens it again within
    // seconds
    const expected = renewing && source.readyState !== EventSource.CLOSED;
    renewing = false;
    if (!expected) onState(source.readyState === EventSource.CLOSED ? 'refused' : 'lost');
  });
  return () => source.close();
}

/** The runbook as it is published, which the service has beside this page. */
export async function runbook() {
  const answer = await fetch(new URL('operations.md', import.meta.url), {
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!answer.ok) throw new Error('The runbook cannot be read.');
  return answer.text();
}
