import { Controller, Get, Header, Inject, Optional, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access } from '../../http/access-rule.js';
import { parsed } from '../../http/validation.js';
import { LedgerConnections } from '../liquidity/guards/ledger-connections.js';
import { JOB_FIGURES, type JobFigures } from '../operations/job-figures.js';
import { type OpenAlarm, openAlarms } from '../reporting/console-alarms.js';
import { alarmsCursorOf, alarmsQuery } from './console-queries.js';

interface AlarmsAnswer {
  readonly alarms: readonly OpenAlarm[];
  readonly nextCursor: string | null;
  /** Rounds of jobs that failed for good and are still kept. */
  readonly deadLetters: { readonly count: number; readonly newest: string | null };
}

/** What is wrong now. Only GET, as in `ConsoleController`. */
@ApiExcludeController()
@Controller('console/data')
export class ConsoleAlarmsController {
  constructor(
    private readonly connections: LedgerConnections,
    @Optional() @Inject(JOB_FIGURES) private readonly jobs?: JobFigures,
  ) {}

  @Get('alarms')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async alarms(@Query() query: unknown): Promise<AlarmsAnswer> {
    const { cursor, limit } = parsed(alarmsQuery, query, 'query');
    const [{ alarms, next }, deadLetters] = await Promise.all([
      openAlarms(this.connections.read, { after: cursor, limit }),
      this.deadLetters(),
    ]);
    return { alarms, nextCursor: next && alarmsCursorOf(next), deadLetters };
  }

  private async deadLetters(): Promise<AlarmsAnswer['deadLetters']> {
    if (!this.jobs) return { count: 0, newest: null };
    const { text, values } = this.jobs.question;
    const { rows } = await this.connections.read.query<Record<string, unknown>>(text, [...values]);
    const { deadLetters, newestDeadLetter } = this.jobs.read(rows);
    return {
      count: deadLetters,
      newest: newestDeadLetter === null ? null : new Date(newestDeadLetter * 1000).toISOString(),
    };
  }
}
