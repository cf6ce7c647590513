import pg from 'pg';

const PASSWORD = 'a-password-for-tests';

/**
 * The URL of a database for the reader's role. Roles belong to the cluster, which other test files
 * use at the same time, so this waits for their changes.
 */
export async function readerUrl(url: string): Promise<string> {
  const admin = new pg.Client(url);
  await admin.connect();
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        await admin.query(`alter role holdfast_reporting password '${PASSWORD}'`);
        break;
      } catch (error) {
        if (
          !(
            error instanceof pg.DatabaseError &&
            error.message.includes('tuple concurrently updated')
          ) ||
          attempt === 20
        )
          throw error;
      }
    }
  } finally {
    await admin.end();
  }
  return Object.assign(new URL(url), { username: 'holdfast_reporting', password: PASSWORD }).href;
}

export async function withClient<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
