import { createServer } from 'node:net';

const LOOPBACK = '127.0.0.1';
/** How many ports above the wanted one are tried before any free one is taken. */
const NEIGHBOURS = 20;

/**
 * Whether the port of the address is free. 0 asks for any free one.
 * @returns the port, or undefined when it is taken
 */
function tryPort(wanted: number, host = LOOPBACK): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    probe.listen(wanted, host, () => {
      const address = probe.address();
      probe.close(() => {
        resolve(typeof address === 'object' ? address?.port : undefined);
      });
    });
  });
}

/**
 * Whether a process could listen there now.
 * @throws Error when the address is none of this machine
 */
export const isPortFree = async (port: number, host: string): Promise<boolean> =>
  (await tryPort(port, host)) !== undefined;

/** Any free port of the loopback address. */
export async function freePort(): Promise<number> {
  const port = await tryPort(0);
  if (port === undefined) throw new Error('This machine has no free port on 127.0.0.1.');
  return port;
}

/**
 * The port to listen on. A configured port is never moved: if it is taken, listening on it fails.
 * @param wanted first choice
 * @param given whether it was configured; if not, the next free port is taken
 */
export async function listenPort(wanted: number, given: boolean): Promise<number> {
  if (given) return wanted;
  for (let port = wanted; port <= Math.min(wanted + NEIGHBOURS, 65_535); port++) {
    const free = await tryPort(port);
    if (free !== undefined) return free;
  }
  return freePort();
}
