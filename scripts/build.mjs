// Compiles with tsc and removes outputs whose source is gone. `rm -rf dist` was rejected: it pulls the files from under a running service.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const run = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'], { stdio: 'inherit' });
for (const folder of ['src', 'test', 'migrations', 'bench']) {
  const out = path.join('dist', folder);
  if (!existsSync(out)) continue;
  for (const file of readdirSync(out, { recursive: true }).map(String).filter((name) => name.endsWith('.js'))) {
    if (existsSync(path.join(folder, file.replace(/\.js$/, '.ts')))) continue;
    rmSync(path.join(out, file));
    rmSync(path.join(out, `${file}.map`), { force: true });
  }
}
process.exit(run.status ?? 1);
