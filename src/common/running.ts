import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { markOf, stillRuns } from './processes.js';

const runningSchema = z.object({
  apiUrl: z.url(),
  databaseUrl: z.string().min(1),
  rpcUrl: z.url(),
  /** null: the network is not ours, so there is no control port. */
  controlUrl: z.url().nullable(),
  networkPassphrase: z.string().min(1),
  /**
   * The service's process; it started when `pidStartedAt` says (null where the system does not
   * tell).
   */
  pid: z.number().int().positive(),
  pidStartedAt: z.string().nullable(),
  poolIds: z.array(z.string()),
  /** Keys of development, for the commands. */
  apiKey: z.string().optional(),
  operatorKey: z.string().optional(),
});
/**
 * The services that ran from this folder when this one started, newest first: when it stops, the
 * one before it is what runs.
 */
const fileSchema = runningSchema.extend({ earlier: z.array(runningSchema).default([]) });

/**
 * What runs where: written by the service, read by demo, bench, pools and sql. It holds the
 * database's password and keys, hence mode 600.
 */
export type Running = Readonly<z.infer<typeof runningSchema>>;

const fileIn = (dataDir: string): string => path.join(dataDir, 'running.json');

/** Replaces the file in one step, so that nobody reads half of it. */
export function writeRunning(dataDir: string, running: Omit<Running, 'pidStartedAt'>): void {
  const earlier = servicesIn(dataDir).filter(
    (service) => service.pid !== running.pid && lives(service),
  );
  write(dataDir, [{ ...running, pidStartedAt: markOf(running.pid).startedAt }, ...earlier]);
}

/**
 * @returns undefined when no service runs from this folder: no file, an unreadable one, or one
 * whose process is gone
 */
export function readRunning(dataDir: string): Running | undefined {
  return servicesIn(dataDir).find((service) => lives(service));
}

/**
 * Process `pid` is no more; what else runs from this folder stays, and without any the file goes.
 */
export function removeRunning(dataDir: string, pid: number): void {
  const known = servicesIn(dataDir);
  if (!known.some((service) => service.pid === pid)) return;
  write(
    dataDir,
    known.filter((service) => service.pid !== pid && lives(service)),
  );
}

const lives = ({ pid, pidStartedAt }: Running): boolean =>
  stillRuns({ pid, startedAt: pidStartedAt });

/** Newest first. */
function servicesIn(dataDir: string): Running[] {
  try {
    const { earlier, ...newest } = fileSchema.parse(
      JSON.parse(readFileSync(fileIn(dataDir), 'utf8')),
    );
    return [newest, ...earlier];
  } catch {
    return [];
  }
}

function write(dataDir: string, [newest, ...earlier]: readonly Running[]): void {
  if (!newest) {
    rmSync(fileIn(dataDir), { force: true });
    return;
  }
  mkdirSync(dataDir, { recursive: true });
  const fresh = `${fileIn(dataDir)}.${randomUUID()}`;
  writeFileSync(
    fresh,
    `${JSON.stringify({ ...newest, ...(earlier.length > 0 ? { earlier } : {}) }, null, 2)}\n`,
    { mode: 0o600 },
  );
  renameSync(fresh, fileIn(dataDir));
}
