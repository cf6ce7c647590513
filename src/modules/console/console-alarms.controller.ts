import { Controller, Get, Header, Inject, Optional } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access } from '../../http/access-rule.js';
import { formatXlm } from '../../common/money.js';
import { LedgerConnections } from '../liquidity/guards/ledger-connections.js';
import { ChannelRegistry } from '../liquidity/landings/channel-registry.js';
import { PoolRegistry } from '../liquidity/pools/pool-registry.js';
import { JOB_FIGURES, type JobFigures } from '../operations/job-figures.js';
import { type OpenAlarm, openAlarms } from '../reporting/console-alarms.js';

interface AlarmsAnswer {
  readonly alarms: readonly OpenAlarm[];
  /** Rounds of jobs that failed for good and are still kept. */
  readonly deadLetters: { readonly count: number; readonly newest: string | null };
}
interface ChannelsAnswer {
  readonly channels: readonly {
    readonly account: string;
    readonly name: string;
    readonly state: string;
    /** XLM; null: not read yet. */
    readonly balance: string | null;
    readonly balanceLedger: number | null;
    readonly inFlight: string | null;
  }[];
}

/** What is wrong now, and the channels. Only GET, as in `ConsoleController`. */
@ApiExcludeController()
@Controller('console/data')
export class ConsoleAlarmsController {
  constructor(
    private readonly connections: LedgerConnections,
    private readonly registry: PoolRegistry,
    private readonly channelRegistry: ChannelRegistry,
    @Optional() @Inject(JOB_FIGURES) private readonly jobs?: JobFigures,
  ) {}

  @Get('alarms')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async alarms(): Promise<AlarmsAnswer> {
    const [alarms, deadLetters] = await Promise.all([
      openAlarms(this.connections.read),
      this.deadLetters(),
    ]);
    return { alarms, deadLetters };
  }

  @Get('channels')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async channels(): Promise<ChannelsAnswer> {
    const networks = new Set((await this.registry.list()).map(({ network }) => network));
    const all = await Promise.all([...networks].map((each) => this.channelRegistry.list(each)));
    return {
      channels: all.flat().map(({ account, name, state, balance, balanceLedger, inFlight }) => ({
        account,
        name,
        state,
        balance: balance === null ? null : formatXlm(balance),
        balanceLedger,
        inFlight,
      })),
    };
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
