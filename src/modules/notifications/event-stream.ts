import type { ServerResponse } from 'node:http';

const HEARTBEAT_MS = 15_000;
const RETRY_MS = 2_000;
/**
 * How long a stream stays open, so that it does not outlive a wallet's token for long. The reader
 * reconnects, is checked again, and continues where it was. A revoked key and a sign-out end
 * it within a second (`stream-hub.ts`).
 */
const LIFE_MS = 15 * 60_000;
/** A reader that does not keep up is cut off, and resumes where it was by Last-Event-ID. */
const BUFFER_BYTES_MAX = 256 * 1024;

export interface StreamOptions {
  /** The key that opened it, directly or by a session; null for a wallet. */
  readonly keyId: string | null;
  /** The session that opened it; absent or null: there is none. */
  readonly sessionId?: string | null;
  /** Absent: LIFE_MS. */
  readonly lifeMs?: number;
}

/** `id` is a place from which the reader can go on. */
export interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

/**
 * A proxy that compresses would keep events back until its buffer is full. Caddy 2.6.2 does not heed
 * `no-transform`; it leaves alone what names an encoding.
 */
export const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'content-encoding': 'identity',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
} as const;

/** One open connection of server-sent events (WHATWG HTML, 9.2). */
export class EventStream {
  private readonly heartbeat: NodeJS.Timeout;
  private readonly life: NodeJS.Timeout;
  readonly keyId: string | null;
  readonly sessionId: string | null;

  /** @param headers what the door has set on the reply; the hijacked socket would lose them */
  constructor(
    private readonly response: ServerResponse,
    headers: Readonly<Record<string, string | number | string[] | undefined>>,
    { keyId, sessionId = null, lifeMs = LIFE_MS }: StreamOptions,
  ) {
    this.keyId = keyId;
    this.sessionId = sessionId;
    for (const [name, value] of Object.entries(headers))
      if (value !== undefined) response.setHeader(name, value);
    response.writeHead(200, STREAM_HEADERS);
    response.write(`retry: ${RETRY_MS}\n\n`);
    this.heartbeat = setInterval(() => {
      this.write(': alive\n\n');
    }, HEARTBEAT_MS);
    this.life = setTimeout(() => {
      this.end('renew');
    }, lifeMs);
    response.on('error', () => undefined); // the reader is gone; 'close' follows
    response.once('close', () => {
      clearInterval(this.heartbeat);
      clearTimeout(this.life);
    });
  }

  onClose(listener: () => void): void {
    if (this.response.closed) listener();
    else this.response.once('close', listener);
  }

  send({ id, event, data }: StreamEvent): void {
    this.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /**
   * Sends a last event without an id, so the reader reconnects and continues after the last event
   * with an id.
   */
  end(reason: string): void {
    this.write(`event: closing\ndata: ${JSON.stringify({ reason })}\n\n`);
    this.response.end();
  }

  private write(text: string): void {
    if (this.response.writableEnded || this.response.destroyed) return;
    this.response.write(text);
    if (this.response.writableLength > BUFFER_BYTES_MAX) this.response.destroy();
  }
}
