import { randomBytes } from 'node:crypto';

/**
 * A design that a team would write instead, re-written here: two rows a hold (the hold and its
 * history), where the product writes seven and a compressed transaction.
 */
export interface Peer {
  readonly name: string;
  /** What it keeps when the machine stops. */
  readonly durability: 'Postgres' | 'AOF always' | 'AOF always + Postgres' | 'none';
  readonly needsRedis: boolean;
  open(place: PeerPlace): Promise<OpenPeer>;
}
export interface PeerPlace {
  /** A database with `PEER_SCHEMA`. */
  readonly url: string;
  readonly redis?: { readonly port: number };
  readonly room: bigint;
  /** Callers that will ask at the same time. */
  readonly inFlight: number;
}
export interface OpenPeer {
  /** Asks for one unit. @returns whether it was promised */
  hold(caller: number): Promise<boolean>;
  /** Promised units by its own rows. */
  promised(): Promise<number>;
  /** Transactions that had to run again. */
  readonly retries: number;
  close(): Promise<void>;
}

export const HOLD_SECONDS = 300;
export const token = (): string => randomBytes(12).toString('hex');
export const borrower = (): string => `G${randomBytes(28).toString('hex').slice(0, 55)}`;

export const PEER_SCHEMA = `
  create table peer_pools (id integer primary key, room numeric(39, 0) not null,
    held numeric(39, 0) not null default 0);
  create table peer_holds (id uuid primary key default uuidv7(),
    pool_id integer not null references peer_pools, key text not null, borrower text not null,
    amount numeric(39, 0) not null, state text not null default 'held',
    expires_at timestamptz not null, unique (pool_id, key));
  create index on peer_holds (pool_id) include (amount) where state = 'held';
  create index on peer_holds (expires_at) where state = 'held';
  create table peer_events (number bigint generated always as identity primary key,
    hold_id uuid not null, kind text not null, at timestamptz not null default now());
  create function peer_hold(p_key text, p_borrower text) returns boolean language plpgsql as $$
  declare v_id uuid;
  begin
    update peer_pools set held = held + 1 where id = 1 and held + 1 <= room;
    if not found then return false; end if;
    insert into peer_holds (pool_id, key, borrower, amount, expires_at)
      values (1, p_key, p_borrower, 1, now() + interval '${HOLD_SECONDS} s') returning id into v_id;
    insert into peer_events (hold_id, kind) values (v_id, 'held');
    return true;
  end $$`;
