import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const LOOK_MS = 250;

/**
 * The connections of a server that is about to stop. `server.close()` waits for all of them and
 * ends only those that have finished a request. A socket that a browser opened in advance, or half
 * a request, kept a stop waiting for 10 minutes.
 */
class OpenConnections {
  /** Requests that arrived and have no answer yet. */
  private readonly open = new Map<Socket, number>();

  constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.open.set(socket, 0);
      socket.once('close', () => {
        this.open.delete(socket);
      });
    });
    server.on('request', ({ socket }, response) => {
      this.open.set(socket, (this.open.get(socket) ?? 0) + 1);
      response.once('close', () => {
        if (this.open.has(socket)) this.open.set(socket, (this.open.get(socket) ?? 1) - 1);
      });
    });
  }

  /** @param requestTimeoutMs how long a request that has begun to arrive may take to arrive */
  endUnused(requestTimeoutMs: number): void {
    const lateAt = performance.now() + requestTimeoutMs;
    const look = (): void => {
      const isLate = performance.now() >= lateAt;
      for (const [socket, requests] of this.open)
        if (requests === 0 && (isLate || socket.bytesRead === 0)) socket.destroy();
    };
    look();
    const looks = setInterval(look, LOOK_MS); // another one may have been accepted meanwhile
    this.server.once('close', () => {
      clearInterval(looks);
    });
  }
}

/**
 * While the service stops, each answer ends its connection. Otherwise a client that keeps it alive
 * could delay the stop as long as it likes. It begins with the grace after SIGTERM, so that few
 * connections are left when the port closes.
 * @returns ends each connection with its next answer from now on
 */
export function letConnectionsEnd(adapter: FastifyAdapter, requestTimeoutMs: number): () => void {
  const fastify = adapter.getInstance();
  const connections = new OpenConnections(fastify.server);
  let stopping = false;
  fastify.addHook('preClose', (done) => {
    stopping = true;
    connections.endUnused(requestTimeoutMs);
    done();
  });
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (stopping) reply.header('connection', 'close');
    done(null, payload);
  });
  return () => {
    stopping = true;
  };
}
