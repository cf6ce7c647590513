import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { MetricsService } from './metrics.service.js';

export interface ListenerPlace {
  readonly host: string;
  readonly port: number;
}

const REQUEST_TIMEOUT_MS = 5000;

/**
 * Serves GET /metrics and /health/live of a worker, which has no API, so that its counters can be
 * scraped too. There is no sign-in.
 */
export class MetricsListener {
  readonly #server: Server;

  constructor(
    private readonly metrics: Pick<MetricsService, 'text'>,
    private readonly place: ListenerPlace,
  ) {
    this.#server = createServer(
      { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS },
      (request, response) => {
        void this.answer(request.method, request.url).then(({ status, contentType, text }) => {
          response
            .writeHead(status, {
              'content-type': contentType,
              'cache-control': 'no-store',
              connection: 'close',
            })
            .end(request.method === 'HEAD' ? undefined : text);
        });
      },
    );
  }

  /**
   * @returns the port, also when any free one was requested (0)
   * @throws Error with code EADDRINUSE when another process listens there
   */
  async listen(): Promise<number> {
    this.#server.listen(this.place.port, this.place.host);
    await once(this.#server, 'listening'); // rejects with the server's error
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : this.place.port;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  private async answer(
    method = '',
    url = '',
  ): Promise<{ status: number; contentType: string; text: string }> {
    const path = url.split('?', 1)[0];
    if (method !== 'GET' && method !== 'HEAD')
      return { status: 405, contentType: 'text/plain', text: 'only GET\n' };
    if (path === '/metrics') return { status: 200, ...(await this.metrics.text()) };
    if (path === '/health/live')
      return { status: 200, contentType: 'application/json', text: '{"status":"live"}' };
    return {
      status: 404,
      contentType: 'text/plain',
      text: 'this process has /metrics and /health/live\n',
    };
  }
}
