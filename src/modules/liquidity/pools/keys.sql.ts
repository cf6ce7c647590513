import { perQuestion } from '../../../database/columns.js';
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
const keysOf = perQuestion<KeyQuestion>(
  {
    tenant_id: { type: 'text', of: ({ tenantId }) => tenantId },
    key: { type: 'text', of: ({ key }) => key },
  },
  (questions) => `
select q.nth::int, k.* from ${questions}
cross join lateral (select i.fingerprint, i.pool_id, i.request_id, i.outcome, i.code, i.facts
  from idempotency_keys i where i.tenant_id = q.tenant_id and i.key = q.key
    and i.expires_at > clock_timestamp() limit 1) k`,
);

/** What is stored under each key now. An expired record counts as a new key. */
export async function findKeys(
  database: Connections,
  questions: readonly KeyQuestion[],
): Promise<KeyLookup[]> {
  const { text, values } = keysOf(questions);
  const { rows } = await database.queryTogether<KeyRow>(text, values);
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
