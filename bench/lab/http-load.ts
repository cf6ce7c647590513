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
  /** Of `Retry-After`, when the answer has one. */
  readonly retryAfterSeconds: number | undefined;
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
              retryAfterSeconds: secondsOf(answer.headers['retry-after']),
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

const secondsOf = (header: string | undefined): number | undefined =>
  header === undefined ? undefined : Number(header);

export interface Loop {
  readonly seconds: number;
  readonly latencies: readonly number[];
  /** The same, by outcome. */
  readonly latenciesOf: ReadonlyMap<string, readonly number[]>;
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
  const latenciesOf = new Map<string, number[]>();
  const begun = performance.now();
  let asked = 0;
  const end = begun + seconds * 1000;
  const callers = Array.from({ length: inFlight }, async (_, caller) => {
    for (let from = performance.now(); from < end; from = performance.now()) {
      const answer = asked++ < atMost ? ask(caller) : undefined;
      if (!answer) return;
      const outcome = await answer;
      const latency = performance.now() - from;
      latencies.push(latency);
      const same = latenciesOf.get(outcome);
      if (same) same.push(latency);
      else latenciesOf.set(outcome, [latency]);
    }
  });
  await Promise.all(callers);
  return {
    seconds: (performance.now() - begun) / 1000,
    latencies,
    latenciesOf,
    outcomes: new Map([...latenciesOf].map(([outcome, { length }]) => [outcome, length])),
  };
}
