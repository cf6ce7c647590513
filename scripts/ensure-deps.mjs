// Lets a bare `npm start` / `npm test` work on a fresh clone: installs when an installed package is
// missing or differs from the lock file.
// Compared by content, not by file time: a checkout touches package-lock.json without changing what
// it says.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const read = (file) => JSON.parse(readFileSync(file, 'utf8')).packages ?? {};

/** The first package that the lock file asks for and node_modules does not have, or undefined. */
function missing() {
  if (!existsSync('node_modules/.package-lock.json')) return 'node_modules';
  const wanted = read('package-lock.json');
  const installed = read('node_modules/.package-lock.json');
  return Object.keys(wanted).find(
    (path) =>
      path &&
      !wanted[path].optional &&
      !wanted[path].peer &&
      installed[path]?.version !== wanted[path].version,
  );
}

/** In the project's folder. Ends the process when the packages cannot be installed. */
export function ensureDependencies() {
  const lacking = missing();
  if (!lacking) return;
  console.error(`Installing dependencies (npm ci): ${lacking} is not as the lock file says ...`);
  // NODE_ENV=production would drop the compiler, which `npm start` needs.
  const run = spawnSync(
    'npm',
    ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' },
  );
  if (run.status !== 0) process.exit(run.status ?? 1);
}
