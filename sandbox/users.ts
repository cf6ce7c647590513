import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readMark } from './file-lock.js';
import { markOf, stillRuns } from '../src/common/processes.js';

/**
 * The processes that use a child process that outlives them: one file each in `folder`. Only the
 * last user to leave stops the child.
 */
export interface Usage {
  leave(): number;
}

/** Users that still run. Removes the files of users that died. */
export function usersOf(folder: string): number {
  let running = 0;
  for (const name of namesIn(folder)) {
    const file = path.join(folder, name);
    const mark = readMark(file);
    if (mark && stillRuns(mark)) running++;
    else rmSync(file, { force: true });
  }
  return running;
}

/**
 * Call it under the lock of the child, as `leave` is: no user may join between the last user's
 * check and the stop.
 */
export function joinUsers(folder: string): Usage {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${process.pid}-${randomUUID()}.json`);
  // Written beside the folder and then renamed: another process that counts users would take half a
  // file for a dead user's.
  const half = `${folder}.${randomUUID()}`;
  writeFileSync(half, JSON.stringify(markOf(process.pid)), { mode: 0o600 });
  renameSync(half, file);
  return {
    leave: () => {
      rmSync(file, { force: true });
      return usersOf(folder);
    },
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
