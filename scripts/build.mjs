// Compiles with tsc, copies the console's files and the SQL files, which no compiler touches, and
// removes outputs whose source is gone. `rm -rf dist` was rejected: it pulls the files from under a running
// service.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

// An image has what was built and not what it was built from.
if (!existsSync('src')) process.exit(0);

/** Below src and below dist/src alike. */
const STATIC = path.join('modules', 'console', 'public');

const run = spawnSync(
  process.execPath,
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'],
  { stdio: 'inherit' },
);
for (const folder of ['src', 'sandbox', 'test', 'migrations', 'bench']) {
  const out = path.join('dist', folder);
  if (!existsSync(out)) continue;
  for (const file of readdirSync(out, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.js'))) {
    if (existsSync(path.join(folder, file.replace(/\.js$/, '.ts'))) || file.startsWith(STATIC))
      continue;
    rmSync(path.join(out, file));
    rmSync(path.join(out, `${file}.map`), { force: true });
  }
}
copyStatic(path.join('src', STATIC), path.join('dist', 'src', STATIC));
for (const kind of ['schema', 'functions', 'views', 'roles'])
  copyStatic(path.join('migrations', kind), path.join('dist', 'migrations', kind));
process.exit(run.status ?? 1);

/** Files that are gone go; the rest is written over in place. */
function copyStatic(from, to) {
  if (existsSync(to))
    for (const name of readdirSync(to))
      if (!existsSync(path.join(from, name))) rmSync(path.join(to, name));
  cpSync(from, to, { recursive: true });
}
