import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { LedgerMarks } from './ledger-history.js';
import type { NetworkNotes } from './network-notes.js';
import type { TransactionRecord } from './transaction-apply.js';

/** One closed ledger as it is on disk. XDR in base64. */
export interface LedgerLine extends LedgerMarks {
  readonly sequence: number;
  /** Unix seconds. */
  readonly closeTime: number;
  readonly hash: string;
  /** Digest of what the ledger did; its header names it. */
  readonly content: string;
  /**
   * Entry key, new content (null: removed), last ledger of its lifetime. Compaction drops it,
   * because the base line has the result.
   */
  readonly changes?: readonly (readonly [string, string | null, number?])[];
  readonly transactions?: readonly TransactionRecord[];
  readonly notes?: NetworkNotes;
}
/**
 * First line of a compacted log: every entry (key, content, last change, last ledger of its
 * lifetime) after the last ledger of that log.
 */
export interface BaseLine {
  readonly base: readonly (readonly [string, string, number, number?])[];
  readonly notes: NetworkNotes;
}

/**
 * Append-only file of closed ledgers, with a checksum before each line. A line is on disk before
 * its ledger is reported. There is no database: the network must survive a kill with its own file,
 * even while Postgres is down.
 */
export class LedgerLog {
  private descriptor: number | undefined;

  private constructor(private readonly file: string | null) {}

  /**
   * @param folder null keeps nothing (tests)
   * @throws Error when a line before the last one is damaged
   */
  static open(folder: string | null): {
    readonly log: LedgerLog;
    readonly lines: readonly (LedgerLine | BaseLine)[];
  } {
    if (folder === null) return { log: new LedgerLog(null), lines: [] };
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = path.join(folder, 'ledgers.log');
    const lines = existsSync(file) ? readWhole(file) : [];
    const log = new LedgerLog(file);
    log.descriptor = openSync(file, 'a', 0o600);
    syncFolder(folder);
    return { log, lines };
  }

  append(line: LedgerLine): void {
    if (this.file === null) return;
    if (this.descriptor === undefined) throw new Error('the ledger log is closed');
    const { size } = fstatSync(this.descriptor);
    try {
      writeAll(this.descriptor, framed(line));
      fdatasyncSync(this.descriptor);
    } catch (thrown) {
      ftruncateSync(this.descriptor, size); // half a line must not stay before a whole one
      throw thrown;
    }
  }

  /** Replaces the file in one step by a shorter one with the same meaning. */
  replace(lines: readonly (LedgerLine | BaseLine)[]): void {
    if (this.file === null) return;
    const next = openSync(`${this.file}.next`, 'w', 0o600);
    for (const line of lines) writeAll(next, framed(line));
    fsyncSync(next);
    renameSync(`${this.file}.next`, this.file);
    syncFolder(path.dirname(this.file));
    this.close();
    this.descriptor = next;
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}

function framed(line: LedgerLine | BaseLine): Buffer {
  const body = JSON.stringify(line);
  return Buffer.from(`${crc32(body).toString(16).padStart(8, '0')} ${body}\n`);
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
}

/** Removes a torn last line: its ledger was never reported. */
function readWhole(file: string): (LedgerLine | BaseLine)[] {
  const bytes = readFileSync(file);
  const lines: (LedgerLine | BaseLine)[] = [];
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(0x0a, start);
    const line = end < 0 ? undefined : unframed(bytes.toString('utf8', start, end));
    if (!line) {
      if (end >= 0 && end < bytes.length - 1)
        throw new Error(
          `${file} is damaged at byte ${start}: restore it or remove the folder to begin a new chain`,
        );
      truncateSync(file, start);
      break;
    }
    lines.push(line);
    start = end + 1;
  }
  return lines;
}

function unframed(text: string): LedgerLine | BaseLine | undefined {
  const body = text.slice(9);
  if (text.slice(0, 8) !== crc32(body).toString(16).padStart(8, '0')) return undefined;
  const parsed: LedgerLine | BaseLine = JSON.parse(body) as LedgerLine | BaseLine;
  return parsed;
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
