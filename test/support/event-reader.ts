export interface ReadEvent {
  readonly id: string | null;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Reads a text/event-stream over a real socket, as a browser would. */
export class EventReader {
  readonly events: ReadEvent[] = [];
  readonly comments: string[] = [];
  retry: number | null = null;
  ended = false;
  private waiting: (() => void)[] = [];
  private readonly abort = new AbortController();

  private constructor(
    readonly status: number,
    private readonly body: ReadableStream<Uint8Array> | null,
  ) {}

  static async open(
    url: string,
    credential: { readonly authorization: string },
    lastEventId?: string,
  ): Promise<EventReader> {
    const abort = new AbortController();
    const answer = await fetch(url, {
      signal: abort.signal,
      headers: {
        accept: 'text/event-stream',
        ...credential,
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      },
    });
    const reader = new EventReader(answer.status, answer.body);
    reader.abort.signal.addEventListener('abort', () => {
      abort.abort();
    });
    void reader.read();
    return reader;
  }

  /** Resolves with the first event that matches, also one that was read already. */
  async until(fits: (event: ReadEvent) => boolean): Promise<ReadEvent> {
    for (;;) {
      const found = this.events.find(fits);
      if (found) return found;
      if (this.ended)
        throw new Error(
          `the stream ended after ${JSON.stringify(this.events.map(({ event, id }) => `${event} ${id}`))}`,
        );
      await this.more();
    }
  }
  async end(): Promise<void> {
    while (!this.ended) await this.more();
  }
  close(): void {
    this.abort.abort();
  }

  private more(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
    });
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    try {
      for await (const chunk of this.body ?? []) {
        rest += decoder.decode(chunk, { stream: true });
        const blocks = rest.split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) this.take(block);
        this.wake();
      }
    } catch {
      /* closed by us, or cut */
    }
    this.ended = true;
    this.wake();
  }
  private take(block: string): void {
    const fields = new Map(
      block.split('\n').map((line): [string, string] => {
        const at = line.indexOf(':');
        return [line.slice(0, at), line.slice(at + 1).trimStart()];
      }),
    );
    const [comment, retry, event, data] = [
      fields.get(''),
      fields.get('retry'),
      fields.get('event'),
      fields.get('data'),
    ];
    if (comment !== undefined) this.comments.push(comment);
    if (retry !== undefined) this.retry = Number(retry);
    if (event !== undefined)
      this.events.push({
        id: fields.get('id') ?? null,
        event,
        data: JSON.parse(data ?? '{}') as Record<string, unknown>,
      });
  }
  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
