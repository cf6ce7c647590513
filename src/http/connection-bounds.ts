import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { forgiveOwnDelays } from './late-headers.js';
import { answerTwoHosts } from './unparsed-answer.js';

/**
 * Requests of one connection that may wait for their answers at once. Clients that pipeline at all
 * send a few; a flood on one socket kept every other caller waiting for seconds.
 */
const PIPELINED_MAX = 16;

interface Open {
  requests: number;
  refused: boolean;
}

/**
 * Bounds what one connection can ask for, before Fastify sees it. A connection with too many open
 * requests gets the answers to those and is closed; its client sends the others again. A request
 * with two `Host` headers is refused, because a proxy may have decided by the other one.
 */
export function boundConnections(adapter: FastifyAdapter): void {
  const server = adapter.getInstance().server as Server;
  forgiveOwnDelays(server);
  const listeners = server.listeners('request') as RequestListener[];
  const open = new WeakMap<Socket, Open>();
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const own = open.get(socket) ?? { requests: 0, refused: false };
    open.set(socket, own);
    if (own.refused) return;
    if (own.requests >= PIPELINED_MAX) {
      own.refused = true;
      socket.pause();
      socket.prependOnceListener('close', endWithoutStacks);
      return;
    }
    own.requests++;
    response.once('close', () => {
      own.requests--;
      if (own.refused && own.requests === 0) socket.destroySoon();
    });
    if (hostsOf(request) > 1) answerTwoHosts(response);
    else for (const listener of listeners) listener.call(server, request, response);
  });
}

/**
 * When a connection closes, Node ends each request without an answer by an error of its own. A
 * thousand stacks, which nobody reads, took half of what such a flood cost.
 */
function endWithoutStacks(): void {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  process.nextTick(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });
}

function hostsOf({ rawHeaders }: IncomingMessage): number {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at]?.length === 4 && rawHeaders[at]?.toLowerCase() === 'host') hosts++;
  return hosts;
}
