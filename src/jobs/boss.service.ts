import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { PgBoss, type QueuePolicy, type UpdateQueueOptions } from 'pg-boss';
import { asError } from '../common/errors.js';
import { BOSS_SCHEMA } from '../database/migrate.js';
import { LogThrottle } from '../telemetry/log-throttle.js';
import { DEAD_LETTERS, JOBS, KEEP_LETTERS_SECONDS } from './jobs-table.js';

export interface BossOptions {
  readonly databaseUrl: string;
  /** false: this process only puts jobs in. Upkeep and schedules belong to workers. */
  readonly work: boolean;
}

const STOP_LIMIT_MS = 10_000;
/** pg-boss's own pace is once a minute, and the dashboard would show zeros that long. */
const UPKEEP_SECONDS = 5;

/**
 * The connection to pg-boss and its queues. Its schema is made by `migrate()`, before anything
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
      max: options.work ? 4 : 2,
      migrate: false,
      createSchema: false,
      supervise: options.work,
      schedule: options.work,
      persistWarnings: options.work,
      persistQueueStats: options.work,
      superviseIntervalSeconds: UPKEEP_SECONDS,
      monitorIntervalSeconds: UPKEEP_SECONDS,
      queueCacheIntervalSeconds: UPKEEP_SECONDS,
    });
    // every worker of every queue says it twice a second while the database is away: 390 lines in
    // 15 s
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

  /**
   * Started once, by whoever asks first: Nest runs the bootstraps of one module at the same time.
   */
  ready(): Promise<void> {
    return (this.started ??= this.start());
  }

  /**
   * Queues are made here and not by workers only: a hold's job needs its queue although no worker
   * has ever run.
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
   * A queue that exists is left as it is by createQueue: what the table says of it now is written
   * over it. Its policy cannot change.
   */
  private async queue(
    name: string,
    policy: QueuePolicy,
    settings: UpdateQueueOptions,
  ): Promise<void> {
    await this.boss.createQueue(name, { policy });
    await this.boss.updateQueue(name, settings);
  }

  /** Waits for rounds that run. */
  async onApplicationShutdown(): Promise<void> {
    await this.boss.stop({ graceful: true, timeout: STOP_LIMIT_MS });
  }
}
