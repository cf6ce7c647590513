import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (params: Readonly<Record<string, unknown>>) => unknown;
/** Replies that a proxy or a broken node may send instead of JSON-RPC. */
export type Wire = { readonly status: number; readonly body: string } | 'hang' | 'cut' | 'half';

/** Thrown by an answer: the node refuses this call. */
export class ScriptedRefusal extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** A Stellar RPC node that answers exactly what a test scripts, over real HTTP. */
export class ScriptedRpc {
  readonly answers: Record<string, Answer>;
  readonly asked: {
    readonly method: string;
    readonly params: Readonly<Record<string, unknown>>;
    readonly authorization: string | undefined;
  }[] = [];
  /** Per method: raw bytes, silence or a cut socket instead of an answer. */
  readonly wire: Record<string, Wire> = {};
  /** Per method: a JSON-RPC error. */
  readonly errors: Record<string, { readonly code: number; readonly message: string }> = {};
  #server: Server | null = null;

  constructor(readonly passphrase: string) {
    this.answers = { getNetwork: () => ({ passphrase: this.passphrase, protocolVersion: 23 }) };
  }

  async start(): Promise<string> {
    const server = createServer((request, response) => {
      this.#receive(request, response);
    });
    this.#server = server;
    await new Promise<void>((listening) => {
      server.listen(0, '127.0.0.1', listening);
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    server.closeAllConnections();
    await new Promise<void>((closed) => {
      server.close(() => {
        closed();
      });
    });
  }

  countOf(method: string): number {
    return this.asked.filter((request) => request.method === method).length;
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as {
        id: number;
        method: string;
        params: Record<string, unknown>;
      };
      this.asked.push({
        method: body.method,
        params: body.params,
        authorization: request.headers.authorization,
      });
      const wire = this.wire[body.method];
      if (wire !== undefined) ScriptedRpc.#sendRaw(wire, response);
      else
        response.setHeader('content-type', 'application/json').end(
          JSON.stringify({
            jsonrpc: '2.0',
            id: body.id,
            ...this.#resultOf(body.method, body.params),
          }),
        );
    });
  }

  #resultOf(method: string, params: Record<string, unknown>): Record<string, unknown> {
    const error = this.errors[method];
    if (error) return { error };
    const answer = this.answers[method];
    if (!answer) return { error: { code: -32601, message: `method not found: ${method}` } };
    try {
      return { result: answer(params) };
    } catch (thrown) {
      if (!(thrown instanceof ScriptedRefusal)) throw thrown;
      return { error: { code: thrown.code, message: thrown.message } };
    }
  }

  static #sendRaw(wire: Wire, response: ServerResponse): void {
    if (wire === 'hang') return;
    if (wire === 'cut') {
      response.destroy();
      return;
    }
    if (wire === 'half') {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"jsonrpc":"2.0",');
      return;
    }
    response.writeHead(wire.status, { 'content-type': 'text/html' }).end(wire.body);
  }
}
