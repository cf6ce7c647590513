import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
type Behaviour = number | 'hang' | 'redirect';

/**
 * A tenant's backend: a real HTTP server that keeps what it receives, and answers as the test sets.
 */
export class Receiver {
  readonly received: Received[] = [];
  /** Answers in order; when they are used up, 200. */
  behaviour: Behaviour[] = [];

  private waiting: (() => void)[] = [];

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly url: string,
  ) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const receiver = new Receiver(
      server,
      `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    );
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
      });
      request.on('end', () => {
        receiver.received.push({
          headers: request.headers,
          body: Buffer.concat(chunks).toString(),
        });
        for (const resolve of receiver.waiting.splice(0)) resolve();
        const what = receiver.behaviour.shift() ?? 200;
        if (what === 'hang') return;
        if (what === 'redirect') response.setHeader('location', `${receiver.url}/elsewhere`);
        response.writeHead(what === 'redirect' ? 302 : what).end('x'.repeat(100_000));
      });
    });
    return receiver;
  }

  /** Resolves when this number of requests has arrived. */
  async until(count: number): Promise<void> {
    while (this.received.length < count)
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
      });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
