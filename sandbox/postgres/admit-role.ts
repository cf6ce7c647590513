import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

const ATTEMPTS = 20;

/**
 * Gives a role of a server of ours a password that follows from the superuser's and does not show
 * it, so that every process that knows the one finds the other.
 * @param ownerUrl the database as the superuser
 * @returns the database's address for the role
 */
export async function admitRole(ownerUrl: string, role: string): Promise<string> {
  const owner = new URL(ownerUrl);
  const password = createHash('sha256').update(`${role} ${owner.password}`).digest('hex');
  const address = Object.assign(new URL(ownerUrl), { username: role, password }).href;
  for (let attempt = 1; !(await signsIn(address)); attempt += 1) {
    const client = new pg.Client(ownerUrl);
    await client.connect();
    try {
      await client.query(
        `alter role ${client.escapeIdentifier(role)} login password ${client.escapeLiteral(password)}`,
      );
    } catch (error) {
      // another process changes the role at the same time
      if (attempt === ATTEMPTS) throw error;
      await wait(50);
    } finally {
      await client.end();
    }
  }
  return address;
}

async function signsIn(url: string): Promise<boolean> {
  const client = new pg.Client(url);
  client.on('error', () => undefined); // the attempt fails
  try {
    await client.connect();
    return true;
  } catch (error) {
    // wrong password, or a role that may not sign in yet
    if (['28P01', '28000'].includes(String((error as { code?: unknown }).code))) return false;
    throw error;
  } finally {
    await client.end();
  }
}
