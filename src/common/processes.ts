import { execFile } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Identifies one process for good. A number alone does not: Linux uses process numbers again. */
export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks from boot to its start; null where the system does not say (macOS). */
  readonly startedAt: string | null;
}

/**
 * Reads the state (field 3) and the start time (field 22) from /proc/<pid>/stat. The name before
 * them may contain spaces and brackets, so fields are counted after the last bracket.
 */
function procStat(pid: number): { state: string | null; startedAt: string | null } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? null, startedAt: fields[19] ?? null };
  } catch {
    return { state: null, startedAt: null };
  }
}

/** The system's code of a failed call (`ENOENT`). */
export function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

/**
 * A dead child that was not collected still answers kill(0), and counts as dead here: in a
 * container, process 1 is often not an init.
 */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return procStat(pid).state !== 'Z';
  } catch (error) {
    return codeOf(error) === 'EPERM'; // it runs and belongs to another user
  }
}

export function markOf(pid: number): ProcessMark {
  return { pid, startedAt: procStat(pid).startedAt };
}

/** Whether this same process still runs. */
export function stillRuns(mark: ProcessMark): boolean {
  return (
    isAlive(mark.pid) &&
    (mark.startedAt === null || procStat(mark.pid).startedAt === mark.startedAt)
  );
}

/** The command line of a process, or an empty text when the process is gone or hidden. */
export async function commandLine(pid: number): Promise<string> {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    /* no /proc here, or the process is gone */
  }
  return run('ps', ['-o', 'command=', '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
}

/** The working folder of a process, or undefined where the system does not say. */
export function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

/** Asks until the answer is not undefined. @throws Error with `what` when the time is over */
export async function until<T>(
  what: string,
  limitMs: number,
  ask: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() >= end)
      throw new Error(`${what}: not within ${Math.round(limitMs / 1000)} s`);
    await wait(25);
  }
}

/** Sends a signal and waits for the end of the process. @returns whether it ended in time */
export async function endProcess(
  pid: number,
  signal: NodeJS.Signals,
  limitMs: number,
): Promise<boolean> {
  const mark = markOf(pid);
  try {
    process.kill(pid, signal);
  } catch {
    return !stillRuns(mark);
  }
  return until('end of the process', limitMs, () => (stillRuns(mark) ? undefined : true)).catch(
    () => false,
  );
}
