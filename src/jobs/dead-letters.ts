import {
  type BeforeApplicationShutdown,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { JobWithMetadata } from 'pg-boss';
import type { BossService } from './boss.service.js';
import { DEAD_LETTERS } from './jobs-table.js';

const POLL_SECONDS = 1;

/**
 * The facts of a round that failed for good; also the output of its dead letter, which the jobs
 * page shows.
 */
interface DeadLetter {
  readonly queue: string | null;
  readonly job: string | null;
  readonly tries: number;
  readonly error: string | null;
}

/**
 * Logs `dead_letter {facts}` for every round that failed for good, also when its process was killed
 * or the round ran out of time. The letter stays in its queue, completed; an operator retries the
 * failed round itself.
 */
export class DeadLetterLog implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly service: BossService,
    private readonly log: Pick<Logger, 'error'> = new Logger('jobs'),
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.service.ready();
    await this.service.boss.work(
      DEAD_LETTERS,
      { pollingIntervalSeconds: POLL_SECONDS, batchSize: 1, includeMetadata: true },
      (letters: JobWithMetadata[]) => Promise.resolve(this.logged(letters)),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.service.boss.offWork(DEAD_LETTERS, { wait: true });
  }

  private logged([letter]: JobWithMetadata[]): DeadLetter | undefined {
    if (!letter) return undefined;
    const facts = {
      queue: letter.sourceName,
      job: letter.sourceId,
      tries: (letter.sourceRetryCount ?? 0) + 1,
      error: messageOf(letter.output),
    };
    this.log.error(`dead_letter ${JSON.stringify(facts)}`);
    return facts;
  }
}

/**
 * A thrown error is stored as an object; pg-boss's own message (`job timed out`) is one level
 * deeper. The stack is not logged.
 */
function messageOf(output: unknown): string | null {
  if (typeof output !== 'object' || output === null) return null;
  const { message, value } = output as { readonly message?: unknown; readonly value?: unknown };
  return typeof message === 'string' ? message : messageOf(value);
}
