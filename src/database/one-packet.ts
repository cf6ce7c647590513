import type { Socket } from 'node:net';
import type pg from 'pg';

/**
 * Sends the statements that `send` issues before it first waits in one write: on a pipelined
 * connection each would be a system call of its own and wake the server.
 */
export function asOnePacket<T>(client: pg.ClientBase, send: () => T): T {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } })
    .connection;
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}
