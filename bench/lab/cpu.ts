import { readdirSync, readFileSync } from 'node:fs';

/** A process that has just ended is in the figures of its parent after this time. */
export const REAPED_MS = 100;
/** Of Linux on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

interface Stat {
  readonly parent: number;
  readonly own: number;
  readonly ofDeadChildren: number;
}

/** Fields 4 and 14 to 17 of /proc/PID/stat, counted after the name, which may contain spaces. */
function statOf(pid: number | string): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = (at: number): number => Number(fields[at] ?? 0);
    return {
      parent: ticks(1),
      own: ticks(11) + ticks(12),
      ofDeadChildren: ticks(13) + ticks(14),
    };
  } catch {
    return undefined;
  }
}

/** Milliseconds of CPU that the processes have used so far. */
export const cpuOf = (pids: readonly number[]): number =>
  (pids.reduce((sum, pid) => sum + (statOf(pid)?.own ?? 0), 0) * 1000) / TICKS_PER_SECOND;

/** Of a process and its children, those that have ended included. Postgres has one a connection. */
export function cpuOfTree(pid: number): number {
  const root = statOf(pid);
  if (!root) return 0;
  const children = readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .reduce((sum, name) => {
      const stat = statOf(name);
      return stat?.parent === pid ? sum + stat.own + stat.ofDeadChildren : sum;
    }, 0);
  return ((root.own + root.ofDeadChildren + children) * 1000) / TICKS_PER_SECOND;
}

/** Resident memory, bytes. */
export function memoryOf(pid: number): number {
  try {
    const line = /^VmRSS:\s+([0-9]+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(line?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
