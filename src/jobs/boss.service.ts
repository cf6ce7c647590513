import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { PgBoss, type QueuePolicy, type UpdateQueueOptions } from 'pg-boss';
import { asError } from '../common/errors.js';
import { BOSS_SCHEMA } from '../database/boss-schema.js';
import { LogThrottle } from '../telemetry/log-throttle.js';
import { DEAD_LETTERS, JOBS, KEEP_LETTERS_SECONDS } from './jobs-table.js';

export interface BossOptions {
  readonly databaseUrl: string;
  /** False: this process only adds jobs. Upkeep and schedules belong to workers. */
  readonly work: boolean;
  /** Most connections; absent: four. */
  readonly connections?: number;
}

const STOP_LIMIT_MS = 10_000;
/** pg-boss's default is once a minute, and the dashboard would show zeros until then. */
const UPKEEP_SECONDS = 5;

/**
 * The connection to pg-boss and its queues. `migrate()` creates its schema before the service
 * listens.
 */
export class BossService implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly boss: PgBoss;
  private started: Promise<void> | undefined;
  private readonly log: Pick<Logger, 'error' | 'warn'>;
  private readonly throttle = new LogThrottle();

  constructor(options: BossOptions, log: Pick<Logger, 'error' | 'warn'> = new Logger('jobs')) {
    this.log = log;
    this.boss = new PgBoss({
      connectionString: options.databaseUrl,
      schema: BOSS_SCHEMA,
      application_name: 'holdfast-jobs',
      max: Math.min(options.connections ?? 4, options.work ? 4 : 2),
      migrate: false,
      createSchema: false,
      supervise: options.work,
      schedule: options.work,
      persistWarnings: options.work,
      // the jobs page draws from it: a day's rows, in tables of a day that pg-boss drops
      persistQueueStats: options.work,
      queueStatRetentionDays: 1,
      superviseIntervalSeconds: UPKEEP_SECONDS,
      monitorIntervalSeconds: UPKEEP_SECONDS,
      queueCacheIntervalSeconds: UPKEEP_SECONDS,
    });
    // While the database is unreachable, every worker of every queue reports it twice a second: 390
    // lines in 15 s.
    this.boss.on('error', (error) => {
      const line = `queue_error ${asError(error).message}`;
      if (this.throttle.isDue(line)) this.log.error(line);
    });
    this.boss.on('warning', (warning) => {
      this.log.warn(`queue_warning ${warning.message} ${JSON.stringify(warning.data)}`);
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.ready();
  }

  /** Starts once, on the first call: Nest runs the bootstraps of one module at the same time. */
  ready(): Promise<void> {
    return (this.started ??= this.start());
  }

  /**
   * Every process creates the queues, not only workers: a hold's job needs its queue even if no
   * worker has ever run.
   */
  private async start(): Promise<void> {
    await this.boss.start();
    await this.queue(DEAD_LETTERS, 'standard', {
      retryLimit: 2,
      deleteAfterSeconds: KEEP_LETTERS_SECONDS,
    });
    for (const job of JOBS) {
      await this.queue(job.queue, job.policy, {
        retryLimit: job.retry.limit,
        retryDelay: job.retry.delaySeconds,
        retryDelayMax: job.retry.delayMaxSeconds,
        retryBackoff: true,
        expireInSeconds: job.timeLimitSeconds,
        deleteAfterSeconds: job.keepSeconds,
        deadLetter: job.deadLetter,
      });
    }
  }

  /**
   * createQueue leaves an existing queue unchanged, so the table's settings are written over it.
   * Its policy cannot change.
   */
  private async queue(
    name: string,
    policy: QueuePolicy,
    settings: UpdateQueueOptions,
  ): Promise<void> {
    await this.boss.createQueue(name, { policy });
    await this.boss.updateQueue(name, settings);
  }

  /** Waits for running rounds. */
  async onApplicationShutdown(): Promise<void> {
    await this.boss.stop({ graceful: true, timeout: STOP_LIMIT_MS });
  }
}
