import { Logger } from '@nestjs/common';
import type { z } from 'zod';
import { asError, HoldfastError } from '../../common/errors.js';
import * as metrics from '../../telemetry/metrics.js';
import { inSpan, SpanKind } from '../../telemetry/tracing.js';
import { unreachable } from './chain-trouble.js';
import { networkReply } from './rpc-replies.js';
import { NoAnswer, type ProxySettings, RpcTransport } from './rpc-transport.js';

export interface RpcOptions {
  readonly rpcUrl: string;
  readonly networkPassphrase: string;
  /** limit of one call, milliseconds */ readonly timeoutMs: number;
  /** Absent: no proxy. */ readonly proxy?: ProxySettings;
}

const log = new Logger('chain');
const NETWORK_TRUSTED_MS = 60_000;

/** The one method that changes something: all others may be repeated. */
const SUBMIT = 'sendTransaction';

/**
 * JSON-RPC. The SDK's rpc.Server was rejected for transport (docs/stellar.md#sdk-client): it has no
 * time limit and misreads an HTML reply and a 503. A reply counts only if the node confirmed the
 * configured network within the last minute.
 */
export class RpcClient {
  readonly #transport: RpcTransport;
  #networkTrustedUntil = 0;
  #networkCheck: Promise<void> | null = null;
  #lastId = 0;
  #protocol: number | null = null;

  constructor(private readonly options: RpcOptions) {
    this.#transport = new RpcTransport(options.rpcUrl, options.proxy);
  }

  /**
   * @throws HoldfastError CHAIN_UNREACHABLE for every failure: time limit, socket, HTTP status, odd
   * body, JSON-RPC error, wrong network, unknown shape
   * @param limitMs shorter than the time limit of all calls
   */
  async call<T>(
    method: string,
    params: Readonly<Record<string, unknown>>,
    shape: z.ZodType<T>,
    limitMs = this.options.timeoutMs,
  ): Promise<T> {
    const [result] = await Promise.all([
      this.#ask(method, params, Math.min(limitMs, this.options.timeoutMs)),
      this.verifyNetwork(),
    ]);
    return RpcClient.#parsed(method, result, shape);
  }

  /**
   * @throws HoldfastError CHAIN_UNREACHABLE when the node serves another network or does not
   * answer. A success is valid for a minute.
   */
  verifyNetwork(): Promise<void> {
    if (performance.now() < this.#networkTrustedUntil) return Promise.resolve();
    this.#networkCheck ??= this.#askNetwork().finally(() => {
      this.#networkCheck = null;
    });
    return this.#networkCheck;
  }

  async #askNetwork(): Promise<void> {
    const started = performance.now();
    const { passphrase, protocolVersion } = RpcClient.#parsed(
      'getNetwork',
      await this.#ask('getNetwork', {}, this.options.timeoutMs),
      networkReply,
    );
    if (passphrase !== this.options.networkPassphrase) {
      throw unreachable(
        'getNetwork',
        `the node serves the network "${passphrase.slice(0, 100)}", configured is ` +
          `"${this.options.networkPassphrase}". Its replies are not used.`,
      );
    }
    if (protocolVersion > 0) this.#seeProtocol(protocolVersion);
    this.#networkTrustedUntil = started + NETWORK_TRUSTED_MS;
  }

  /** The version of the network's protocol; null: the node has not said it yet. */
  get protocolVersion(): number | null {
    return this.#protocol;
  }

  #seeProtocol(version: number): void {
    if (this.#protocol !== null && this.#protocol !== version)
      log.warn(
        `protocol_version_changed ${JSON.stringify({ before: this.#protocol, after: version })}`,
      );
    this.#protocol = version;
    metrics.set('holdfast_network_protocol_version', {}, version);
  }

  /**
   * One call, measured and traced by its method. The URL stays out of both, because it may carry a
   * key.
   */
  async #ask(
    method: string,
    params: Readonly<Record<string, unknown>>,
    limitMs: number,
  ): Promise<unknown> {
    const started = performance.now();
    let outcome = 'bad_reply';
    try {
      const result = await inSpan(
        `rpc ${method}`,
        { kind: SpanKind.CLIENT, attributes: { 'rpc.system': 'jsonrpc', 'rpc.method': method } },
        () => this.#post(method, params, limitMs),
      );
      outcome = 'ok';
      return result;
    } catch (thrown) {
      outcome = outcomeOf(thrown);
      throw asError(thrown);
    } finally {
      metrics.measure(
        'holdfast_rpc_request_duration_seconds',
        { method },
        metrics.secondsSince(started),
      );
      metrics.count('holdfast_rpc_requests_total', { method, outcome });
    }
  }

  async #post(
    method: string,
    params: Readonly<Record<string, unknown>>,
    limitMs: number,
  ): Promise<unknown> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: ++this.#lastId, method, params });
    const { status, text } = await this.#transport
      .post({ body, limitMs, repeatable: method !== SUBMIT })
      .catch((thrown: unknown) => {
        throw withoutAnswer(method, limitMs, thrown);
      });
    if (status < 200 || status > 299)
      throw unreachable(method, `the node answered HTTP ${status}.`, undefined, {
        httpStatus: status,
      });
    return RpcClient.#resultOf(method, text);
  }

  static #resultOf(method: string, text: string): unknown {
    let reply: unknown;
    try {
      reply = JSON.parse(text);
    } catch {
      throw unreachable(method, 'the answer is not JSON (a proxy or an error page?).');
    }
    if (typeof reply !== 'object' || reply === null)
      throw unreachable(method, 'the answer is not a JSON-RPC reply.');
    if ('error' in reply && reply.error !== null && reply.error !== undefined) {
      const error = reply.error;
      const code =
        typeof error === 'object' && 'code' in error && typeof error.code === 'number'
          ? error.code
          : null;
      throw unreachable(
        method,
        `the node answered with JSON-RPC error ${code ?? 'without a code'}.`,
        error,
        { rpcCode: code },
      );
    }
    if (!('result' in reply) || reply.result === null || reply.result === undefined)
      throw unreachable(method, 'the answer has no result.');
    return reply.result;
  }

  static #parsed<T>(method: string, result: unknown, shape: z.ZodType<T>): T {
    const parsed = shape.safeParse(result);
    if (parsed.success) return parsed.data;
    const members = [
      ...new Set(parsed.error.issues.map((issue) => issue.path.join('.') || 'result')),
    ]
      .slice(0, 5)
      .join(', ');
    throw unreachable(method, `the answer has an unknown shape (${members}).`, parsed.error);
  }
}

function withoutAnswer(method: string, limitMs: number, thrown: unknown): HoldfastError {
  const timedOut = thrown instanceof NoAnswer && thrown.reason === 'timedOut';
  return unreachable(
    method,
    timedOut
      ? `no answer within ${limitMs} ms.`
      : thrown instanceof NoAnswer && thrown.reason === 'tooLarge'
        ? 'the answer is too large.'
        : 'the connection failed.',
    thrown,
    { timedOut },
  );
}

/** The outcome, by the facts that `unreachable` received. */
function outcomeOf(thrown: unknown): string {
  const facts = thrown instanceof HoldfastError ? thrown.facts : {};
  if ('timedOut' in facts) return facts['timedOut'] === true ? 'timeout' : 'connection';
  return 'httpStatus' in facts ? 'http_status' : 'rpcCode' in facts ? 'rpc_error' : 'bad_reply';
}
