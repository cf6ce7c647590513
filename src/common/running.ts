import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { markOf, stillRuns } from './processes.js';

const runningSchema = z.object({
  apiUrl: z.url(),
  databaseUrl: z.string().min(1),
  rpcUrl: z.url(),
  /** Null when this service did not start the network, so there is no control port. */
  controlUrl: z.url().nullable(),
  networkPassphrase: z.string().min(1),
  /**
   * The service's process. `pidStartedAt` is when it started (null where the system does not say).
   */
  pid: z.number().int().positive(),
  pidStartedAt: z.string().nullable(),
  poolIds: z.array(z.string()),
  /** Development keys, for the commands. */
  apiKey: z.string().optional(),
  operatorKey: z.string().optional(),
});
/**
 * The services that already ran from this folder when this one started, newest first. When this one
 * stops, the first of them is the running one.
 */
const fileSchema = runningSchema.extend({ earlier: z.array(runningSchema).default([]) });

/**
 * What runs where. The service writes it; demo, bench, pools and sql read it. It has the database's
 * password and keys, so its mode is 600.
 */
export type Running = Readonly<z.infer<typeof runningSchema>>;

const fileIn = (dataDir: string): string => path.join(dataDir, 'running.json');

/** Replaces the file in one step, so that no reader sees half of it. */
export function writeRunning(dataDir: string, running: Omit<Running, 'pidStartedAt'>): void {
  const earlier = servicesIn(dataDir).filter(
    (service) => service.pid !== running.pid && lives(service),
  );
  write(dataDir, [{ ...running, pidStartedAt: markOf(running.pid).startedAt }, ...earlier]);
}

/**
 * @returns undefined when no service runs from this folder: the file is missing or unreadable, or
 * its process is gone
 */
export function readRunning(dataDir: string): Running | undefined {
  return servicesIn(dataDir).find((service) => lives(service));
}

/**
 * Removes process `pid`. Other services of this folder stay; when none is left, the file is
 * removed.
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
