import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemErrorCode } from './system-error.js';

/** The file in which a network that runs alone describes itself; mode 600. */
export interface NetworkFacts {
  readonly pid: number;
  readonly rpcUrl: string;
  readonly controlUrl: string;
  readonly rpcPort: number;
  readonly controlPort: number;
  readonly passphrase: string;
}

/** One process per data folder: the chain's file has one writer. */
export class DataFolder {
  private readonly lock: string;
  private readonly facts: string;

  private constructor(readonly folder: string) {
    this.lock = path.join(folder, 'network.lock');
    this.facts = path.join(folder, 'network.json');
  }

  get chainFolder(): string {
    return path.join(this.folder, 'network');
  }

  /** @throws Error naming the process that holds the folder */
  static claim(folder: string): DataFolder {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const claimed = new DataFolder(path.resolve(folder));
    const own = `${claimed.lock}.${process.pid}`;
    writeFileSync(own, owner(process.pid), { mode: 0o600 });
    try {
      for (let tries = 0; !claimed.take(own); tries++) {
        const holder = readText(claimed.lock);
        if (tries > 10 || (holder !== undefined && isAlive(holder)))
          throw new Error(
            `${claimed.folder} is in use by process ` +
              `${(holder ?? '').split(' ')[0] ?? '?'}: one local network per data folder`,
          );
        rmSync(claimed.lock, { force: true });
      }
    } finally {
      rmSync(own, { force: true });
    }
    return claimed;
  }

  /**
   * A link is created in one step, so only one of two starts gets it, and a lock always has its
   * owner's name.
   */
  private take(own: string): boolean {
    try {
      linkSync(own, this.lock);
      return true;
    } catch (thrown) {
      if (systemErrorCode(thrown) === 'EEXIST') return false;
      throw thrown;
    }
  }

  publish(facts: NetworkFacts): void {
    writeFileSync(`${this.facts}.next`, `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${this.facts}.next`, this.facts);
  }

  release(): void {
    rmSync(this.facts, { force: true });
    rmSync(this.lock, { force: true });
  }
}

/**
 * Process number and, where the system shows it, its start time: after a reboot another process may
 * have the number.
 */
function owner(pid: number): string {
  return `${pid} ${startTime(pid) ?? ''}`.trim();
}

function isAlive(holder: string): boolean {
  const pid = Number(holder.split(' ')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    if (systemErrorCode(thrown) !== 'EPERM') return false;
  }
  return owner(pid) === holder.trim();
}

/**
 * Field 22 of /proc/<pid>/stat, after the name in brackets; undefined where there is no /proc. A
 * zombie no longer holds the lock.
 */
function startTime(pid: number): string | undefined {
  const fields = readText(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ');
  return fields?.[0] === 'Z' ? 'ended' : fields?.[19];
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
