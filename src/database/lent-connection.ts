import type pg from 'pg';

/** What is known of a connection that is lent out. */
export interface Heeded {
  /** Why the connection is gone; undefined: it is there. */ lost(): Error | undefined;
  /** Before it is given back. */ stop(): void;
}

/**
 * Listens to a connection for as long as it is lent out. pg-pool listens to those that lie idle in
 * it; one that the server cuts while it is out (a limit of time, a failover,
 * a restart) is an `error` event, and Node ends the process for one that nobody hears.
 */
export function heedLoss(client: pg.ClientBase): Heeded {
  let first: Error | undefined; // the server's own words; "Connection terminated" follows
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
