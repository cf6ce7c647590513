import pg from 'pg';

const CONNECT_MS = 5000;

/**
 * What cancels the statement that this connection is at: the server works on when its client has
 * gone. Behind a pooler its process changes between transactions; one that is idle by then loses
 * nothing.
 */
export async function cancelOf(
  client: Pick<pg.ClientBase, 'query'>,
  url: string,
): Promise<() => void> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const pid = rows[0]?.pid;
  return () => {
    void cancel(url, pid);
  };
}

/** The statement's own error says that it was cancelled; without a connection it runs to its limit. */
async function cancel(url: string, pid: number | undefined): Promise<void> {
  const other = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  try {
    await other.connect();
    await other.query('select pg_cancel_backend($1)', [pid]);
  } catch {
    process.stderr.write('The statement could not be cancelled.\n');
  } finally {
    await other.end();
  }
}

interface Waiting extends pg.PoolClient {
  readonly processID?: number;
}

/**
 * Cancels, at Ctrl-C, what the connections of the rooms wait for. Behind a pooler the server does
 * not know the process that a connection names, and the statement runs to its limit.
 * @returns a function that takes this back
 */
export function cancelAtInterrupt(
  { read, write }: { readonly read: pg.Pool; readonly write: pg.Pool },
  onInterrupt: (work: () => void) => () => void,
): () => void {
  const busy = new Set<Waiting>();
  const take = (client: Waiting): void => void busy.add(client);
  const give = (_error: Error, client: Waiting): void => void busy.delete(client);
  read.on('acquire', take).on('release', give);
  const restore = onInterrupt(() => {
    for (const { processID } of busy)
      write.query('select pg_cancel_backend($1)', [processID]).catch(() => {
        process.stderr.write('The statement could not be cancelled.\n');
      });
  });
  return () => {
    restore();
    read.off('acquire', take).off('release', give);
  };
}
