import { expect, test } from '@jest/globals';
import { guard } from './guard.js';
import { until } from '../src/common/processes.js';

test('a process that died is started again and reported; a running process is left alone', async () => {
  const lines: string[] = [];
  const pids = [undefined, 42, undefined];
  let looks = 0;
  const end = guard(
    [
      { what: 'It', revive: () => Promise.resolve(pids[looks++]) },
      { what: 'The other', revive: () => Promise.resolve(undefined) },
    ],
    (line) => lines.push(line),
  );
  await until('three looks', 10_000, () => (looks >= 3 ? true : undefined));
  await end();
  expect(lines).toEqual(['It: was gone, started again, process 42']);
});

test('a process that cannot be started is reported with the reason, and the others are still watched', async () => {
  const lines: string[] = [];
  let looks = 0;
  const end = guard(
    [
      { what: 'It', revive: () => Promise.reject(new Error('Its port is taken.')) },
      {
        what: 'The other',
        revive: () => {
          looks++;
          return Promise.resolve(undefined);
        },
      },
    ],
    (line) => lines.push(line),
  );
  await until('looks at the other', 10_000, () => (looks >= 2 ? true : undefined));
  await end();
  expect(lines).toEqual(['It: is gone and could not be started again. Its port is taken.']);
});

test('a stop waits for a start under way, and nothing is watched after it', async () => {
  let looks = 0;
  let started: (pid: number) => void = () => undefined;
  const end = guard(
    [
      {
        what: 'It',
        revive: () => {
          looks++;
          return new Promise<number>((resolve) => {
            started = resolve;
          });
        },
      },
    ],
    () => undefined,
  );
  let ended = false;
  const ending = end().then(() => {
    ended = true;
  });
  await Promise.resolve();
  expect(ended).toBe(false);
  started(7);
  await ending;
  expect(looks).toBe(1);
});
