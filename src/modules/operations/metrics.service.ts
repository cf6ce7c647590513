import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import { asError } from '../../common/errors.js';
import type { Sample } from '../../telemetry/metric-list.js';
import * as metrics from '../../telemetry/metrics.js';
import { LedgerFigures } from '../liquidity/pools/ledger-figures.js';
import { JOB_FIGURES, type JobFigures } from './job-figures.js';
import { jobSamples, poolSamples } from './metrics-samples.js';

/**
 * How long an answer of the database is reused, milliseconds, so that many scrapers cause one read.
 * Failures are reused as long.
 */
const CACHE_MS = 1000;

/**
 * Renders what Prometheus reads from a process. The database's part may be missing, and the scrape
 * reports that; the process's own part never is.
 */
@Injectable()
export class MetricsService {
  private readonly log = new Logger('metrics');
  private cached: { readonly at: number; readonly samples: Promise<readonly Sample[]> } | undefined;

  constructor(
    private readonly figures: LedgerFigures,
    @Optional() @Inject(JOB_FIGURES) private readonly jobs?: JobFigures,
  ) {}

  /** Never fails: when the database is away, `holdfast_scrape_error` is 1. */
  async text(): Promise<{ readonly contentType: string; readonly text: string }> {
    const now = performance.now();
    // a read in progress is shared however long it takes, because another would wait for the same
    // connection
    if (!this.cached || now - this.cached.at >= CACHE_MS)
      this.cached = { at: Infinity, samples: this.read() };
    return metrics.exposition(await this.cached.samples);
  }

  private async read(): Promise<readonly Sample[]> {
    const began = performance.now();
    let samples: readonly Sample[] = [];
    let failed = 0;
    try {
      const { pools, further } = await this.figures.read(this.jobs?.question);
      samples = [
        ...pools.flatMap(poolSamples),
        ...(this.jobs ? jobSamples(this.jobs.read(further)) : []),
      ];
    } catch (thrown) {
      failed = 1;
      this.log.warn(`the database could not be asked for a scrape: ${asError(thrown).message}`);
    }
    metrics.set('holdfast_scrape_error', {}, failed);
    metrics.set('holdfast_scrape_duration_seconds', {}, metrics.secondsSince(began));
    const read = this.cached?.samples;
    if (read) this.cached = { at: performance.now(), samples: read };
    return samples;
  }
}
