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
 * What an operator reads of a round that ended for good; also the output of its letter, which the
 * jobs page shows.
 */
interface DeadLetter {
  readonly queue: string | null;
  readonly job: string | null;
  readonly tries: number;
  readonly error: string | null;
}

/**
 * Tells the log of every round that ended for good, `dead_letter {facts}`: also of one whose
 * process was killed or that ran out of time, of which its own
 * process can say nothing. The letter stays in its queue, completed; the round it tells of is the
 * failed one that an operator can retry.
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
      (letters: JobWithMetadata[]) => Promise.resolve(this.tell(letters)),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.service.boss.offWork(DEAD_LETTERS, { wait: true });
  }

  private tell([letter]: JobWithMetadata[]): DeadLetter | undefined {
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
 * A thrown error is kept as an object, pg-boss's own words (`job timed out`) one level deeper. The
 * stack is not for the log.
 */
function messageOf(output: unknown): string | null {
  if (typeof output !== 'object' || output === null) return null;
  const { message, value } = output as { readonly message?: unknown; readonly value?: unknown };
  return typeof message === 'string' ? message : messageOf(value);
}
