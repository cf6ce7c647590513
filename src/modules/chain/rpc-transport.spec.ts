import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type HttpRequest, NoAnswer, RpcTransport } from './rpc-transport.js';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

async function listening(
  serve: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer({ keepAliveTimeout: 0 }, serve);
  servers.push(server);
  await new Promise<void>((listens) => server.listen(0, '127.0.0.1', listens));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/rpc?key=k`, server };
}

const request: HttpRequest = { body: '{"id":1}', limitMs: 5_000, repeatable: true };
const failure = async (answer: Promise<unknown>): Promise<NoAnswer> => {
  const thrown: unknown = await answer.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof NoAnswer) return thrown;
  throw new Error(`expected no answer, got ${String(thrown)}`);
};

/** Closes each socket as soon as a second request comes in on it, as if it had been idle too long. */
async function forgetfulNode(): Promise<{
  readonly url: string;
  readonly asks: { served: number; closed: number };
}> {
  const used = new WeakSet<Socket>();
  const asks = { served: 0, closed: 0 };
  const { url } = await listening((asked, response) => {
    if (used.has(asked.socket)) {
      asks.closed++;
      asked.socket.destroy();
      return;
    }
    used.add(asked.socket);
    asks.served++;
    asked.resume().on('end', () => response.end('ok'));
  });
  return { url, asks };
}

describe('RpcTransport', () => {
  test('keeps its sockets open, and sends path, query and body', async () => {
    const ports = new Set<number | undefined>();
    const { url } = await listening((asked, response) => {
      ports.add(asked.socket.remotePort);
      let body = '';
      asked.on('data', (part: Buffer) => (body += part.toString()));
      asked.on('end', () => response.end(`${asked.method} ${asked.url} ${body}`));
    });
    const transport = new RpcTransport(url);
    for (let call = 0; call < 10; call++)
      expect(await transport.post(request)).toEqual({
        status: 200,
        text: 'POST /rpc?key=k {"id":1}',
      });
    // a socket is free again a moment after its answer
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  test('a node that closes idle sockets: a read is asked again on a new one', async () => {
    const { url, asks } = await forgetfulNode();
    const transport = new RpcTransport(url);
    for (let call = 0; call < 12; call++) expect((await transport.post(request)).text).toBe('ok');
    expect(asks.served).toBe(12);
    expect(asks.closed).toBeGreaterThan(0);
  });

  test('what changes something is never sent twice', async () => {
    const { url, asks } = await forgetfulNode();
    const transport = new RpcTransport(url);
    const reasons: string[] = [];
    for (let call = 0; call < 12; call++)
      await transport.post({ ...request, repeatable: false }).catch((thrown: unknown) => {
        reasons.push(thrown instanceof NoAnswer ? thrown.reason : String(thrown));
      });
    expect(reasons).toEqual(Array.from({ length: asks.closed }, () => 'connection'));
    expect(asks.closed).toBeGreaterThan(0);
    expect(asks.served + asks.closed).toBe(12);
  });

  test('a node that closes every socket is asked twice and no more', async () => {
    let asks = 0;
    const { url } = await listening((asked) => {
      asks++;
      asked.socket.destroy();
    });
    expect(await failure(new RpcTransport(url).post(request))).toMatchObject({
      reason: 'connection',
      begun: false,
    });
    expect(asks).toBe(2);
  });

  test('an answer that began and was cut is not asked for again', async () => {
    let asks = 0;
    const { url } = await listening((asked, response) => {
      asks++;
      response.writeHead(200, { 'content-length': '100' }).write('half', () => {
        asked.socket.destroy();
      });
    });
    expect(await failure(new RpcTransport(url).post(request))).toMatchObject({
      reason: 'connection',
      begun: true,
    });
    expect(asks).toBe(1);
  });

  test('one limit for the whole answer, also while it waits for a socket', async () => {
    const { url } = await listening((_, response) => {
      response.writeHead(200).write('half');
    });
    const transport = new RpcTransport(url);
    const answers = Array.from({ length: 70 }, () =>
      failure(transport.post({ ...request, limitMs: 150 })),
    );
    for (const { reason } of await Promise.all(answers)) expect(reason).toBe('timedOut');
  });

  test('an answer without end is cut off', async () => {
    const part = Buffer.alloc(4_000_000, 'x');
    const { url } = await listening((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(part));
      };
      response.on('drain', more);
      more();
    });
    expect((await failure(new RpcTransport(url).post(request))).reason).toBe('tooLarge');
  });

  test('a proxy is used, unless the address is excepted', async () => {
    const { url } = await listening((asked, response) => {
      asked.resume().on('end', () => response.end('ok'));
    });
    const tunnels: string[] = [];
    const proxy = await listening((_, response) => response.writeHead(405).end());
    proxy.server.on('connect', (asked: IncomingMessage, socket: Socket) => {
      tunnels.push(asked.url ?? '');
      const { hostname, port } = new URL(`http://${asked.url}`);
      const onward = connect(Number(port), hostname, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.pipe(socket);
        socket.pipe(onward);
      });
      for (const each of [onward, socket]) each.on('error', () => undefined);
    });
    const httpProxy = new URL(proxy.url).origin;
    expect((await new RpcTransport(url, { httpProxy }).post(request)).text).toBe('ok');
    expect(tunnels).toEqual([new URL(url).host]);
    await new RpcTransport(url, { httpProxy, noProxy: '127.0.0.1' }).post(request);
    expect(tunnels).toHaveLength(1);
  });
});
