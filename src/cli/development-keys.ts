import type { Actor, Scope } from '../common/caller.js';
import { newKeyText } from '../modules/access/api-key.js';
import type { ApiKeys } from '../modules/access/api-keys.js';
import { keepSecrets, secretsFrom } from '../../sandbox/secrets.js';

export interface DevelopmentKeys {
  /** Of the tenant `default`: its loans, and pools to read. */ readonly apiKey: string;
  /** For operators. */ readonly operatorKey: string;
}

export const STARTER: Actor = { kind: 'start', id: 'npm start', name: 'npm start' };
const PLAN = {
  apiKey: {
    tenantId: 'default',
    name: 'development',
    scopes: ['loans:write', 'loans:read', 'pools:read'],
  },
  operatorKey: {
    tenantId: 'default',
    name: 'development operator',
    scopes: ['operate', 'jobs:write'],
  },
} as const satisfies Record<
  keyof DevelopmentKeys,
  { tenantId: string; name: string; scopes: readonly Scope[] }
>;

/**
 * The two keys of a development service, kept in DATA_DIR. One that this database does not know
 * (another database, or it was revoked) is made again.
 */
export async function ensureDevelopmentKeys(
  keys: ApiKeys,
  dataDir: string,
): Promise<DevelopmentKeys> {
  const apiKey = await ensure(keys, secretsFrom(dataDir).apiKey, PLAN.apiKey);
  const operatorKey = await ensure(keys, secretsFrom(dataDir).operatorKey, PLAN.operatorKey);
  keepSecrets(dataDir, { ...secretsFrom(dataDir), apiKey, operatorKey });
  return { apiKey, operatorKey };
}

async function ensure(
  keys: ApiKeys,
  known: string | null,
  request: { tenantId: string; name: string; scopes: readonly Scope[] },
): Promise<string> {
  if (known !== null && (await keys.recognise(known))) return known;
  return (
    await keys.create(
      { ...request, expiresInDays: null },
      { by: STARTER, reason: 'made at the first start' },
      newKeyText(),
    )
  ).text;
}
