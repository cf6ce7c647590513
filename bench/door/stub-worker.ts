import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { StrKey } from '@stellar/stellar-sdk';
import { answerMessages } from '../lab/children.js';
import { accountIn, askedFor, ReplyTemplate } from './reply-template.js';

export interface StubQuestion {
  /** The network that replies are learned from. */
  readonly upstream: string;
  /** An account of it, which stands for all others. */
  readonly account: string;
  readonly latencyMs: number;
}
export interface StubAnswer {
  readonly url: string;
}
interface RpcCall {
  readonly id: number;
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Their replies depend on nothing but the ledger and, in some, on one account. */
const LEARNED = new Set([
  'getLedgerEntries',
  'simulateTransaction',
  'getLatestLedger',
  'getHealth',
  'getNetwork',
  'getFeeStats',
]);
const HEAD_EVERY_MS = 200;

/**
 * A node that answers at once, or after a fixed time: it learns each kind of reply once a ledger
 * and then only puts the asked account into it. So it costs next to nothing beside the service.
 */
class Stub {
  readonly #templates = new Map<string, Promise<ReplyTemplate>>();
  readonly #account: Buffer;
  #head = '';

  constructor(private readonly options: StubQuestion) {
    this.#account = Buffer.from(StrKey.decodeEd25519PublicKey(options.account));
  }

  async start(): Promise<StubAnswer> {
    const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
      this.#answer(request).then(
        (text) => response.setHeader('content-type', 'application/json').end(text),
        () => response.destroy(),
      );
    });
    await new Promise<void>((listening) => {
      server.listen(0, '127.0.0.1', listening);
    });
    setInterval(() => {
      this.#watch().catch(() => undefined);
    }, HEAD_EVERY_MS);
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  async #answer(request: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = JSON.parse(Buffer.concat(chunks).toString()) as RpcCall;
    const [result] = await Promise.all([
      this.#result(call),
      this.options.latencyMs > 0 ? wait(this.options.latencyMs) : undefined,
    ]);
    return `{"jsonrpc":"2.0","id":${call.id},${result}}`;
  }

  async #result(call: RpcCall): Promise<string> {
    const account = accountIn(call.method, call.params ?? {});
    if (!LEARNED.has(call.method) || account === 'several') return this.#ask(call);
    const key = account ? account.key : `${call.method} ${JSON.stringify(call.params ?? {})}`;
    const learned = this.#templates.get(key) ?? this.#learn(call, account?.bytes);
    this.#templates.set(key, learned);
    learned.catch(() => this.#templates.delete(key));
    return (await learned).textFor(account?.bytes ?? null);
  }

  async #learn(call: RpcCall, account: Buffer | undefined): Promise<ReplyTemplate> {
    if (!account) return new ReplyTemplate(await this.#ask(call), null);
    const params = askedFor(call.params ?? {}, account, this.#account);
    return new ReplyTemplate(await this.#ask({ ...call, params }), this.#account);
  }

  /** @returns `"result":…` or `"error":…` as the network wrote it */
  async #ask(call: RpcCall): Promise<string> {
    const response = await fetch(this.options.upstream, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', ...call }),
    });
    const reply = (await response.json()) as { result?: unknown; error?: unknown };
    return reply.error === undefined
      ? `"result":${JSON.stringify(reply.result)}`
      : `"error":${JSON.stringify(reply.error)}`;
  }

  /** A new ledger: everything is learned again, so that heads and close times go on. */
  async #watch(): Promise<void> {
    const head = await this.#ask({ id: 1, method: 'getLatestLedger' });
    if (head !== this.#head) this.#templates.clear();
    this.#head = head;
  }
}

answerMessages<StubQuestion, StubAnswer>((options) => new Stub(options).start());
