import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemErrorCode } from './system-error.js';

export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
export type RequestHandler = (request: {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}) => Answer | Promise<Answer>;
/** `hang`: no answer, and the connection stays open until the other side closes it. */
type Answer = Reply | 'hang';
export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

const BODY_BYTES_MAX = 1_000_000;
const PORT_TRIES = 100;
const LOOPBACK = '127.0.0.1';

export const json = (status: number, value: unknown): Reply => ({
  status,
  body: JSON.stringify(value),
});

/**
 * Listens on loopback only.
 * @param port 0: any free one
 * @param mayMove uses the next free port when this one is busy
 * @throws Error EADDRINUSE when the port is busy and may not move
 */
export async function listen(
  handler: RequestHandler,
  port: number,
  mayMove: boolean,
): Promise<Listener> {
  for (let candidate = port; ; candidate++) {
    try {
      return await listenOn(handler, candidate);
    } catch (thrown) {
      if (
        systemErrorCode(thrown) !== 'EADDRINUSE' ||
        !mayMove ||
        candidate - port >= PORT_TRIES ||
        candidate >= 65_535
      )
        throw thrown;
    }
  }
}

function listenOn(handler: RequestHandler, port: number): Promise<Listener> {
  // Only the client closes idle connections: otherwise it could send a request into a connection
  // that is closing.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    void serve(handler, request, response);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      const address = server.address() as AddressInfo;
      resolve({ port: address.port, close: () => closeServer(server) });
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => {
      if (error) reject(error);
      else resolve();
    });
    server.closeAllConnections();
  });
}

async function serve(
  handler: RequestHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reply = await read(request)
    .then((body) =>
      handler({
        method: request.method ?? 'GET',
        url: new URL(request.url ?? '/', `http://${LOOPBACK}`),
        body,
        headers: request.headers,
      }),
    )
    .catch((thrown: unknown): Answer =>
      json(thrown instanceof BodyTooLarge ? 413 : 500, {
        detail: thrown instanceof Error ? thrown.message : String(thrown),
      }),
    );
  if (reply === 'hang') return;
  response
    .writeHead(reply.status, { 'content-type': reply.type ?? 'application/json', ...reply.headers })
    .end(reply.body);
}

class BodyTooLarge extends Error {}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw new BodyTooLarge('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
