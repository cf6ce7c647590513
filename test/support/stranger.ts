import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/**
 * How much a newcomer's way to a settled loan costs the machine: seconds of CPU, because a busy
 * machine stretches the time on the wall and not these.
 */
export const MACHINE_SECONDS_MAX = 120;
const TICKS_PER_SECOND = 100;

/** Of a process, its descendants that live, and the children that each has already waited for. */
export function cpuSecondsOf(root: number | undefined): number {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? statOf(name) : []));
  const tree = new Set([root]);
  for (let size = 0; size < tree.size;) {
    size = tree.size;
    for (const { pid, parent } of all) if (tree.has(parent)) tree.add(pid);
  }
  return (
    all.reduce((sum, { pid, ticks }) => (tree.has(pid) ? sum + ticks : sum), 0) / TICKS_PER_SECOND
  );
}

/** Nothing when the process has ended meanwhile. */
function statOf(name: string): { pid: number; parent: number; ticks: number }[] {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${name}/stat`, 'utf8');
  } catch {
    return [];
  }
  // the second field is the program's name in brackets, which may hold blanks
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + (fields[at] ?? 0), 0);
  return [{ pid: Number(name), parent: fields[1] ?? 0, ticks }];
}

/** Runs a program. @returns what it printed, and the CPU that it and its children used, seconds */
export async function timed(
  command: readonly string[],
  options: { readonly cwd?: string; readonly env: NodeJS.ProcessEnv; readonly timeout: number },
): Promise<{ readonly printed: string; readonly seconds: number }> {
  const script = '"$@" && times >&2';
  const run = promisify(execFile);
  const { stdout, stderr } = await run('bash', ['-c', script, 'timed', ...command], options);
  return { printed: stdout, seconds: shellSeconds(stderr) };
}

/** Of the last line of bash's `times`: user and system time of its children. */
export function shellSeconds(printed: string): number {
  const [, ...spent] = /(\d+)m([\d.,]+)s (\d+)m([\d.,]+)s\n$/.exec(printed) ?? [];
  if (spent.length === 0) throw new Error(`no times at the end of: ${printed.slice(-200)}`);
  const [userMinutes = 0, user = 0, systemMinutes = 0, system = 0] = spent.map((text) =>
    Number(text.replace(',', '.')),
  );
  return (userMinutes + systemMinutes) * 60 + user + system;
}

/** The line that a run shows. */
export function sayPath(path: string, steps: number, seconds: number): void {
  console.log(`${path}: ${steps} steps to a settled loan, ${seconds.toFixed(1)} s of machine time`);
}
