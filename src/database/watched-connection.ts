import type pg from 'pg';

/** The state of a checked-out connection. */
export interface ConnectionWatch {
  /** Why the connection was lost; undefined while it works. */
  lost(): Error | undefined;
  /** Call before the connection is released. */
  stop(): void;
}

/**
 * Watches a checked-out connection for loss: when the server cuts one in use (time limit, failover,
 * restart), the first `error` event says why, and the statements after it do not.
 */
export function watchConnection(client: pg.ClientBase): ConnectionWatch {
  let first: Error | undefined; // the server's own message; "Connection terminated" follows
  const onError = (error: Error): void => {
    first ??= error;
  };
  client.on('error', onError);
  return {
    lost: () => first,
    stop: () => {
      client.off('error', onError);
    },
  };
}
