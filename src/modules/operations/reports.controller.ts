import type { Readable } from 'node:stream';
import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiParam, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ApiRoute } from '../../http/api-route.decorator.js';
import { CONFIG, type Config } from '../../common/config.js';
import { HoldfastError } from '../../common/errors.js';
import { Lifecycle } from '../../common/lifecycle.js';
import { parsed } from '../../http/validation.js';
import { queriedInstant } from '../../http/wire.schemas.js';
import { LedgerConnections } from '../liquidity/guards/ledger-connections.js';
import { csvText, IDLE_SECONDS, reportPages, secondsWithin } from '../reporting/report-export.js';
import { REPORTS } from '../reporting/reports.js';
import { reportStream } from '../reporting/report-stream.js';

const time = (description: string) =>
  queriedInstant.optional().meta({ description, format: 'date-time' });
const reportQuery = z.strictObject({
  pool: z.uuid('must be the id of a pool').optional().meta({ description: 'Only of this pool' }),
  since: time(
    'Start, inclusive; left out: as far back as `holdfast report` goes. Funnels include the ' +
      'whole hour or day (UTC) of this time',
  ),
  until: time(
    'End, exclusive; left out: now. Funnels include the whole hour or day (UTC) of this time',
  ),
});
const fileSchema = z.string().meta({
  id: 'ReportFile',
  description: 'A header, then one record per line, with CRLF between them',
});
interface Reply {
  /** Whether an answer was sent, also one that reports a timeout. */
  readonly sent: boolean;
  header(name: string, value: string): Reply;
  send(body: Readable): unknown;
}

/**
 * Sends reports as files to operators. The statements are those of the command `report`, and each
 * page is sent when it has been read.
 */
@ApiTags('operator')
@Controller('operator/reports')
export class ReportsController {
  private readonly seconds: number;

  constructor(
    private readonly connections: LedgerConnections,
    private readonly lifecycle: Lifecycle,
    @Inject(CONFIG) config: Config,
  ) {
    this.seconds = secondsWithin(config.HANDLER_TIMEOUT_MS);
  }

  @Get(':file')
  @ApiProduces('text/csv')
  @ApiRoute({
    access: 'operate',
    operationId: 'exportReport',
    summary: 'A report as CSV, streamed',
    description:
      'CSV (RFC 4180) with every column of the view; all rows are of one moment. A process ' +
      'sends two exports at a time. A reader that reads nothing for a minute is cut off, and ' +
      'so is one that still reads when the process stops. After a failure the connection is ' +
      'cut, so a file that ends in order is complete.',
    problems: ['VALIDATION_FAILED', 'NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam({
    name: 'file',
    description: 'Name of the report',
    schema: { type: 'string', enum: REPORTS.map(({ name }) => `${name}.csv`) },
  })
  @ApiResponse({ status: 200, description: 'The file.', standardSchema: fileSchema })
  async csv(
    @Param('file') file: string,
    @Query({ schema: reportQuery }) query: unknown,
    @Res() reply: Reply,
  ): Promise<void> {
    const asked = parsed(reportQuery, query, 'query');
    const { pool, since, until = new Date() } = asked;
    const report = REPORTS.find(({ name }) => file === `${name}.csv`);
    if (!report)
      throw new HoldfastError(
        'NOT_FOUND',
        `There is no report ${file}. The reports are ${REPORTS.map(({ name }) => `${name}.csv`).join(', ')}.`,
      );
    if (!report.range) refuseRange(file, asked);
    const from = since ?? new Date(until.getTime() - (report.range?.seconds ?? 0) * 1000);
    if (report.range && from >= until)
      throw new HoldfastError('VALIDATION_FAILED', 'The range is empty.', {
        errors: [{ field: 'since', message: 'must be before until' }],
      });
    const lines = csvText(
      reportPages(
        this.connections.exports,
        { report, poolId: pool ?? null, since: from, until, at: null, everyColumn: true },
        undefined,
        this.seconds,
      ),
    );
    const first = await lines.next().catch((thrown: unknown) => {
      throw notBegun(thrown, { hasRange: report.range !== null, seconds: this.seconds });
    });
    if (reply.sent) {
      await lines.return(undefined);
      return;
    } // no reader is left, and the connection would never be released
    reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${file}"`)
      .header('cache-control', 'no-store')
      .send(
        reportStream(first, lines, { signal: this.lifecycle.signal, idleMs: IDLE_SECONDS * 1000 }),
      );
  }
}

/** An ignored range would make a report of the present look like one of the past. */
function refuseRange(file: string, asked: z.infer<typeof reportQuery>): void {
  const given = (['since', 'until'] as const).filter((field) => asked[field] !== undefined);
  if (given.length > 0)
    throw new HoldfastError('VALIDATION_FAILED', `${file} shows the present and takes no range.`, {
      errors: given.map((field) => ({ field, message: 'this report takes no range' })),
    });
}

const QUERY_CANCELED = '57014';

/**
 * Explains why there is no first page. A range that takes too long would take too long again, so
 * that is not retryable.
 */
function notBegun(
  thrown: unknown,
  { hasRange, seconds }: { readonly hasRange: boolean; readonly seconds: number },
): HoldfastError {
  const { code, message } =
    thrown instanceof Error
      ? { code: 'code' in thrown ? thrown.code : null, message: thrown.message }
      : { code: null, message: '' };
  // the second is pg's own error, when the cancelled query got no answer either
  const tooLong = code === QUERY_CANCELED || message === 'Query read timeout';
  if (tooLong && hasRange) {
    return new HoldfastError(
      'VALIDATION_FAILED',
      `The report was not ready to begin within ${seconds} s. Ask for a shorter range, or for one pool.`,
      {
        errors: [
          {
            field: 'since',
            message: 'must be nearer to until, because the range is too long to read',
          },
        ],
      },
      { cause: thrown },
    );
  }
  const why = tooLong
    ? `the database did not answer within ${seconds} s`
    : message.includes('timeout exceeded when trying to connect')
      ? 'two exports run already, or the database takes no connection'
      : 'the database could not be asked';
  return new HoldfastError(
    'BUSY_RETRY',
    `The report could not be begun: ${why}.`,
    { retryAfterSeconds: 5 },
    { cause: thrown },
  );
}
