import {
  type BeforeApplicationShutdown,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { JobWithMetadata } from 'pg-boss';
import { asError } from '../common/errors.js';
import { withLogIds } from '../telemetry/log-scope.js';
import * as metrics from '../telemetry/metrics.js';
import { inSpan } from '../telemetry/tracing.js';
import type { BossService } from './boss.service.js';
import {
  type JobDeclaration,
  type JobHandler,
  JOBS,
  matchHandlers,
  type UseCase,
} from './jobs-table.js';

/**
 * The least that pg-boss takes. All our jobs are deferred ones, and NOTIFY is sent when a job is
 * put in, not when it comes due: so it is polled.
 */
const POLL_SECONDS = 0.5;

export interface RunnerOptions {
  /** Between the end of a round and the next one. */ readonly pauseSeconds: number;
  readonly log?: Pick<Logger, 'error' | 'warn'>;
}

/** Runs the table's jobs in this process. */
export class JobsRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly jobs: readonly (JobDeclaration & { readonly run: UseCase })[];
  private stopping = false;
  private readonly retries = new Set<NodeJS.Timeout>();

  private readonly log: Pick<Logger, 'error' | 'warn'>;

  /** @throws Error unless each row of the table has exactly one handler */
  constructor(
    private readonly service: BossService,
    handlers: readonly JobHandler[],
    private readonly options: RunnerOptions,
  ) {
    this.jobs = matchHandlers(JOBS, handlers);
    this.log = options.log ?? new Logger('jobs');
  }

  async onApplicationBootstrap(): Promise<void> {
    const { boss } = this.service;
    await this.service.ready();
    for (const job of this.jobs) {
      await boss.work(
        job.queue,
        {
          pollingIntervalSeconds: POLL_SECONDS,
          notifyPollingIntervalSeconds: POLL_SECONDS,
          batchSize: 1,
          includeMetadata: true,
        },
        ([tried]: JobWithMetadata[]) =>
          withLogIds({ job: job.queue }, () => this.round(job, tried)),
      );
      await boss.schedule(job.queue, job.cron);
      await boss.send(job.queue, {});
    }
  }

  /** Before the connections of the ledger are closed: a round that runs may finish. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    for (const timer of this.retries) clearTimeout(timer);
    await Promise.all(this.jobs.map((job) => this.service.boss.offWork(job.queue, { wait: true })));
  }

  /**
   * A round that failed and is tried again by its queue puts no successor in: the chain goes on
   * from that try, or from the last one. So a retry, with its
   * back-off, takes the place of the next round and never makes a second chain; were there one,
   * `short` would drop its send. Where the queue cannot be told
   * of the failure there is no such try, and the successor is put in as after any round.
   */
  private async round(
    job: JobDeclaration & { readonly run: UseCase },
    tried: JobWithMetadata | undefined,
  ): Promise<void> {
    let again = true;
    let triedAgain = false;
    let outcome = 'done';
    const began = performance.now();
    try {
      again = await inSpan(`job ${job.queue}`, {}, () => job.run());
    } catch (thrown) {
      outcome = 'failed';
      triedAgain =
        tried !== undefined &&
        tried.retryCount < tried.retryLimit &&
        (await this.canBeTold(job.queue, tried.id));
      this.log.error(
        `${job.queue}: ${asError(thrown).message}${triedAgain ? '; it is tried again' : ''}`,
      );
      throw thrown;
    } finally {
      metrics.count('holdfast_job_rounds_total', { queue: job.queue, outcome });
      metrics.measure(
        'holdfast_job_round_duration_seconds',
        { queue: job.queue },
        metrics.secondsSince(began),
      );
      if (
        !this.stopping &&
        !triedAgain &&
        job.cadence !== 'scheduled' &&
        (again || job.cadence === 'always')
      )
        await this.sendNext(job.queue);
    }
  }

  /**
   * Whether the queue can be told of a failure. A round that failed because the database went away
   * cannot: it stays `active` there until its time limit, nothing tries it again, and
   * observation stood still until the minute's cron (60 s of quarantine without an end after a
   * failover).
   */
  private canBeTold(queue: JobDeclaration['queue'], id: string): Promise<boolean> {
    return this.service.boss.findJobs(queue, { id }).then(
      () => true,
      () => false,
    );
  }

  /**
   * A database that was away for a moment must not stop observation until the minute's cron: the
   * send is repeated, 1, 2, 4 and then every 8 seconds, until it
   * works or the process stops (12 s of a frozen server cost 37 s of observation). The round waits
   * for the first try only.
   */
  private async sendNext(queue: JobDeclaration['queue'], pauseMs = 1000): Promise<void> {
    try {
      await this.service.boss.send(queue, {}, { startAfter: this.options.pauseSeconds });
    } catch (thrown) {
      this.log.warn(
        `${queue}: the next round could not be queued (${asError(thrown).message}); trying ` +
          `again in ${pauseMs / 1000} s`,
      );
      const timer = setTimeout(() => {
        this.retries.delete(timer);
        if (!this.stopping) void this.sendNext(queue, Math.min(pauseMs * 2, 8000));
      }, pauseMs);
      this.retries.add(timer);
    }
  }
}
