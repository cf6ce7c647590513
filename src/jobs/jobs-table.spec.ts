import { expect, test } from '@jest/globals';
import { type JobHandler, JOBS, matchHandlers } from './jobs-table.js';

const handler = (queue: string): JobHandler => ({ queue, run: () => Promise.resolve(false) });

test('each queue has its one handler', () => {
  const handlers = JOBS.map(({ queue }) => handler(queue));
  expect(matchHandlers(JOBS, handlers).map(({ queue, run }) => ({ queue, run }))).toEqual(handlers);
});

test('the boot fails, with every fault at once, unless each queue has exactly one handler', () => {
  const wrong = [handler('observe-pools'), handler('observe-pools'), handler('sweep-floor')];
  expect(() => matchHandlers(JOBS, wrong)).toThrow(
    new RegExp(
      [
        'sweep-floor: has a handler but is not in the table',
        'observe-pools: has 2 handlers',
        'judge-lapsed: has 0 handlers',
      ].join('[^]*'),
    ),
  );
});

test('a queue named twice is a fault of the table', () => {
  expect(() =>
    matchHandlers(
      [...JOBS, ...JOBS.slice(0, 1)],
      JOBS.map(({ queue }) => handler(queue)),
    ),
  ).toThrow('observe-pools: is in the table twice');
});
