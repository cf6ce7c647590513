import { asError } from '../common/errors.js';
import { Connections } from './limited-client.js';
import { RateLeases } from './rate-leases.js';

/**
 * How many requests of one subject its current window has, this one included, and how much of the
 * window is left, milliseconds.
 */
export interface Count {
  readonly taken: number;
  readonly leftMs: number;
}
export interface CountOptions {
  readonly url: string;
  /** How long a request waits for its count, milliseconds; then it passes uncounted. */
  readonly waitMs: number;
  readonly onTrouble?: (error: Error) => void;
}

interface Waiting {
  readonly subject: string;
  readonly windowMs: number;
  readonly most: number;
  resolve(count: Count): void;
  reject(error: Error): void;
}

/**
 * One row per subject. Waiting requests of a process share one statement, and those of one subject
 * share a row of it. The rows are sorted, so that two processes cannot deadlock.
 */
const TAKE = {
  name: 'rate-take',
  text: `insert into rate_windows as w (subject, taken, ends_at)
    select u.subject, u.n, clock_timestamp() + make_interval(secs => u.window_ms / 1000.0)
      from unnest($1::text[], $2::integer[], $3::integer[]) as u(subject, n, window_ms) order by u.subject
    on conflict (subject) do update set
      taken = case when w.ends_at <= clock_timestamp() then excluded.taken else w.taken + excluded.taken end,
      ends_at = case when w.ends_at <= clock_timestamp() then excluded.ends_at else w.ends_at end
    returning subject, taken, (extract(epoch from ends_at - clock_timestamp()) * 1000)::float8 as left_ms`,
};
/** Maximum of subjects that are remembered as used up; beyond it the database is asked again. */
const SPENT_MAX = 10_000;
const SWEEP_MS = 1000;

/**
 * Counts requests across all processes in Postgres, in windows that begin with their first request:
 * each once, and those of a busy caller a little ahead (`RateLeases`). It has a connection of its
 * own, so it never waits for the ledger's. One statement runs at a time, so its rate depends on the
 * round trip and not on the requests.
 */
export class RateCounts {
  private readonly connections: Connections;
  private waiting: Waiting[] = [];
  private running = false;
  private readonly leases = new RateLeases();
  private sweptAt = 0;
  /**
   * Subjects whose window is known to be used up, and until when (local monotonic clock). A flood
   * of refused requests therefore never reaches the database.
   */
  private readonly spent = new Map<string, { readonly until: number; readonly taken: number }>();

  constructor(private readonly options: CountOptions) {
    const { waitMs } = options;
    // a request has its own timer; the server ends the statement at the same time, and a silent
    // connection is closed
    const silentMs = Math.max(1000, waitMs * 2);
    this.connections = new Connections({
      connectionString: options.url,
      application_name: 'holdfast-limits',
      max: 1,
      keepAlive: true,
      connectionTimeoutMillis: silentMs,
      limits: { statement_timeout: waitMs, lock_timeout: waitMs },
      query_timeout: silentMs,
    });
    this.connections.on('error', (error) => options.onTrouble?.(error));
  }

  /**
   * Counts one request.
   * @param most above this many requests, the rest of the window is answered from memory
   * @throws Error when the database did not answer in `waitMs`; the request may have been counted
   */
  take(subject: string, windowMs: number, most: number): Promise<Count> {
    const known = this.spent.get(subject);
    if (known && known.until > performance.now())
      return Promise.resolve({ taken: known.taken, leftMs: known.until - performance.now() });
    this.spent.delete(subject);
    const leased = this.leases.use(subject);
    if (leased) return Promise.resolve(leased);
    return new Promise<Count>((resolve, reject) => {
      // waits one more turn of the event loop: after a busy turn the timer runs first, although the
      // answer may already be in the socket
      const late = setTimeout(() => {
        setImmediate(() => {
          reject(new Error(`no count within ${this.options.waitMs} ms`));
        });
      }, this.options.waitMs);
      const counted = (count: Count): void => {
        clearTimeout(late);
        if (count.taken > most && this.spent.size < SPENT_MAX)
          this.spent.set(subject, { until: performance.now() + count.leftMs, taken: count.taken });
        resolve(count);
      };
      this.waiting.push({
        subject,
        windowMs,
        most,
        resolve: counted,
        reject: (error) => {
          clearTimeout(late);
          reject(error);
        },
      });
      this.pump();
    });
  }

  /** Connects, so that the first request need not wait for it. `onTrouble` gets a failure. */
  async open(): Promise<void> {
    await this.connections.query('select 1').catch((thrown: unknown) => {
      this.options.onTrouble?.(asError(thrown));
    });
  }

  async close(): Promise<void> {
    await this.connections.end();
  }

  private pump(): void {
    if (this.running) return;
    this.running = true;
    setImmediate(() => {
      void this.run();
    });
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) await this.ask(this.waiting.splice(0));
    this.running = false;
  }

  private async ask(batch: readonly Waiting[]): Promise<void> {
    const bySubject = new Map<string, Waiting[]>();
    for (const member of batch) {
      const members = bySubject.get(member.subject);
      if (members) members.push(member);
      else bySubject.set(member.subject, [member]);
    }
    const subjects = [...bySubject.entries()];
    const ahead = new Map(
      subjects.map(([subject, [first]]) => [subject, this.leases.ahead(subject, first?.most ?? 0)]),
    );
    try {
      const { rows } = await this.connections.query<{
        subject: string;
        taken: number;
        left_ms: number;
      }>({
        ...TAKE,
        values: [
          subjects.map(([subject]) => subject),
          subjects.map(([subject, { length }]) => length + (ahead.get(subject) ?? 0)),
          subjects.map(([, members]) => members[0]?.windowMs),
        ],
      });
      for (const { subject, taken, left_ms: leftMs } of rows) {
        const members = bySubject.get(subject) ?? [];
        const more = ahead.get(subject) ?? 0;
        this.leases.counted(subject, more, { taken, leftMs });
        for (const [index, member] of members.entries())
          member.resolve({ taken: taken - more - members.length + index + 1, leftMs });
      }
    } catch (thrown) {
      const error = asError(thrown);
      this.options.onTrouble?.(error);
      for (const member of batch) member.reject(error);
    }
    this.sweep();
  }

  /** Removes windows that are over. Each is at most a minute old, so there are never many. */
  private sweep(): void {
    const now = performance.now();
    if (now - this.sweptAt < SWEEP_MS) return;
    this.sweptAt = now;
    for (const [subject, { until }] of this.spent) if (until <= now) this.spent.delete(subject);
    this.leases.sweep();
  }
}
