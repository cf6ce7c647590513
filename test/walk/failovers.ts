import type { Dice } from '../support/dice.js';
import type { Clients } from './clients.js';
import type { Diary } from './diary.js';
import type { World } from './world.js';

/** About two in 500 ledgers, each of which costs a hold time without new holds. */
const OFTEN = 0.004;
/** A copy lacks at most two holds here, and one time in five none. */
const LOST_MOST = 2;
const LOSES_NOTHING = 0.2;
/** Steps for which a failover waits until a hold was written last. */
const WAITS = 20;
/** Behind a pooler the service keeps its connections and has to notice by itself. */
const BEHIND_A_POOLER = 0.3;

/**
 * The newest entries of the journal, as far back as they are holds. A copy cannot lack a hold alone
 * whose funding was read, because the funding was written after it.
 */
const NEWEST = `select case when exists (select from fundings f
  where f.pool_id = r.pool_id and f.reservation_id = r.id) then 'funded' else e.kind
  end as kind, r.id, r.amount::text
  from reservation_events e join reservations r on r.pool_id = e.pool_id and r.id = e.reservation_id
    where e.pool_id = $1 order by e.pool_version desc, e.at desc limit $2`;
const TABLES = [
  ['reservation_events', 'reservation_id'],
  ['landings', 'reservation_id'],
  ['authorizations', 'reservation_id'],
  ['envelopes', 'reservation_id'],
  ['envelope_hashes', 'reservation_id'],
  ['live_borrowers', 'reservation_id'],
  ['idempotency_keys', 'request_id'],
  ['loans', 'reservation_id'],
  ['reservations', 'id'],
] as const;

interface Hold {
  readonly id: string;
  readonly amount: string;
}

/**
 * A failover, between two steps, to a copy that lacks the newest holds: their transactions may
 * land, and the database does not know them. This is the exception to
 * docs/protocol.md#answers-survive-a-crash, and what docs/protocol.md#quarantine is for.
 */
export class Failovers {
  readonly #lost = new Set<string>();
  #happened = 0;
  #waits = 0;

  constructor(
    private readonly world: World,
    private readonly clients: Clients,
    private readonly dice: Dice,
    private readonly diary: Diary,
  ) {}

  get happened(): boolean {
    return this.#happened > 0;
  }
  /** Whether only the borrower still knows the hold. */
  hasLost(reservationId: string): boolean {
    return this.#lost.has(reservationId);
  }
  get lostAny(): boolean {
    return this.#lost.size > 0;
  }

  async maybe(): Promise<void> {
    if (this.#waits === 0 && this.dice.chance(this.world.failovers ?? OFTEN))
      this.#waits = this.dice.chance(LOSES_NOTHING) ? 1 : WAITS;
    if (this.#waits === 0) return;
    const holds = await this.#newestHolds();
    const gone = this.#waits === 1 ? [] : holds.slice(0, 1 + this.dice.below(LOST_MOST));
    this.#waits -= 1;
    if (gone.length === 0 && this.#waits > 0) return;
    this.#waits = 0;
    await this.#failOver(gone);
  }

  async #failOver(gone: readonly Hold[]): Promise<void> {
    this.#happened += 1;
    await this.#forget(gone);
    const lost = gone.map(({ id }) => id);
    for (const id of lost) this.#lost.add(id);
    this.clients.forgotten(lost);
    const pooled = this.dice.chance(BEHIND_A_POOLER);
    if (!pooled)
      await this.world.checks.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = ' +
          `current_database() and application_name like 'holdfast%'`,
      );
    this.diary.count('failover');
    if (lost.length > 0) this.diary.count('promise lost', lost.length);
    this.diary.say(
      `failover${pooled ? ' behind a pooler' : ''}, lost: ${lost.join(', ') || 'nothing'}`,
    );
  }

  async #newestHolds(): Promise<Hold[]> {
    const { rows } = await this.world.checks.query<Hold & { readonly kind: string }>(NEWEST, [
      this.world.pool.id,
      LOST_MOST,
    ]);
    const other = rows.findIndex(({ kind }) => kind !== 'held');
    return other < 0 ? rows : rows.slice(0, other);
  }

  async #forget(gone: readonly Hold[]): Promise<void> {
    const { checks, pool } = this.world;
    // the journal is append-only, and what is lost was never written here
    await checks.query('begin; set local session_replication_role = replica');
    for (const [table, column] of TABLES)
      await checks.query(`delete from ${table} where ${column} = any ($1::uuid[])`, [
        gone.map(({ id }) => id),
      ]);
    await checks.query('update pools set held = held - $2, version = version + 1 where id = $1', [
      pool.id,
      gone.reduce((sum, { amount }) => sum + BigInt(amount), 0n),
    ]);
    await checks.query('update database_identity set timeline = $1', [`before ${this.#happened}`]);
    await checks.query('commit');
  }
}
