import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/**
 * A proxy before the service that can be cut and restored at the same address, or go silent with
 * every connection open, like a service that hangs.
 */
export interface Cuttable {
  readonly url: string;
  cut(): void;
  mend(): Promise<void>;
  freeze(): void;
  thaw(): void;
  close(): void;
}

export async function givenCuttable(target: string): Promise<Cuttable> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let frozen = false;
  const flow = (): void => {
    for (const socket of open)
      if (frozen) socket.pause();
      else socket.resume();
  };
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on('data', (bytes) => {
        other.write(bytes);
      });
      one.on('error', () => undefined); // the other end's 'close' follows
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
    flow();
  });
  const listen = (at: number): Promise<void> =>
    new Promise((resolve) => {
      server.listen(at, '127.0.0.1', resolve);
    });
  await listen(0);
  const at = (server.address() as AddressInfo).port;
  const cut = (): void => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${at}`,
    cut,
    mend: () => listen(at),
    freeze: () => {
      frozen = true;
      flow();
    },
    thaw: () => {
      frozen = false;
      flow();
    },
    close: cut,
  };
}
