import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EventReader } from '../../../test/support/event-reader.js';
import { EventStream } from './event-stream.js';

const SHORT_MS = 30;
let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer((_, response) => {
    new EventStream(response, {}, { keyId: null, lifeMs: SHORT_MS }).send({
      id: '7',
      event: 'state',
      data: {},
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

test(
  'a stream ends, so that its reader must authenticate again; the last event has no id, ' +
    'and the reader resumes after the one before',
  async () => {
    const reader = await EventReader.open(url, { authorization: 'Bearer of-no-matter' });
    await reader.end();
    expect(reader.events).toEqual([
      { id: '7', event: 'state', data: {} },
      { id: null, event: 'closing', data: { reason: 'renew' } },
    ]);
  },
);
