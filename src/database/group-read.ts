import { AsyncLocalStorage } from 'node:async_hooks';
import { asError } from '../common/errors.js';

interface Waiting<Question, Answer> {
  readonly question: Question;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** More questions than this take turns, so that no statement grows with the load. */
const TOGETHER_MAX = 100;

/** Reads outside any request's scope, because a statement belongs to all that wait for it. */
const outsideRequests = AsyncLocalStorage.snapshot();
const beginning: (() => void)[] = [];

/** What begins in one turn of the event loop begins together, so that its statements can share a message. */
function beginSoon(run: () => void): void {
  if (beginning.push(run) > 1) return;
  outsideRequests(() =>
    setImmediate(() => {
      for (const begin of beginning.splice(0)) begin();
    }),
  );
}

/**
 * Answers the questions that wait with one statement; the next statement takes those that arrived
 * meanwhile. A statement begins after all of its questions were asked, so no answer is older than
 * its request. Under load a round trip costs more than what it reads.
 */
export class GroupRead<Question, Answer> {
  private waiting: Waiting<Question, Answer>[] = [];
  private running = 0;

  /**
   * @param read gives the answers in the order of the questions
   * @param together maximum of statements in flight
   */
  constructor(
    private readonly read: (questions: readonly Question[]) => Promise<readonly Answer[]>,
    private readonly together = 1,
  ) {}

  ask(question: Question): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      this.waiting.push({ question, resolve, reject });
      if (this.running >= this.together) return;
      this.running++;
      beginSoon(() => {
        void this.run();
      });
    });
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, TOGETHER_MAX);
      try {
        const answers = await this.read(batch.map(({ question }) => question));
        for (const [index, member] of batch.entries()) member.resolve(answers[index] as Answer);
      } catch (thrown) {
        for (const member of batch) member.reject(asError(thrown));
      }
    }
    this.running--;
  }
}
