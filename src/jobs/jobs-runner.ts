import {
  type BeforeApplicationShutdown,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { JobWithMetadata } from 'pg-boss';
import { asError } from '../common/errors.js';
import type { ObservationPace } from '../common/observation-pace.js';
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
 * The least that pg-boss accepts. It polls, because our jobs are deferred and NOTIFY is sent when a
 * job is added, not when it is due.
 */
const POLL_SECONDS = 0.5;

/** A steady round is due after this time and its pause: it begins within a poll, and ends within one more. */
const ROUND_SECONDS = 2 * POLL_SECONDS;

export interface RunnerOptions {
  /** Between two rounds. */ readonly pauseSeconds: number;
  /** Told about the steady rounds. */ readonly pace?: ObservationPace;
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

  /** Runs before the ledger's connections close, so that a running round can finish. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.options.pace?.rest();
    for (const timer of this.retries) clearTimeout(timer);
    await Promise.all(this.jobs.map((job) => this.service.boss.offWork(job.queue, { wait: true })));
  }

  /**
   * If the queue retries a failed round, the round adds no successor: the chain of rounds continues
   * from the retry, which takes the next round's place. If the failure cannot be reported to the
   * queue, no retry follows and the successor is added as usual.
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
        (await this.canReportTo(job.queue, tried.id));
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
        (again || job.cadence !== 'while-needed')
      )
        await this.sendNext(job.queue, this.pauseOf(job, metrics.secondsSince(began)));
    }
  }

  /** Seconds until the next round. */
  private pauseOf({ cadence }: JobDeclaration, tookSeconds: number): number {
    const { pauseSeconds, pace } = this.options;
    if (cadence !== 'steady') return pauseSeconds;
    pace?.expect((pauseSeconds + ROUND_SECONDS) * 1000);
    return Math.max(0, pauseSeconds - tookSeconds);
  }

  /**
   * Whether the failure can be reported to the queue. Otherwise the round stays `active` until its
   * time limit and is not retried: without a successor, observation stopped until the minute's cron
   * (60 s of quarantine after a failover).
   */
  private canReportTo(queue: JobDeclaration['queue'], id: string): Promise<boolean> {
    return this.service.boss.findJobs(queue, { id }).then(
      () => true,
      () => false,
    );
  }

  /**
   * Sends again after 1, 2, 4 and then every 8 seconds until it works or the process stops: a short
   * database outage must not stop observation until the minute's cron (12 s of a frozen server cost
   * 37 s). The round waits only for the first attempt.
   */
  private async sendNext(
    queue: JobDeclaration['queue'],
    startAfter: number,
    pauseMs = 1000,
  ): Promise<void> {
    try {
      await this.service.boss.send(queue, {}, { startAfter });
    } catch (thrown) {
      this.log.warn(
        `${queue}: the next round could not be queued (${asError(thrown).message}); trying ` +
          `again in ${pauseMs / 1000} s`,
      );
      const timer = setTimeout(() => {
        this.retries.delete(timer);
        if (!this.stopping) void this.sendNext(queue, startAfter, Math.min(pauseMs * 2, 8000));
      }, pauseMs);
      this.retries.add(timer);
    }
  }
}
