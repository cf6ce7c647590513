import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { GroupRead } from '../../../database/group-read.js';
import { readRows } from '../../../database/read-rows.js';

/** A deadline and the time left until it, both in chain time. */
export interface Wait {
  /** Unix seconds. */ readonly until: bigint;
  /** Seconds from now; below zero when it has passed. */ readonly seconds: number;
}

/**
 * Chain time as far as the database knows it: its own clock, or the newest close time when that is
 * ahead. No process uses its own clock. When the chain lags (60 s at most,
 * docs/protocol.md#stale-means-no), the wait is a little short.
 */
const CHAIN_NOW = 'greatest(clock_timestamp(), p.head_close_time)';
const wait = (deadline: string): string =>
  `extract(epoch from ${deadline})::bigint::text as until, extract(epoch from ${deadline} ` +
  `- ${CHAIN_NOW})::float8 as seconds`;

/** The hold of a pool that ends first, by one index entry, as `nextDeadline`. */
const OF_POOLS =
  `select p.id, ${wait('r.expires_at')} from pools p cross join lateral (select expires_at from ` +
  `reservations where pool_id = p.id and state = 'held' order by expires_at limit 1) r where ` +
  'p.id = any ($1)';
const OF_BORROWER = `select ${wait('r.expires_at')} from live_borrowers b
  join reservations r on r.pool_id = b.pool_id and r.id = b.reservation_id join pools p on p.id = b.pool_id
  where b.network = $1 and b.account = $2 and r.state = 'held' order by r.expires_at limit 1`;
/**
 * The live hold that ends first on the lending contract of a pool, or of a loan's pool, by one
 * index entry for each pool of that lending contract.
 */
const OF_LENDING_CONTRACT = `select ${wait('r.expires_at')} from pools o
  join pools p on p.network = o.network and p.lending_contract = o.lending_contract
    cross join lateral (select expires_at from reservations where pool_id = p.id and state = 'held'
      order by expires_at limit 1) r
  where o.id = coalesce((select l.pool_id from loans l where l.id = $1), $1) order by r.expires_at limit 1`;
const OF_QUARANTINE =
  `select ${wait('p.quarantined_until')} from pools p where p.id = coalesce((select ` +
  `l.pool_id from loans l where l.id = $1), $1) and p.state = 'quarantined' and ` +
  'p.quarantined_until is not null';

/**
 * Reads how long a request may have to wait for what blocks it. It decides nothing; callers get it
 * as information.
 */
@Injectable()
export class WaitReader {
  private readonly pools = new GroupRead((poolIds: readonly string[]) => this.ofPools(poolIds));

  constructor(private readonly source: DataSource) {}

  /** @returns null when no hold of the pool is live */
  ofPool(poolId: string): Promise<Wait | null> {
    return this.pools.ask(poolId);
  }
  /** @returns null when the borrower has no live hold on that network */
  ofBorrower(network: string, borrower: string): Promise<Wait | null> {
    return this.one(OF_BORROWER, [network, borrower]);
  }
  /** @returns null when no hold of the lending contract is live */
  ofLendingContract(poolOrLoan: string): Promise<Wait | null> {
    return this.one(OF_LENDING_CONTRACT, [poolOrLoan]);
  }
  /** @returns null when the pool is in no quarantine, or its end is not set yet */
  ofQuarantine(poolOrLoan: string): Promise<Wait | null> {
    return this.one(OF_QUARANTINE, [poolOrLoan]);
  }

  private async ofPools(poolIds: readonly string[]): Promise<(Wait | null)[]> {
    const rows = await readRows<WaitRow & { id: string }>(this.source, OF_POOLS, [
      [...new Set(poolIds)],
    ]);
    const found = new Map(rows.map((row) => [row.id, waitOf(row)]));
    return poolIds.map((id) => found.get(id) ?? null);
  }

  private async one(sql: string, values: readonly string[]): Promise<Wait | null> {
    const [row] = await this.source.query<WaitRow[]>(sql, [...values]);
    return row ? waitOf(row) : null;
  }
}

interface WaitRow {
  readonly until: string;
  readonly seconds: number;
}
const waitOf = ({ until, seconds }: WaitRow): Wait => ({ until: BigInt(until), seconds });
