import { Logger } from '@nestjs/common';
import type { LiveKeys } from '../../common/caller.js';
import { asError, HoldfastError } from '../../common/errors.js';
import type { Lifecycle } from '../../common/lifecycle.js';
import { ChangeListener } from '../liquidity/journal/change-signal.js';
import {
  JOURNAL_PAGE,
  type JournalEvent,
  type JournalReader,
} from '../liquidity/journal/journal.reader.js';
import type { EventStream } from './event-stream.js';

/** What one stream follows, and how much its reader has seen. */
export interface LoanFollower {
  readonly kind: 'loan';
  readonly poolId: string;
  readonly reservationId: string;
  seen: number;
  send(event: JournalEvent): void;
}
export interface PoolFollower {
  readonly kind: 'pool';
  readonly poolId: string;
  seen: bigint;
  /** Sends the current pool. Its version may be newer than the one that was noticed. */
  send(): Promise<void>;
}
/**
 * Follows every pool, also those registered later. It gets the versions of all pools and tracks
 * which it has sent.
 */
interface AllPoolsFollower {
  readonly kind: 'all pools';
  send(versions: ReadonlyMap<string, bigint>): Promise<void>;
}
export type Follower = LoanFollower | PoolFollower | AllPoolsFollower;

export interface HubOptions {
  readonly databaseUrl: string;
  readonly streamsMax: number;
  /** Between two reads without a signal, milliseconds. Absent: 3000. */
  readonly fallbackMs?: number;
}
const FALLBACK_MS = 3_000;
/**
 * How often revoked keys are looked up: a stream ends about as soon as a request would be refused.
 * One query covers the keys of all streams of a process.
 */
const KEYS_LOOK_MS = 500;

/**
 * Every open stream of this process. A signal or a timer makes it read once for all of them: the
 * journal after each reservation's place, and the versions of the pools. A lost signal therefore
 * only costs time. The LISTEN connection exists only while a stream does.
 */
export class StreamHub {
  private readonly followers = new Map<EventStream, Follower>();
  private readonly listener: ChangeListener;
  private readonly log = new Logger('streams');
  private tick: NodeJS.Timeout | undefined;
  private keysTick: NodeJS.Timeout | undefined;
  private askingKeys = false;
  private looking = false;
  private again = false;

  constructor(
    private readonly rooms: { readonly journal: JournalReader; readonly keys: LiveKeys },
    lifecycle: Lifecycle,
    private readonly options: HubOptions,
  ) {
    this.listener = new ChangeListener(
      options.databaseUrl,
      () => {
        this.look();
      },
      (line) => {
        this.log.warn(line);
      },
    );
    lifecycle.signal.addEventListener('abort', () => {
      this.endAll();
    });
    this.stopped = () => lifecycle.stopping;
  }
  private readonly stopped: () => boolean;

  /**
   * @throws HoldfastError BUSY_RETRY when this process has reached its maximum of streams, or is
   * about to stop
   */
  admit(): void {
    if (this.stopped())
      throw new HoldfastError(
        'BUSY_RETRY',
        'The service is about to stop; another process takes the stream.',
        { retryAfterSeconds: 2 },
      );
    if (this.followers.size >= this.options.streamsMax)
      throw new HoldfastError(
        'BUSY_RETRY',
        `${this.followers.size} event streams are open on this process, as many as it carries.`,
        { retryAfterSeconds: 10 },
      );
  }

  /**
   * Follows until the reader is gone. It reads at once, because something may have happened since
   * the place was read.
   */
  follow(stream: EventStream, follower: Follower): void {
    this.followers.set(stream, follower);
    stream.onClose(() => {
      void this.forget(stream);
    });
    if (this.stopped()) {
      stream.end('stopping');
      return;
    }
    this.listener.start();
    this.tick ??= setInterval(() => {
      this.look();
    }, this.options.fallbackMs ?? FALLBACK_MS);
    this.keysTick ??= setInterval(() => {
      void this.endRevoked();
    }, KEYS_LOOK_MS);
    this.look();
  }

  private async forget(stream: EventStream): Promise<void> {
    this.followers.delete(stream);
    if (this.followers.size > 0) return;
    clearInterval(this.tick);
    clearInterval(this.keysTick);
    this.tick = this.keysTick = undefined;
    await this.listener.stop();
  }

  private endAll(): void {
    for (const stream of this.followers.keys()) stream.end('stopping');
  }

  /**
   * Ends the streams of keys that are revoked or expired, and of sessions that were signed out;
   * their readers reconnect and are refused. While the database is away, no stream gets an event.
   */
  private async endRevoked(): Promise<void> {
    const streams = [...this.followers.keys()];
    const keyIds = distinct(streams.map(({ keyId }) => keyId));
    const sessionIds = distinct(streams.map(({ sessionId }) => sessionId));
    if (this.askingKeys || keyIds.length === 0) return;
    this.askingKeys = true;
    try {
      const live = await this.rooms.keys.liveAmong(keyIds);
      const signedOut =
        sessionIds.length === 0 ? null : await this.rooms.keys.signedOutAmong(sessionIds);
      for (const stream of streams) {
        const revoked = stream.keyId !== null && !live.has(stream.keyId);
        const ended = stream.sessionId !== null && signedOut?.has(stream.sessionId) === true;
        if (revoked || ended) stream.end('revoked');
      }
    } catch {
      /** the read of the journal meets the same error and reports it */
    } finally {
      this.askingKeys = false;
    }
  }

  /** One read at a time. A signal during one makes another follow it. */
  private look(): void {
    this.again = true;
    if (!this.looking) void this.run();
  }

  private async run(): Promise<void> {
    this.looking = true;
    while (this.again && this.followers.size > 0) {
      this.again = false;
      try {
        await Promise.all([this.sendToLoans(), this.sendToPools(), this.sendToAllPools()]);
      } catch (thrown) {
        this.log.warn(
          `the journal could not be read: ${asError(thrown).message}; the next look is in a few seconds`,
        );
      }
    }
    this.looking = false;
  }

  private async sendToLoans(): Promise<void> {
    const loans = [...this.followers.values()].filter((follower) => follower.kind === 'loan');
    const places = new Map<string, { poolId: string; reservationId: string; seen: number }>();
    for (const { reservationId, poolId, seen } of loans)
      places.set(reservationId, {
        poolId,
        reservationId,
        seen: Math.min(seen, places.get(reservationId)?.seen ?? seen),
      });
    const events = await this.rooms.journal.behind([...places.values()]);
    this.again ||= events.length >= JOURNAL_PAGE;
    for (const event of events) {
      for (const follower of loans) {
        if (follower.reservationId !== event.reservationId || follower.seen >= event.number)
          continue;
        follower.seen = event.number;
        follower.send(event);
      }
    }
  }

  private async sendToPools(): Promise<void> {
    const pools = [...this.followers.values()].filter((follower) => follower.kind === 'pool');
    const versions = await this.rooms.journal.poolVersions([
      ...new Set(pools.map(({ poolId }) => poolId)),
    ]);
    await Promise.all(
      pools
        .filter(({ poolId, seen }) => (versions.get(poolId) ?? 0n) > seen)
        .map((follower) => follower.send()),
    );
  }

  private async sendToAllPools(): Promise<void> {
    const followers = [...this.followers.values()].filter(
      (follower) => follower.kind === 'all pools',
    );
    if (followers.length === 0) return;
    const versions = await this.rooms.journal.poolVersions(null);
    await Promise.all(followers.map((follower) => follower.send(versions)));
  }
}

const distinct = (ids: readonly (string | null)[]): string[] => [
  ...new Set(ids.filter((id) => id !== null)),
];
