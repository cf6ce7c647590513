import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { forgiveOwnDelays } from './late-headers.js';

const LIMIT_MS = 200;

/** Whatever ended it. */
const closed = (socket: net.Socket): Promise<void> =>
  new Promise((resolve) => {
    socket
      .on('error', () => undefined)
      .once('close', () => {
        resolve();
      });
  });

/** A request whose server is busy for long when it has accepted the connection. */
async function answerOfBusy(prepare: (server: Server) => void): Promise<string> {
  const server = createServer({ connectionsCheckingInterval: 20 }, (_, response) => {
    response.end('answered');
  });
  server.headersTimeout = LIMIT_MS;
  server.requestTimeout = 2 * LIMIT_MS;
  prepare(server);
  server.once('connection', () => {
    for (const until = performance.now() + 4 * LIMIT_MS; performance.now() < until;);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await closed(socket);
  server.close();
  await once(server, 'close');
  return text;
}

test('a client whose headers arrived while this process was busy is answered', async () => {
  expect(await answerOfBusy(forgiveOwnDelays)).toContain('answered');
});

test('without that, Node ends the connection unread', async () => {
  expect(await answerOfBusy(() => undefined)).not.toContain('answered');
});

test('a client that sends no headers is cut off all the same', async () => {
  const server = createServer({ connectionsCheckingInterval: 20 });
  server.headersTimeout = LIMIT_MS;
  server.requestTimeout = LIMIT_MS;
  forgiveOwnDelays(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\n');
  socket.resume();
  await closed(socket);
  expect(socket.destroyed).toBe(true);
  server.close();
  await once(server, 'close');
});
