import type { Connections } from '../../../database/limited-client.js';
import type { KeyLookup, RefusalFacts } from '../reservation.js';

export interface KeyQuestion {
  readonly tenantId: string;
  readonly key: string;
  readonly fingerprint: string;
}
interface KeyRow {
  readonly nth: number;
  readonly fingerprint: string;
  readonly pool_id: string;
  readonly request_id: string;
  readonly outcome: string;
  readonly code: string | null;
  readonly facts: RefusalFacts | null;
}
/** `lateral` with a limit, so that each key is one look into the index, however many are asked. */
const keys = (questions: string): string => `
select q.nth::int, k.* from ${questions} as q(tenant_id, key, nth)
cross join lateral (select i.fingerprint, i.pool_id, i.request_id, i.outcome, i.code, i.facts
  from idempotency_keys i where i.tenant_id = q.tenant_id and i.key = q.key
    and i.expires_at > clock_timestamp() limit 1) k`;

const KEYS = keys('unnest($1::text[], $2::text[]) with ordinality');
/** The server guesses ten rows for an array, so it plans a look for one anew each time. */
const KEY = keys('(values ($1::text, $2::text, 1))');

/** What is stored under each key now. An expired record counts as a new key. */
export async function findKeys(
  database: Connections,
  questions: readonly KeyQuestion[],
): Promise<KeyLookup[]> {
  const [only, ...others] = questions;
  const { rows } =
    only && others.length === 0
      ? await database.queryTogether<KeyRow>(KEY, [only.tenantId, only.key])
      : await database.queryTogether<KeyRow>(KEYS, [
          questions.map(({ tenantId }) => tenantId),
          questions.map(({ key }) => key),
        ]);
  const found = new Map(rows.map((row) => [row.nth, row]));
  return questions.map(({ fingerprint }, index) => keyLookupOf(found.get(index + 1), fingerprint));
}

function keyLookupOf(row: KeyRow | undefined, fingerprint: string): KeyLookup {
  if (!row) return { kind: 'unknown' };
  if (row.fingerprint !== fingerprint) return { kind: 'reused' };
  if (row.outcome === 'held')
    return {
      kind: 'known',
      record: { kind: 'held', poolId: row.pool_id, reservationId: row.request_id },
    };
  return {
    kind: 'known',
    record: {
      kind: 'refused',
      poolId: row.pool_id,
      code: row.code ?? 'INTERNAL',
      facts: row.facts ?? {},
    },
  };
}
