import pg from 'pg';
import { asError } from '../common/errors.js';

/**
 * Requests of one subject in its present window, this one included, and what is left of the window,
 * milliseconds.
 */
export interface Count {
  readonly taken: number;
  readonly leftMs: number;
}
export interface CountOptions {
  readonly url: string;
  /** A count is waited for so long, milliseconds; then the request goes on uncounted. */
  readonly waitMs: number;
  readonly onTrouble?: (error: Error) => void;
}

interface Waiting {
  readonly subject: string;
  readonly windowMs: number;
  resolve(count: Count): void;
  reject(error: Error): void;
}

/**
 * One row per subject, whatever the rate: requests of a process that wait together are one
 * statement, and those of one subject one row of it. In order, so that two processes cannot
 * deadlock.
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
/** Subjects remembered as used up at most; beyond it the database is asked again. */
const SPENT_MAX = 10_000;

/**
 * Counts of requests that hold across processes, in Postgres, on a connection of their own: the
 * ledger's are never waited for. Exact: each request is counted
 * once, in windows that begin with their first request. One statement is under way at a time, so
 * the rate of it is bounded by its round trip, not by the requests.
 */
export class RateCounts {
  private readonly connections: pg.Pool;
  private waiting: Waiting[] = [];
  private running = false;
  /**
   * Subjects whose window is known to be used up, until then (local monotonic clock): a flood of
   * refused requests never reaches the database.
   */
  private readonly spent = new Map<string, { readonly until: number; readonly taken: number }>();

  constructor(private readonly options: CountOptions) {
    const { waitMs } = options;
    // requests leave by their own timer; the server gives up its statement then, and a connection
    // that says nothing at all is thrown away
    const silentMs = Math.max(1000, waitMs * 2);
    this.connections = new pg.Pool({
      connectionString: options.url,
      application_name: 'holdfast-limits',
      max: 1,
      keepAlive: true,
      connectionTimeoutMillis: silentMs,
      statement_timeout: waitMs,
      lock_timeout: waitMs,
      query_timeout: silentMs,
    });
    this.connections.on('error', (error) => options.onTrouble?.(error));
  }

  /**
   * Counts one request.
   * @param most once more than so many were counted, the rest of the window is answered from memory
   * @throws Error when the database did not answer in `waitMs`: whether it was counted is then
   * unknown
   */
  take(subject: string, windowMs: number, most: number): Promise<Count> {
    const known = this.spent.get(subject);
    if (known && known.until > performance.now())
      return Promise.resolve({ taken: known.taken, leftMs: known.until - performance.now() });
    this.spent.delete(subject);
    return new Promise<Count>((resolve, reject) => {
      // one turn of the event loop more: after a busy one the timer comes first, and the answer may
      // lie in the socket already
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
        resolve: counted,
        reject: (error) => {
          clearTimeout(late);
          reject(error);
        },
      });
      this.pump();
    });
  }

  /** Connects, so that the first request need not wait for it. What goes wrong is told. */
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
    try {
      const { rows } = await this.connections.query<{
        subject: string;
        taken: number;
        left_ms: number;
      }>({
        ...TAKE,
        values: [
          subjects.map(([subject]) => subject),
          subjects.map(([, members]) => members.length),
          subjects.map(([, members]) => members[0]?.windowMs),
        ],
      });
      for (const { subject, taken, left_ms: leftMs } of rows) {
        const members = bySubject.get(subject) ?? [];
        for (const [index, member] of members.entries())
          member.resolve({ taken: taken - members.length + index + 1, leftMs });
      }
    } catch (thrown) {
      const error = asError(thrown);
      this.options.onTrouble?.(error);
      for (const member of batch) member.reject(error);
    }
    this.sweep();
  }

  /** Windows that are over: each is at most a minute old, so there are never many. */
  private sweep(): void {
    const now = performance.now();
    for (const [subject, { until }] of this.spent) if (until <= now) this.spent.delete(subject);
  }
}
