/** Reads from the service. The session's cookie goes with it by itself. */
const DATA = '/console/data';

export class SignedOut extends Error {}
export class NotFound extends Error {}

async function read(address, accepted = [200]) {
  const answer = await fetch(address, { headers: { accept: 'application/json' } });
  if (answer.status === 401) throw new SignedOut('The session is over.');
  if (!accepted.includes(answer.status)) {
    const problem = await answer.json().catch(() => ({}));
    throw new (answer.status === 404 ? NotFound : Error)(problem.detail ?? `The service answered ${answer.status}.`);
  }
  return answer.json();
}

export const overview = () => read(`${DATA}/overview`);
/** 503 is an answer too: it says what is wrong. */
export const health = () => read('/health/ready', [200, 503]);
export const holds = (pool) => read(`${DATA}/pools/${pool}/holds`);
export const inFlight = (pool) => read(`${DATA}/pools/${pool}/in-flight`);
export const rows = (pool, kind) => read(`${DATA}/pools/${pool}/rows/${kind}`);
export const history = (pool, hours) => read(`${DATA}/pools/${pool}/history?hours=${hours}`);
export const reservations = (pool, cursor) => read(`${DATA}/reservations?poolId=${pool}&limit=50${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
export const reservation = (id) => read(`${DATA}/reservations/${encodeURIComponent(id)}`);

/**
 * Every pool, now and whenever it changes. A browser comes back by itself after a cut; it gives up only when it is refused.
 * @returns a function that ends it
 */
export function follow({ onPool, onState }) {
  const source = new EventSource(`${DATA}/events`);
  source.addEventListener('open', () => onState('live'));
  source.addEventListener('pool', (event) => onPool(JSON.parse(event.data)));
  source.addEventListener('error', () => onState(source.readyState === EventSource.CLOSED ? 'refused' : 'lost'));
  return () => source.close();
}
