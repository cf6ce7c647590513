import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { architectureFaults } from '../support/architecture-rules.js';

function sources(): Map<string, string> {
  const paths = ['src', 'sandbox'].flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .map((name) => path.posix.join(folder, String(name).replaceAll(path.sep, '/')))
      .filter((name) => name.endsWith('.ts')),
  );
  return new Map(paths.map((name) => [name.replace(/^src\//, ''), readFileSync(name, 'utf8')]));
}

test(
  'src has no import in the wrong direction, no process.env outside the configuration, ' +
    'no overlong file',
  () => {
    const files = sources();
    expect(files.size).toBeGreaterThan(10);
    expect(architectureFaults(files)).toEqual([]);
  },
);

test.each([
  [
    'common imports a room',
    'common/a.ts',
    "import { x } from '../modules/chain/chain.js';",
    'common may not import modules/chain',
  ],
  [
    'the ledger knows the chain',
    'modules/liquidity/a.ts',
    "import type { x } from '../chain/chain.js';",
    'modules/liquidity may not import modules/chain',
  ],
  [
    'the chain knows the sandbox',
    'modules/chain/a.ts',
    "export { x } from '../../../sandbox/local.js';",
    'modules/chain may not import sandbox',
  ],
  [
    'the sandbox knows the chain room',
    'sandbox/a.ts',
    "const x = await import('../src/modules/chain/chain.js');",
    'sandbox may not import modules/chain',
  ],
  [
    'loans imports settlement',
    'modules/loans/a.ts',
    "import '../settlement/verdict.js';",
    'modules/loans may not import modules/settlement',
  ],
  [
    'a job calls the ledger',
    'jobs/a.ts',
    "import { x } from '../modules/liquidity/reservation.js';",
    'jobs may not import modules/liquidity',
  ],
  [
    'a room imports an entrance',
    'jobs/a.ts',
    "import { x } from '../app.js';",
    'imports an entrance',
  ],
  [
    'the SDK leaves the chain',
    'modules/loans/a.ts',
    "import {\n  xdr,\n} from '@stellar/stellar-sdk/rpc';",
    '@stellar/stellar-sdk/rpc is not for modules/loans',
  ],
  [
    'the chain speaks to Postgres',
    'modules/chain/a.ts',
    'import pg from "pg";',
    'pg is not for modules/chain',
  ],
  [
    'a report reads past the views',
    'modules/reporting/a.ts',
    "import { x } from '../liquidity/pools/position.sql.js';",
    'modules/reporting may not import modules/liquidity',
  ],
  [
    'a report opens a connection of its own',
    'modules/reporting/a.ts',
    "import pg from 'pg';",
    'pg is not for modules/reporting',
  ],
  [
    'the console reads the chain itself',
    'modules/console/a.ts',
    "import { x } from '../chain/chain.js';",
    'modules/console may not import modules/chain',
  ],
  [
    'another room imports the console',
    'modules/operations/a.ts',
    "import { x } from '../console/console-answer.js';",
    'modules/operations may not import modules/console',
  ],
  [
    'pg-boss outside the jobs',
    'modules/liquidity/a.ts',
    "import type { Db } from 'pg-boss';",
    'pg-boss is not for modules/liquidity',
  ],
  [
    'pg-boss elsewhere in common',
    'common/a.ts',
    "import { PgBoss } from 'pg-boss';",
    'pg-boss is not for common',
  ],
  [
    'the client knows the service',
    'client/a.ts',
    "import { x } from '../common/errors.js';",
    'client may not import common',
  ],
  ['a file without a room', 'modules/a.ts', '', 'is in no room'],
  [
    'production loads the sandbox',
    'main.ts',
    "import { startLocal } from '../sandbox/local.js';",
    'loads the sandbox always',
  ],
  [
    'a stray variable',
    'jobs/a.ts',
    'const x = process.env.HOME;',
    'process.env is read in common/config.ts only',
  ],
  [
    'a stray variable by name',
    'jobs/a.ts',
    'const x = process["env"];',
    'process.env is read in common/config.ts only',
  ],
  ['an overlong file', 'jobs/a.ts', 'x();\n'.repeat(301), 'has 301 lines of code'],
])('%s: is reported', (_, file, text, fault) => {
  const faults = architectureFaults(new Map([[file, text]]));
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(`${file}: `);
  expect(faults[0]).toContain(fault);
});

test.each([
  [
    'a job that knows a type of the ledger',
    'jobs/a.ts',
    "import type { x } from '../modules/liquidity/reservation.js';",
  ],
  [
    'a job that implements a port of the ledger',
    'jobs/a.ts',
    "import { x } from '../modules/liquidity/holds/hold-follow-up.js';",
  ],
  [
    'a report that knows what a connection is',
    'modules/reporting/a.ts',
    "import type pg from 'pg';",
  ],
  [
    'boss-schema.ts, which makes the schema of pg-boss',
    'database/boss-schema.ts',
    "import { PgBoss } from 'pg-boss';",
  ],
  [
    'an entrance that loads the sandbox on demand',
    'main.ts',
    "const { startLocal } = await import('../sandbox/local.js');\nimport type { x } from '../sandbox/local.js';",
  ],
  ['a command that starts the app', 'cli/a.ts', "import { createApp } from '../app.js';"],
  [
    'migrate.ts, which runs the migrations',
    'database/migrate.ts',
    "import { x } from '../../migrations/1800000000000-baseline.js';",
  ],
  ['the reader of variables', 'common/config.ts', 'const x = process.env;'],
  [
    'a long comment',
    'jobs/a.ts',
    `/*\n${'words\n'.repeat(400)}*/\n${'// words\n\n'.repeat(400)}x();\n`,
  ],
])('%s: is allowed', (_, file, text) => {
  expect(architectureFaults(new Map([[file, text]]))).toEqual([]);
});
