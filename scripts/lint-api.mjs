// Lints OpenAPI documents by redocly.yaml; without an argument the committed one. Nothing is sent
// anywhere: no telemetry, no check for updates.
import { spawnSync } from 'node:child_process';

const files = process.argv.length > 2 ? process.argv.slice(2) : ['context/openapi.json'];
const run = spawnSync(
  process.execPath,
  [
    'node_modules/@redocly/cli/bin/cli.js',
    'lint',
    ...files,
    '--config',
    'redocly.yaml',
    '--format',
    'stylish',
  ],
  {
    stdio: 'inherit',
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  },
);
process.exit(run.status ?? 1);
