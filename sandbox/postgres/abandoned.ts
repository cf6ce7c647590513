import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stillRuns } from '../../src/common/processes.js';
import { readMark } from '../file-lock.js';
import { usersOf } from '../users.js';
import { stopServer, TEMPORARY, TEMPORARY_PLACES } from './embedded.js';

/** A temporary folder younger than this may belong to a server that is starting, milliseconds. */
const STARTING_MS = 120_000;
/** How long other checkouts leave a kept server alone, milliseconds. */
const KEPT_MS = 3_600_000;
const KEEP = 'keep';

/** Marks a temporary server that outlives its users, so that a developer can inspect it. */
export function keepForInspection(folder: string, project: string): void {
  writeFileSync(path.join(folder, KEEP), project);
}

/**
 * Stops temporary servers whose users were killed, and those kept by an earlier run of this
 * project, and removes their folders.
 * @param project root folder of the checkout
 */
export async function sweepAbandoned(project: string): Promise<void> {
  const folders = TEMPORARY_PLACES.flatMap((place) =>
    readdirSync(place)
      .filter((entry) => entry.startsWith(TEMPORARY))
      .map((entry) => path.join(place, entry)),
  );
  for (const folder of folders) {
    if (!isAbandoned(folder, project)) continue;
    await stopServer(path.join(folder, 'data'), 'SIGQUIT');
    rmSync(folder, { recursive: true, force: true });
  }
}

function isAbandoned(folder: string, project: string): boolean {
  try {
    const stat = lstatSync(folder);
    const age = Date.now() - stat.birthtimeMs;
    if (
      !stat.isDirectory() ||
      stat.uid !== process.getuid?.() ||
      usersOf(path.join(folder, 'users')) > 0
    )
      return false;
    // The server is still starting, however long that takes on a loaded machine: users join when it
    // is up.
    const starter = readMark(path.join(folder, 'lock'));
    if (starter && stillRuns(starter)) return false;
    const keep = path.join(folder, KEEP);
    if (existsSync(keep)) return age > KEPT_MS || readFileSync(keep, 'utf8') === project;
    return age > STARTING_MS;
  } catch {
    return false; // another process has just removed it
  }
}
