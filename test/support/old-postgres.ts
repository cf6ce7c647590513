import path from 'node:path';

/**
 * Binaries of an older server: those of the oldest supported one, which `.ci/run` unpacks, or the
 * ones that OLD_POSTGRES names (docs/reliability.md#older-servers).
 */
export const OLD_POSTGRES = path.resolve(
  process.env['OLD_POSTGRES'] ?? 'artifacts/postgres-15/package/native',
);
