import { randomUUID } from 'node:crypto';
import type { DevelopmentKeys } from './cli/development-keys.js';
import { DASHBOARD_PATH } from './jobs/dashboard.js';
import { CONSOLE_PATH } from './modules/console/console-files.js';
import type { LocalServices } from '../sandbox/local.js';
import type { Seed } from '../sandbox/seed.js';

/** The seeded pool, and a borrower without a live hold (null: every borrower has one). */
export interface SeededPool {
  readonly poolId: string;
  readonly seed: Seed;
  readonly borrower: string | null;
  /** The last such one, for the API's pages; null like `borrower`. */
  readonly lastBorrower: string | null;
}

export interface Started {
  readonly apiUrl: string;
  readonly local: LocalServices;
  readonly seeded: SeededPool | undefined;
  readonly keys: DevelopmentKeys;
  readonly seconds: number;
}

const YEAR_SECONDS = 365 * 24 * 3600;

/** Prints the addresses of the service, and one request that works when it is pasted. */
export function printBanner({ apiUrl, local, seeded, keys, seconds }: Started): void {
  const lines = [
    '',
    `Holdfast is ready after ${seconds.toFixed(1)} s.`,
    '',
    `  API       ${apiUrl}`,
    `  Console   ${apiUrl}${CONSOLE_PATH} (sign in with the operator's key)`,
    `  Swagger   ${apiUrl}/docs`,
    `  Jobs      ${apiUrl}${DASHBOARD_PATH} (the same sign-in)`,
    `  Operator  ${keys.operatorKey}`,
    `  Database  ${local.databaseUrl}`,
    `  Stellar   ${local.rpcUrl} (${local.networkPassphrase})`,
    ...(local.controlUrl ? [`  Control   ${local.controlUrl}`] : []),
    '',
    ...(seeded?.borrower
      ? [
          'Hold liquidity for a loan and get its funding transaction:',
          '',
          `  ${curl(apiUrl, keys.apiKey, seeded, seeded.borrower)}`,
          '',
        ]
      : []),
    'Watch fifty borrowers race for a pool that fits twenty: npm run demo',
    'Look into the ledger: npx holdfast sql "select state, count(*), sum(amount) from reservations group by state"',
    'Ctrl-C stops everything; kill -9 leaves database and network running for the next ' +
      'start. Kill one of those: it is started again.',
    '',
  ];
  console.log(lines.join('\n'));
}

function curl(apiUrl: string, key: string, { poolId, seed }: SeededPool, borrower: string): string {
  const dueAt = new Date(Math.ceil(Date.now() / 1000 + YEAR_SECONDS / 12) * 1000)
    .toISOString()
    .replace('.000', '');
  const body = {
    poolId,
    borrower,
    vendor: seed.vendors[0],
    totalAmount: seed.loan.totalAmount,
    guaranteeAmount: seed.loan.guaranteeAmount,
    schedule: [{ amount: seed.loan.totalAmount, dueAt }],
  };
  return (
    `curl -s -X POST ${apiUrl}/loans -H 'authorization: Bearer ${key}' -H 'content-type: ` +
    `application/json' -H 'idempotency-key: ${randomUUID()}' -d '${JSON.stringify(body)}'`
  );
}
