import { expect, test } from '@jest/globals';
import { BuildTurns } from './build-turns.js';

/** A build that ends when the test says so. */
class Build {
  begun = false;
  end: () => void = () => undefined;
  private readonly ended = new Promise<string>((resolve) => {
    this.end = () => {
      resolve('built');
    };
  });

  readonly build = (): Promise<string> => {
    this.begun = true;
    return this.ended;
  };
}

test('builds wait for their turn, in the order in which they came', async () => {
  const turns = new BuildTurns({ atOnce: 2, waitMs: 60_000 });
  const builds = [new Build(), new Build(), new Build(), new Build()];
  const answers = builds.map(({ build }) => turns.run(build));
  await Promise.resolve();
  expect(builds.map(({ begun }) => begun)).toEqual([true, true, false, false]);
  builds[1]?.end();
  await answers[1];
  await Promise.resolve();
  expect(builds.map(({ begun }) => begun)).toEqual([true, true, true, false]);
  for (const { end } of builds) end();
  expect(await Promise.all(answers)).toEqual(['built', 'built', 'built', 'built']);
});

test('a build whose turn would come too late is refused before it begins, with the time to ask again', async () => {
  // one build is taken to last 200 ms until the first has ended
  const turns = new BuildTurns({ atOnce: 1, waitMs: 500 });
  const [first, second, third, late] = [new Build(), new Build(), new Build(), new Build()];
  const answers = [first, second, third].map(({ build }) => turns.run(build));
  await expect(turns.run(late.build)).rejects.toMatchObject({
    code: 'BUSY_RETRY',
    facts: { retryAfterSeconds: 1 },
    message: expect.stringMatching(/building 1 .* 2 wait; .* 0\.6 s\. No hold was made/),
  });
  expect(late.begun).toBe(false);
  for (const { end } of [first, second, third]) end();
  expect(await Promise.all(answers)).toEqual(['built', 'built', 'built']);
});

test('a build that fails passes its turn on', async () => {
  const turns = new BuildTurns({ atOnce: 1, waitMs: 60_000 });
  const failing = turns.run(() => Promise.reject(new Error('no answer')));
  const next = new Build();
  const answer = turns.run(next.build);
  await expect(failing).rejects.toThrow('no answer');
  next.end();
  expect(await answer).toBe('built');
  expect(await turns.run(() => Promise.resolve('again'))).toBe('again');
});
