import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { codeOf, markOf, stillRuns, until, type ProcessMark } from '../src/common/processes.js';

const markSchema = z.object({ pid: z.number().int(), startedAt: z.string().nullable() });

export function readMark(file: string): ProcessMark | undefined {
  try {
    return markSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * One attempt. The lock appears with its content in one step (link), so no process reads half of
 * it.
 */
function tryTake(lock: string, own: string): true | undefined {
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  const holder = readMark(lock);
  if (holder && stillRuns(holder)) return undefined;
  // Its holder died. It is moved aside before it is removed, so that only one of two processes
  // removes it.
  const aside = `${lock}.${randomUUID()}`;
  try {
    renameSync(lock, aside);
    const moved = readMark(aside);
    // Another process was faster and this lock is its own, so it is restored.
    if (moved && stillRuns(moved)) linkSync(aside, lock);
    rmSync(aside, { force: true });
  } catch {
    /** another process moved it; the next try sees */
  }
  return undefined;
}

/**
 * Runs `work` while no other process of this machine runs work under the same lock file. A holder
 * that was killed does not block it.
 * @param limitMs how long to wait for the lock, milliseconds
 */
export async function withFileLock<T>(
  lock: string,
  limitMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const own = `${lock}.${randomUUID()}`;
  writeFileSync(own, JSON.stringify(markOf(process.pid)), { mode: 0o600 });
  try {
    await until(`the lock ${path.basename(lock)}, which another process holds`, limitMs, () =>
      tryTake(lock, own),
    );
  } finally {
    rmSync(own, { force: true });
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}
