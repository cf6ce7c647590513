import { expect, test } from '@jest/globals';
import { reportStream } from './report-stream.js';

const LONG = 'x'.repeat(100_000); // more than a stream buffers without a read
interface Given {
  readonly pages: AsyncGenerator<string>;
  readonly returned: () => boolean;
  readonly first: IteratorResult<string>;
}
async function given(count: number, page = LONG): Promise<Given> {
  let returned = false;
  async function* all() {
    try {
      for (let n = 0; n < count; n++) yield await Promise.resolve(`${n}${page}`);
    } finally {
      returned = true;
    }
  }
  const pages = all();
  return { pages, returned: () => returned, first: await pages.next() };
}
const patient = { signal: new AbortController().signal, idleMs: 60_000 };

test('gives every page, in order, and ends', async () => {
  const { pages, first, returned } = await given(5, ';');
  let text = '';
  for await (const part of reportStream(first, pages, patient)) text += String(part);
  expect([text, returned()]).toEqual(['0;1;2;3;4;', true]);
});

test('a reader who stops reading is cut off, and the pages are freed', async () => {
  const { pages, first, returned } = await given(5);
  const stream = reportStream(first, pages, { ...patient, idleMs: 50 });
  stream.read(0);
  await new Promise((resolve) => {
    stream.once('close', resolve);
  });
  expect([stream.errored?.message, returned()]).toEqual(['the reader stopped for 0.05 s', true]);
});

test('a slow reader who goes on reading is not cut off', async () => {
  const { pages, first } = await given(4);
  let length = 0;
  for await (const part of reportStream(first, pages, { ...patient, idleMs: 400 })) {
    length += String(part).length;
    await new Promise((wake) => {
      setTimeout(wake, 150);
    });
  }
  expect(length).toBe(4 * (LONG.length + 1));
});

test('all are cut off when the process stops, also one that begins then', async () => {
  const stopping = new AbortController();
  for (const abortFirst of [false, true]) {
    const { pages, first, returned } = await given(5);
    if (abortFirst) stopping.abort();
    const stream = reportStream(first, pages, { ...patient, signal: stopping.signal });
    const closed = new Promise((resolve) => {
      stream.once('close', resolve);
    });
    if (!abortFirst) {
      stream.read(0);
      stopping.abort();
    }
    await closed;
    expect([stream.errored?.message, returned()]).toEqual(['the process stops', true]);
  }
});
