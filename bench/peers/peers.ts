import { setImmediate as nextTurn } from 'node:timers/promises';
import pg from 'pg';
import type { EmbeddedPostgres } from '../../sandbox/postgres/embedded.js';
import { dropDatabase } from '../../test/support/database.js';
import { percentile } from '../lab/figures.js';
import { closedLoop } from '../lab/http-load.js';
import { type OpenPeer, type Peer, PEER_SCHEMA } from './peer.js';
import {
  checkThenAct,
  functionPerRequest,
  literalCard,
  rowLock,
  sumUnderLock,
} from './postgres-peers.js';
import { REDIS_PEERS } from './redis-peers.js';
import { type RedisProcess, redisServer, startRedis } from './redis.js';

export const PEERS: readonly Peer[] = [
  literalCard,
  sumUnderLock,
  rowLock,
  functionPerRequest,
  checkThenAct,
  ...REDIS_PEERS,
];
const TRIAL_ROOM = 100;
const TRIAL_CALLERS = 64;
const TRIAL_ATTEMPTS = 300;

export interface PeerSample {
  readonly name: string;
  readonly durability: Peer['durability'];
  readonly inFlight: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly retriesPerHold: number;
  /** Promised of `TRIAL_ROOM` when `TRIAL_ATTEMPTS` came at once. */
  readonly promisedOfRoom: number;
}

/** Runs the peers, each in a database of its own, on the server and the Redis of this bench. */
export class PeerField {
  readonly #redis = new Map<boolean, RedisProcess>();
  #made = 0;

  constructor(private readonly server: EmbeddedPostgres) {}

  /** Peers that this machine can run. The others are named in the report. */
  static readonly here = (): readonly Peer[] =>
    PEERS.filter(({ needsRedis }) => !needsRedis || redisServer() !== undefined);

  async sample(peer: Peer, inFlight: number, seconds: number): Promise<PeerSample> {
    const promisedOfRoom = await this.#with(peer, BigInt(TRIAL_ROOM), TRIAL_CALLERS, trial);
    return this.#with(peer, 10n ** 12n, inFlight, async (open) => {
      await closedLoop({ inFlight, seconds: seconds / 3 }, ask(open));
      const before = open.retries;
      const loop = await closedLoop({ inFlight, seconds }, ask(open));
      const held = loop.outcomes.get('held') ?? 0;
      return {
        name: peer.name,
        durability: peer.durability,
        inFlight,
        perSecond: held / loop.seconds,
        p50: percentile(loop.latencies, 0.5),
        p99: percentile(loop.latencies, 0.99),
        retriesPerHold: (open.retries - before) / Math.max(1, held),
        promisedOfRoom,
      };
    });
  }

  async #with<T>(
    peer: Peer,
    room: bigint,
    inFlight: number,
    work: (open: OpenPeer) => Promise<T>,
  ): Promise<T> {
    const name = `peer_${this.#made++}`;
    await this.server.ensureDatabase(name);
    const setUp = new pg.Client({ connectionString: this.server.url(name) });
    await setUp.connect();
    await setUp.query(PEER_SCHEMA);
    await setUp.end();
    const redis = peer.needsRedis ? await this.#redisFor(peer.durability !== 'none') : undefined;
    const open = await peer.open({
      url: this.server.url(name),
      room,
      inFlight,
      ...(redis && { redis }),
    });
    try {
      return await work(open);
    } finally {
      await open.close();
      await dropDatabase(name, this.server.url('postgres'));
    }
  }

  async #redisFor(durable: boolean): Promise<RedisProcess> {
    const known = this.#redis.get(durable);
    if (known) return known;
    const program = redisServer();
    if (program === undefined) throw new Error('redis-server is not on this machine');
    const started = await startRedis(program, durable);
    this.#redis.set(durable, started);
    return started;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#redis.values()].map((redis) => redis.stop()));
  }
}

const ask =
  (open: OpenPeer) =>
  async (caller: number): Promise<string> => {
    // a Redis that answers in the same turn must not keep the timers waiting
    await nextTurn();
    return (await open.hold(caller)) ? 'held' : 'refused';
  };

/** Everybody asks at the same moment, a few times. */
async function trial(open: OpenPeer): Promise<number> {
  await Promise.all(
    Array.from({ length: TRIAL_CALLERS }, async (_, caller) => {
      for (let turn = 0; turn < TRIAL_ATTEMPTS / TRIAL_CALLERS; turn++) await open.hold(caller);
    }),
  );
  return open.promised();
}
export const TRIAL = { room: TRIAL_ROOM } as const;
