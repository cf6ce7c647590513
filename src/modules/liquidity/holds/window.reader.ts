import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { GroupRead } from '../../../database/group-read.js';
import { readRows } from '../../../database/read-rows.js';
import type { WindowRoom } from './hold-facts.js';

/**
 * The live holds of a lending contract, the room that they leave, and how fast its loan ids were
 * taken lately.
 */
export interface WindowLook extends WindowRoom {
  /** Holds made on this lending contract within the last hold time, counted up to 200. */
  readonly heldLately: number;
  /** Loan ids that strangers' loans took in that time. */
  readonly strangersLately: number;
}

/** More than any transaction has room for. */
const COUNTED_MAX = 200;
/**
 * A reservation's id begins with its time in milliseconds (UUIDv7), so the primary key is in the
 * order of time.
 */
const SINCE =
  '(lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint - p.hold_seconds * ' +
  `1000::bigint), 12, '0') || repeat('0', 20))::uuid`;
const LOOK = `
select s.o_live as live, s.o_bytes::float8 as bytes, s.o_room_loans::float8 as room_loans,
  s.o_room_bytes::float8 as room_bytes,
  (select count(*)::int from (select from pools q join reservations r on r.pool_id = q.id and r.id >= ${SINCE}
    where q.network = p.network and q.lending_contract = p.lending_contract
      limit ${COUNTED_MAX}) lately) as held_lately,
  coalesce((select greatest(p.last_loan_id - first.last_loan_id - (
      select count(*) from pools q
        join reservations r on r.pool_id = q.id and r.state = 'settled'
          and r.settled_ledger > first.ledger and r.settled_ledger <= p.snapshot_ledger
        where q.network = p.network and q.lending_contract = p.lending_contract), 0)
    from (select n.ledger, n.last_loan_id from snapshots n
      where n.pool_id = p.id
      and n.observed_at >= clock_timestamp() - make_interval(secs => p.hold_seconds)
      and n.last_loan_id is not null
      order by n.observed_at limit 1) first), 0)::float8 as strangers
from pools p cross join lateral window_state(p.network, p.lending_contract, $2, $3) s where p.id = $1`;
interface LookRow {
  readonly live: number;
  readonly bytes: number;
  readonly room_loans: number | null;
  readonly room_bytes: number | null;
  readonly held_lately: number;
  readonly strangers: number;
}

interface Question {
  readonly poolId: string;
  readonly strangerBytes: number;
  readonly except: string | null;
}

/**
 * Reads the loan ids of a lending contract for code that builds a transaction. It decides nothing:
 * the ledger decides again under its lock.
 */
@Injectable()
export class WindowReader {
  private readonly looks = new GroupRead((questions: readonly Question[]) => this.each(questions));

  constructor(private readonly source: DataSource) {}

  /**
   * @param strangerBytes assumed size of the entry of a stranger's loan
   * @param except a reservation to leave out: the one that the new transaction is for
   */
  look(poolId: string, strangerBytes: number, except: string | null): Promise<WindowLook> {
    return this.looks.ask({ poolId, strangerBytes, except });
  }

  /** Requests for one pool that wait together ask the same, so they get one answer. */
  private each(questions: readonly Question[]): Promise<WindowLook[]> {
    const asked = new Map<string, Promise<WindowLook>>();
    return Promise.all(
      questions.map((question) => {
        const name = JSON.stringify(question);
        const answer = asked.get(name) ?? this.read(question);
        asked.set(name, answer);
        return answer;
      }),
    );
  }

  private async read({ poolId, strangerBytes, except }: Question): Promise<WindowLook> {
    const [row] = await readRows<LookRow>(this.source, LOOK, [poolId, strangerBytes, except]);
    if (!row) throw new Error(`the pool ${poolId} is gone`);
    return {
      liveHolds: row.live,
      liveBytes: row.bytes,
      roomLoans: row.room_loans,
      roomBytes: row.room_bytes,
      heldLately: row.held_lately,
      strangersLately: Math.min(row.strangers, COUNTED_MAX),
    };
  }
}
