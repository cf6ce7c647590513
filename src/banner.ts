import type { LocalServices } from './sandbox/local.js';
import type { Seed } from './sandbox/seed.js';

export interface Started { readonly apiUrl: string; readonly local: LocalServices; readonly seeded: { poolId: string; seed: Seed } | undefined; readonly seconds: number }

const YEAR_SECONDS = 365 * 24 * 3600;

/** What runs where, and one request that works when it is pasted. */
export function printBanner({ apiUrl, local, seeded, seconds }: Started): void {
  const lines = [
    '', `Holdfast is ready after ${seconds.toFixed(1)} s.`, '',
    `  API       ${apiUrl}`, `  Swagger   ${apiUrl}/docs`, `  Database  ${local.databaseUrl}`, `  Stellar   ${local.rpcUrl} (${local.networkPassphrase})`,
    ...(local.controlUrl ? [`  Control   ${local.controlUrl}`] : []), '',
    ...(seeded ? ['Hold liquidity for a loan and get its funding transaction:', '', `  ${curl(apiUrl, seeded)}`, ''] : []),
    'Watch fifty borrowers race for a pool that fits twenty: npm run demo', 'Look into the ledger: npm run sql -- "select state, count(*), sum(amount) from reservations group by state"', 'Ctrl-C stops everything; kill -9 leaves database and network running for the next start.', '',
  ];
  console.log(lines.join('\n'));
}

function curl(apiUrl: string, { poolId, seed }: { poolId: string; seed: Seed }): string {
  const dueAt = new Date(Math.ceil(Date.now() / 1000 + YEAR_SECONDS / 12) * 1000).toISOString().replace('.000', '');
  const body = { poolId, borrower: seed.borrowers[0]?.address, vendor: seed.vendors[0], totalAmount: seed.loan.totalAmount, guaranteeAmount: seed.loan.guaranteeAmount, schedule: [{ amount: seed.loan.totalAmount, dueAt }] };
  return `curl -s -X POST ${apiUrl}/loans -H 'content-type: application/json' -H 'idempotency-key: first' -d '${JSON.stringify(body)}'`;
}
