import { Agent, request } from 'node:http';

export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
export interface Answered {
  readonly status: number;
  readonly text: string;
}

/** Keep-alive connections to the processes of one service, which are asked in turn. */
export class HttpClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  #turn = 0;

  constructor(
    private readonly urls: readonly string[],
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  ask({ method, path, headers, body }: Asked): Promise<Answered> {
    const base = this.urls[this.#turn++ % this.urls.length] ?? '';
    return new Promise((resolve, reject) => {
      const sent = request(
        base + path,
        {
          method,
          agent: this.#agent,
          headers: {
            ...this.headers,
            ...headers,
            ...(body !== undefined && {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(body),
            }),
          },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () => {
            resolve({
              status: answer.statusCode ?? 0,
              text: Buffer.concat(chunks).toString('utf8'),
            });
          });
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

export interface Loop {
  readonly seconds: number;
  readonly latencies: readonly number[];
  /** How many answers had each outcome. */
  readonly outcomes: ReadonlyMap<string, number>;
}

/**
 * `inFlight` callers, each of which asks again as soon as it has its answer.
 * @param ask its result is the outcome that is counted; undefined: nothing is left to ask
 */
export async function closedLoop(
  {
    inFlight,
    seconds,
    atMost = Infinity,
  }: { readonly inFlight: number; readonly seconds: number; readonly atMost?: number | undefined },
  ask: (caller: number) => Promise<string> | undefined,
): Promise<Loop> {
  const latencies: number[] = [];
  const outcomes = new Map<string, number>();
  const begun = performance.now();
  let asked = 0;
  const end = begun + seconds * 1000;
  const callers = Array.from({ length: inFlight }, async (_, caller) => {
    for (let from = performance.now(); from < end; from = performance.now()) {
      const answer = asked++ < atMost ? ask(caller) : undefined;
      if (!answer) return;
      const outcome = await answer;
      latencies.push(performance.now() - from);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  });
  await Promise.all(callers);
  return { seconds: (performance.now() - begun) / 1000, latencies, outcomes };
}
