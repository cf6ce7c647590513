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
