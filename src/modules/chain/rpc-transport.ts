import { Client, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import { asError } from '../../common/errors.js';

/** Proxies of the environment, as the usual variables name them; null: none is named. */
export type ProxySettings = {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly noProxy?: string;
} | null;

export interface HttpReply {
  readonly status: number;
  readonly text: string;
}
export interface HttpRequest {
  readonly body: string;
  readonly limitMs: number;
  /** Whether the node may get the request twice. */
  readonly repeatable: boolean;
}

/** Why there is no answer: `timedOut`, `tooLarge`, or the socket's own error. */
export class NoAnswer extends Error {
  constructor(
    readonly reason: 'timedOut' | 'tooLarge' | 'connection',
    /** Whether the node may have begun to answer. */
    readonly begun: boolean,
    cause?: unknown,
  ) {
    super(reason, cause === undefined ? undefined : { cause: asError(cause) });
  }
}

/** More sockets than a node answers at once; further requests wait for one within their limit. */
const CONNECTIONS_MAX = 64;
/** Far above any reply: 200 entries of 128 kB, as base64. */
const REPLY_BYTES_MAX = 40_000_000;
const HEADERS = { 'content-type': 'application/json', accept: 'application/json' };

/**
 * Posts to one address over sockets that stay open. fetch was rejected: its streams and signals cost
 * five times the CPU of such a request. Redirects are not followed.
 */
export class RpcTransport {
  readonly #origin: string;
  readonly #path: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #sockets: Dispatcher;
  readonly #proxied: boolean;

  constructor(address: string, proxy: ProxySettings = null) {
    const url = new URL(address);
    // The credentials become a header, so that no error can repeat them.
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    this.#headers =
      credentials === ':'
        ? HEADERS
        : { ...HEADERS, authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
    this.#origin = url.origin;
    this.#path = `${url.pathname}${url.search}`;
    this.#sockets = proxy
      ? new EnvHttpProxyAgent({ ...proxy, proxyTunnel: true, connections: CONNECTIONS_MAX })
      : new Pool(url.origin, { connections: CONNECTIONS_MAX });
    this.#proxied = proxy !== null;
  }

  /** @throws NoAnswer */
  async post(request: HttpRequest): Promise<HttpReply> {
    const since = performance.now();
    try {
      return await this.#once(this.#sockets, request, request.limitMs);
    } catch (thrown) {
      const left = request.limitMs - (performance.now() - since);
      if (!request.repeatable || !isClosedSocket(thrown) || left <= 0) throw thrown;
      return this.#again(request, left);
    }
  }

  /**
   * A node or a load balancer may close an idle socket in the moment in which it is used again. Only
   * a new connection says whether the node is there.
   */
  async #again(request: HttpRequest, limitMs: number): Promise<HttpReply> {
    if (this.#proxied) return this.#once(this.#sockets, request, limitMs);
    const fresh = new Client(this.#origin);
    try {
      return await this.#once(fresh, request, limitMs);
    } finally {
      void fresh.destroy();
    }
  }

  /** One limit for connection, headers and body: a node may stop in the middle of its answer. */
  #once(sockets: Dispatcher, { body }: HttpRequest, limitMs: number): Promise<HttpReply> {
    return new Promise((resolve, reject) => {
      const answer = new AnswerHandler(resolve, reject, limitMs);
      sockets.dispatch(
        {
          origin: this.#origin,
          path: this.#path,
          method: 'POST',
          headers: this.#headers,
          body,
          headersTimeout: 0,
          bodyTimeout: 0,
        },
        answer,
      );
    });
  }
}

const isClosedSocket = (thrown: unknown): boolean =>
  thrown instanceof NoAnswer && thrown.reason === 'connection' && !thrown.begun;

class AnswerHandler implements Dispatcher.DispatchHandler {
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | null = null;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #ended = false;

  constructor(
    private readonly resolve: (reply: HttpReply) => void,
    private readonly reject: (why: NoAnswer) => void,
    limitMs: number,
  ) {
    this.#timer = setTimeout(() => {
      this.#fail('timedOut');
    }, limitMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // its time was over while it waited for a socket
    if (this.#ended) controller.abort(new Error('no longer wanted'));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > REPLY_BYTES_MAX) this.#fail('tooLarge');
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#ended) return;
    this.#end();
    const [only, ...others] = this.#chunks;
    const bytes = only && others.length === 0 ? only : Buffer.concat(this.#chunks);
    this.resolve({ status: this.#status, text: bytes.toString('utf8') });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail('connection', error);
  }

  #fail(reason: NoAnswer['reason'], cause?: Error): void {
    if (this.#ended) return;
    this.#end();
    this.reject(new NoAnswer(reason, this.#status > 0, cause));
    this.#controller?.abort(new Error(reason));
  }

  #end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }
}
