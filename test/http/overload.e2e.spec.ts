import { once } from 'node:events';
import net from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ask, givenService, type Service } from '../support/given.js';

/** What a hostile or overloaded caller may cost others, over a real socket. */
let service: Service;
let port: number;
beforeAll(async () => {
  service = await givenService({ RATE_PUBLIC_PER_MINUTE: '200' });
  await service.app.listen(0, '127.0.0.1');
  port = (service.app.getHttpServer().address() as net.AddressInfo).port;
});
afterAll(() => service.stop());

const statuses = (text: string): string[] =>
  [...text.matchAll(/HTTP\/1\.1 ([0-9]{3}) /g)].map(([, status = '']) => status);
/** Sends the text and reads until the server closes. */
async function sent(text: string): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

describe('one connection', () => {
  test('with 1,500 pipelined requests gets 16 answers and is closed', async () => {
    const answers = await sent('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(1500));
    expect(statuses(answers)).toEqual(Array.from({ length: 16 }, () => '200'));
  });

  test('with a few pipelined requests stays open', async () => {
    const one = 'GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n';
    const last = 'GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
    expect(statuses(await sent(one.repeat(8) + last))).toHaveLength(9);
  });

  test('a request with two Host headers is refused, whatever their values', async () => {
    for (const hosts of ['host: a\r\nhost: b', 'Host: a\r\nHOST: a']) {
      const answer = await sent(`GET /health/live HTTP/1.1\r\n${hosts}\r\n\r\n`);
      expect(statuses(answer)).toEqual(['400']);
      expect(answer).toContain('Host occurs more than once');
    }
  });
});

describe('public documents', () => {
  test.each(['/docs/openapi.json', '/docs', '/docs/swagger-ui-init.js', '/problems/BUSY_RETRY'])(
    '%s is compressed, may be kept, and is not sent again while it is the same',
    async (url) => {
      const plain = await ask(service, { url });
      expect(plain).toMatchObject({
        status: 200,
        headers: { 'cache-control': 'public, max-age=300', vary: 'accept-encoding' },
      });
      const tag = String(plain.headers['etag']);
      const packed = await service.app.inject({ url, headers: { 'accept-encoding': 'gzip, br' } });
      expect(packed.headers['content-encoding']).toBe('gzip');
      expect(packed.headers['etag']).toBe(tag);
      const whole = await service.app.inject({ url });
      expect(gunzipSync(packed.rawPayload).toString()).toBe(whole.payload);
      const again = await service.app.inject({ url, headers: { 'if-none-match': tag } });
      expect([again.statusCode, again.payload]).toEqual([304, '']);
    },
  );

  test('a page that does not exist is not kept', async () => {
    const { headers } = await ask(service, { url: '/problems/NOTHING' });
    expect([headers['etag'], headers['cache-control']]).toEqual([undefined, 'no-store']);
  });
});

describe('work without a credential', () => {
  test('is limited by address and closes the connection; probes and callers with a key are not', async () => {
    const one = (url: string, key?: string) =>
      service.app.inject({
        url,
        remoteAddress: '192.0.2.7',
        headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
      });
    const answers = await Promise.all(Array.from({ length: 201 }, () => one('/problems')));
    const limited = answers.filter(({ statusCode }) => statusCode === 429);
    expect(limited).toHaveLength(1);
    expect(limited[0]?.json()).toMatchObject({ code: 'RATE_LIMITED', rule: 'public', limit: 200 });
    expect(limited[0]?.headers).toMatchObject({ connection: 'close' });
    expect((await one('/loans')).statusCode).toBe(429);
    expect((await one('/nothing')).statusCode).toBe(429);
    expect((await one('/health/live')).statusCode).toBe(200);
    expect((await one('/pools', service.key)).statusCode).toBe(200);
    expect((await ask(service, { url: '/problems' })).status).toBe(200);
  });
});
