import { describe, expect, it } from '@jest/globals';
import { json, listen } from './http-listener.js';

describe('a busy port', () => {
  it('is passed over when it may move, and an error when it was asked for', async () => {
    const first = await listen(() => json(200, 'first'), 0, false);
    await expect(listen(() => json(200, 'second'), first.port, false)).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    const moved = await listen(() => json(200, 'second'), first.port, true);
    expect(moved.port).toBeGreaterThan(first.port);
    expect(await (await fetch(`http://127.0.0.1:${moved.port}`)).json()).toBe('second');
    await Promise.all([first.close(), moved.close()]);
  });

  it('answers 413 to a body beyond its limit', async () => {
    const listener = await listen(({ body }) => json(200, body.length), 0, false);
    const send = (bytes: number): Promise<Response> =>
      fetch(`http://127.0.0.1:${listener.port}`, { method: 'POST', body: 'x'.repeat(bytes) });
    expect(await (await send(1_000_000)).json()).toBe(1_000_000);
    expect((await send(1_000_001)).status).toBe(413);
    await listener.close();
  });
});
