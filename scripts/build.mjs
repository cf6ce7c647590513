// Compiles with tsc, bundles the programs, copies the console's files and the SQL files, which no
// compiler touches, and removes outputs whose source is gone. `rm -rf dist` was
// rejected: it pulls the files from under a running service.
// What it was built from is remembered by content: a build that would change nothing is left out.
// Every line goes to stderr, because stdout belongs to the command that is run afterwards.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies } from './ensure-deps.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = ['src', 'sandbox', 'test', 'migrations', 'bench'];
const FILES = ['ormconfig.ts', 'tsconfig.json', 'package.json', 'package-lock.json'];
const SCRIPTS = ['scripts/build.mjs', 'scripts/bundle.mjs'];
const BUILT_FROM = path.join('dist', '.built-from');
/** Below src and below dist/src alike. */
const STATIC = path.join('modules', 'console', 'public');
/** The console shows it. */
const RUNBOOK = path.join('docs', 'operations.md');

/**
 * Builds what has changed since the last build. Ends the process when that fails.
 * @param {{ sandbox?: boolean }} options without the sandbox in the programs for an image
 */
export async function build({ sandbox = true } = {}) {
  const here = process.cwd();
  process.chdir(ROOT);
  // An image has the build but no sources.
  if (existsSync('src')) {
    ensureDependencies();
    const sources = `${hashOfSources()}${sandbox ? '' : ' without the sandbox'}`;
    if (!existsSync(BUILT_FROM) || readFileSync(BUILT_FROM, 'utf8') !== sources)
      await make(sources, sandbox);
  }
  process.chdir(here);
}

async function make(sources, sandbox) {
  const start = performance.now();
  process.stderr.write('Building ... ');
  rmSync(BUILT_FROM, { force: true });
  const run = spawnSync(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'],
    { encoding: 'utf8' },
  );
  removeOrphans();
  copyStatic(path.join('src', STATIC), path.join('dist', 'src', STATIC));
  cpSync(RUNBOOK, path.join('dist', 'src', STATIC, path.basename(RUNBOOK)));
  for (const kind of ['schema', 'functions', 'views', 'roles'])
    copyStatic(path.join('migrations', kind), path.join('dist', 'migrations', kind));
  if (run.status !== 0) {
    process.stderr.write(`failed\n${run.stdout ?? ''}${run.stderr ?? ''}`);
    process.exit(run.status ?? 1);
  }
  // imported only now: the packages may have been installed by this process
  const { bundlePrograms, bundleWorkers } = await import('./bundle.mjs');
  await Promise.all([
    bundlePrograms({ out: 'dist/program', sandbox }),
    bundleWorkers('dist/workers'),
  ]);
  writeFileSync(BUILT_FROM, sources);
  process.stderr.write(`done in ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
}

function hashOfSources() {
  const hash = createHash('sha256');
  for (const file of [...FILES, ...SCRIPTS, RUNBOOK, ...FOLDERS.flatMap(filesIn)])
    if (existsSync(file)) hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** Outputs whose source is gone. */
function removeOrphans() {
  for (const folder of FOLDERS) {
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
    removeEmptyFolders(out);
  }
}

/** Folders whose files have all moved elsewhere. */
function removeEmptyFolders(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) removeEmptyFolders(path.join(folder, entry.name));
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

/** Deletes files whose source is gone and overwrites the others in place. */
function copyStatic(from, to) {
  if (existsSync(to))
    for (const name of readdirSync(to))
      if (!existsSync(path.join(from, name))) rmSync(path.join(to, name));
  cpSync(from, to, { recursive: true });
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url))
  await build({ sandbox: !process.argv.includes('--without-sandbox') });
