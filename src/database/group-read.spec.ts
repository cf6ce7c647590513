import { describe, expect, test } from '@jest/globals';
import { AsyncLocalStorage } from 'node:async_hooks';
import { GroupRead } from './group-read.js';

/** A read that ends when the test says so. */
function stage() {
  const reads: { questions: readonly number[]; end(error?: Error): void }[] = [];
  const begun: (() => void)[] = [];
  const group = new GroupRead(
    (questions: readonly number[]) =>
      new Promise<string[]>((resolve, reject) => {
        reads.push({
          questions,
          end: (error) => {
            if (error) reject(error);
            else resolve(questions.map((each) => `answer ${each}`));
          },
        });
        for (const wake of begun.splice(0)) wake();
      }),
  );
  return { reads, group, nextRead: () => new Promise<void>((wake) => begun.push(wake)) };
}

describe('group read', () => {
  test('questions of one turn share a read; later ones wait for the next, never for an older', async () => {
    const { reads, group, nextRead } = stage();
    let began = nextRead();
    const first = Promise.all([group.ask(1), group.ask(2)]);
    await began;
    const second = Promise.all([group.ask(3), group.ask(1)]);
    expect(reads.map(({ questions }) => questions)).toEqual([[1, 2]]);
    began = nextRead();
    reads[0]?.end();
    expect(await first).toEqual(['answer 1', 'answer 2']);
    await began;
    expect(reads[1]?.questions).toEqual([3, 1]);
    reads[1]?.end();
    expect(await second).toEqual(['answer 3', 'answer 1']);
  });

  test('a read that fails fails its own questions only, and no statement takes more than 100', async () => {
    const { reads, group, nextRead } = stage();
    let began = nextRead();
    const asked = Array.from({ length: 130 }, (_, index) => group.ask(index));
    const settled = Promise.allSettled(asked);
    await began;
    expect(reads[0]?.questions).toHaveLength(100);
    began = nextRead();
    reads[0]?.end(new Error('gone'));
    await began;
    expect(reads[1]?.questions).toHaveLength(30);
    reads[1]?.end();
    const answers = await settled;
    expect(answers.filter(({ status }) => status === 'rejected')).toHaveLength(100);
    expect(answers.at(-1)).toEqual({ status: 'fulfilled', value: 'answer 129' });
  });

  test('a read runs in no scope of a request, and each answer in that of its own', async () => {
    const scope = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const group = new GroupRead((questions: readonly number[]) => {
      seen.push(scope.getStore());
      return Promise.resolve(questions);
    });
    const own = async (name: string): Promise<string | undefined> =>
      scope.run(name, async () => {
        await group.ask(1);
        return scope.getStore();
      });
    expect(await Promise.all([own('a'), own('b')])).toEqual(['a', 'b']);
    expect(seen).toEqual([undefined]);
  });
});
