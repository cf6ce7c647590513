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
  /** The service's process; it started when `pidStartedAt` says (null where the system does not tell). */
  pid: z.number().int().positive(),
  pidStartedAt: z.string().nullable(),
  poolIds: z.array(z.string()),
});

/** What runs where: written by the service, read by demo, bench, pools and sql. It holds the database's password, hence mode 600. */
export type Running = Readonly<z.infer<typeof runningSchema>>;

const fileIn = (dataDir: string): string => path.join(dataDir, 'running.json');

/** Replaces the file in one step, so that nobody reads half of it. */
export function writeRunning(dataDir: string, running: Omit<Running, 'pidStartedAt'>): void {
  mkdirSync(dataDir, { recursive: true });
  const fresh = `${fileIn(dataDir)}.${randomUUID()}`;
  writeFileSync(fresh, `${JSON.stringify({ ...running, pidStartedAt: markOf(running.pid).startedAt }, null, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, fileIn(dataDir));
}

/** @returns undefined when no service runs from this folder: no file, an unreadable one, or one whose process is gone */
export function readRunning(dataDir: string): Running | undefined {
  const running = parse(dataDir);
  return running && stillRuns({ pid: running.pid, startedAt: running.pidStartedAt }) ? running : undefined;
}

/** Removes the file if it is about process `pid`: a service that was started meanwhile keeps its own. */
export function removeRunning(dataDir: string, pid: number): void {
  if (parse(dataDir)?.pid === pid) rmSync(fileIn(dataDir), { force: true });
}

function parse(dataDir: string): Running | undefined {
  try {
    return runningSchema.parse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8')));
  } catch {
    return undefined;
  }
}
