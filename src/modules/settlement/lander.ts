import { Logger } from '@nestjs/common';
import { asError } from '../../common/errors.js';
import type { Landing, LandingResult } from '../chain/authorizations.js';
import { type Chain, type CounterWindow, type Head, INSTALMENTS_MAX } from '../chain/chain.js';
import { familyOf } from '../chain/families/families.js';
import type { ChannelRegistry } from '../liquidity/landings/channel-registry.js';
import type { LandingCandidate, LandingRow, OpenLanding } from '../liquidity/landings/landing.js';
import type { PoolRecord, PoolRegistry } from '../liquidity/pools/pool-registry.js';
import type { ReservationLedger } from '../liquidity/reservation-ledger.js';
import type { Alarms } from './alarm-log.js';
import { isDue } from './resubmission.js';
import { LandingWaits } from './landing-waits.js';
import { mapConcurrently } from './map-concurrently.js';

export interface LanderRooms {
  readonly ledger: ReservationLedger;
  readonly pools: PoolRegistry;
  readonly channels: ChannelRegistry;
  readonly chain: Chain;
}
export interface LanderOptions {
  /** Signed authorizations that one round looks at. */
  readonly candidates: number;
  /** Concurrent calls to the node. */
  readonly callsAtOnce: number;
  /** How long a landing may wait for its ledger, seconds of chain time. */
  readonly landingSeconds: number;
  /** A channel with less is alarmed, stroops. */
  readonly balanceMin: bigint;
}
export interface Landed {
  readonly issued: number;
  readonly submitted: number;
  /** Work is left for the next round. */ readonly again: boolean;
}

interface Attempt {
  readonly candidate: LandingCandidate;
  readonly channel: { readonly account: string; readonly sequence: bigint };
  readonly window: CounterWindow;
  readonly pool: PoolRecord;
}

/**
 * Lands signed authorizations (docs/protocol.md#signing-by-authorization): a transaction of a
 * channel for each, simulated a moment before, stored before it is submitted. Several loans of one
 * lending contract may land in one ledger in any order, so each has room for the others. What became
 * of a landing is read by the rounds over the pools; nothing here ends a hold.
 */
export class Lander {
  readonly #waits = new LandingWaits();

  constructor(
    private readonly rooms: LanderRooms,
    private readonly alarms: Alarms,
    private readonly options: LanderOptions,
    private readonly log: Pick<Logger, 'warn'> = new Logger('lander'),
  ) {}

  /** @throws HoldfastError CHAIN_UNREACHABLE, BUSY_RETRY; what was issued is stored */
  async round(): Promise<Landed> {
    const { ledger, chain } = this.rooms;
    const network = chain.networkPassphrase;
    const [open, candidates] = await Promise.all([
      ledger.landings.openLandings(network, this.options.candidates),
      ledger.landings.candidates(network, this.options.candidates),
    ]);
    if (open.length + candidates.length === 0) return { issued: 0, submitted: 0, again: false };
    const head = await chain.head();
    const again = await this.submit(open.filter((landing) => isWaiting(landing, head)));
    const issued = await this.land(candidates, open, head);
    const submitted = again + (await this.submit(issued));
    return { issued: issued.length, submitted, again: true };
  }

  /** Builds and stores landings for as many authorizations as there are free channels. */
  private async land(
    candidates: readonly LandingCandidate[],
    open: readonly OpenLanding[],
    head: Head,
  ): Promise<readonly { readonly hash: string; readonly xdr: string }[]> {
    const due = candidates.filter(
      ({ reservationId, expirationLedger }) =>
        head.ledger < expirationLedger && this.#waits.isDue(reservationId, head.ledger),
    );
    if (due.length === 0) return [];
    const channels = await this.freeChannels();
    if (channels.length === 0) return [];
    const pools = new Map((await this.rooms.pools.list()).map((pool) => [pool.id, pool]));
    const attempts = attemptsOf(due, { channels, pools, open });
    const { done, failure } = await mapConcurrently(
      attempts,
      this.options.callsAtOnce,
      async (attempt) => ({ attempt, result: await this.build(attempt, head) }),
    );
    for (const { attempt, result } of done)
      if (result.kind !== 'built') this.notBuilt(attempt, result, head);
    const rows = done.flatMap(({ attempt: { candidate }, result }) =>
      result.kind === 'built' ? [rowOf(candidate, result.landing)] : [],
    );
    const outcomes = await this.rooms.ledger.landings.issue(rows);
    if (failure && rows.length === 0) throw failure;
    return rows.filter((_, index) => outcomes[index] === 'issued');
  }

  private build({ candidate, channel, window, pool }: Attempt, head: Head): Promise<LandingResult> {
    return this.rooms.chain.buildLanding({
      terms: { ...candidate.terms, loanType: loanTypeOf(candidate) },
      pool,
      signedEntryXdr: candidate.signedEntryXdr,
      channel,
      window,
      maxTime: head.closeTime + BigInt(this.options.landingSeconds),
      bids: pool,
    });
  }

  /**
   * Nothing was stored and nothing was paid. A refusal may pass, such as a pause of a contract, so
   * it is tried again until the fence, less and less often.
   */
  private notBuilt(
    { candidate: { reservationId, poolId }, channel }: Attempt,
    result: Exclude<LandingResult, { readonly kind: 'built' }>,
    { ledger }: Head,
  ): void {
    if (result.kind === 'no_channel') {
      this.log.warn({ channel: channel.account, reason: result.reason }, 'a channel is not usable');
      return;
    }
    this.#waits.refused(reservationId, ledger);
    const why = result.kind === 'refused' ? result.refusal.name : result.kind;
    this.log.warn({ reservationId, poolId, why, ledger }, 'an authorization cannot land now');
  }

  /** Channels of ours without a landing in flight, with their sequence now. */
  private async freeChannels(): Promise<Attempt['channel'][]> {
    const { channels, chain } = this.rooms;
    const ours = new Set(chain.channelAccounts);
    const listed = await channels.list(chain.networkPassphrase);
    const usable = listed.filter(
      ({ account, state, inFlight }) =>
        state === 'active' && inFlight === null && ours.has(account),
    );
    if (usable.length === 0) {
      if (!listed.some(({ state, account }) => state === 'active' && ours.has(account)))
        this.alarms.raise('no_channel', { listed: listed.length, keys: ours.size });
      return [];
    }
    const states = await chain.channels(usable.map(({ account }) => account));
    await channels.noteBalances(
      chain.networkPassphrase,
      [...states.values()].flatMap(({ account, balance, ledger }) =>
        balance === null ? [] : [{ account, balance, ledger }],
      ),
    );
    return usable.flatMap(({ account, name }) => {
      const { sequence = null, balance = null } = states.get(account) ?? {};
      if (balance === null || balance < this.options.balanceMin)
        this.alarms.raise('channel_low', {
          channel: account,
          name,
          balance: balance?.toString() ?? null,
        });
      return sequence === null ? [] : [{ account, sequence }];
    });
  }

  /** The node's answer proves nothing, and is stored so that the next round knows when to ask. */
  private async submit(
    landings: readonly { readonly hash: string; readonly xdr: string }[],
  ): Promise<number> {
    const { done, failure } = await mapConcurrently(
      landings,
      this.options.callsAtOnce,
      async ({ hash, xdr }) => {
        const { status, latestLedger } = await this.rooms.chain.submit(xdr);
        return { hash, status, ledger: latestLedger };
      },
    );
    await this.rooms.ledger.landings.noteSubmissions(done);
    if (failure) this.log.warn({ err: asError(failure) }, 'landings could not be submitted');
    return done.length;
  }
}

const isWaiting = ({ maxTime, submission }: OpenLanding, { ledger, closeTime }: Head): boolean =>
  closeTime < maxTime && (submission === null || isDue(ledger, submission));

/**
 * One channel for each, oldest signature first. A landing has room for the others of its lending
 * contract that this round sends or that are in flight, and for strangers.
 */
function attemptsOf(
  due: readonly LandingCandidate[],
  given: {
    readonly channels: readonly Attempt['channel'][];
    readonly pools: ReadonlyMap<string, PoolRecord>;
    readonly open: readonly OpenLanding[];
  },
): Attempt[] {
  const { channels, pools, open } = given;
  const sent = due.slice(0, channels.length).flatMap((candidate, index) => {
    const [pool, channel] = [pools.get(candidate.poolId), channels[index]];
    return pool && channel ? [{ candidate, pool, channel }] : [];
  });
  const lineOf = (poolId: string): string => pools.get(poolId)?.lendingContract ?? '';
  return sent.map((each) => {
    const line = each.pool.lendingContract;
    const others = sent.filter((one) => one !== each && one.pool.lendingContract === line).length;
    const inFlight = open.filter(({ poolId }) => lineOf(poolId) === line).length;
    return { ...each, window: windowFor(each, others + inFlight) };
  });
}

/** Room for strangers grows with the landings that strangers made fail. */
const STRANGERS_AT_FIRST = 2;
const STRANGERS_MAX = 24;

function windowFor(
  { candidate, pool }: Pick<Attempt, 'candidate' | 'pool'>,
  ours: number,
): CounterWindow {
  const { loanEntryBytes, loanTypes } = familyOf(pool.generation).lending;
  const largest = Math.max(
    ...loanTypes.map((loanType) => loanEntryBytes({ instalments: INSTALMENTS_MAX, loanType })),
  );
  const outrun = candidate.lastFailure?.by === 'ours' ? candidate.landings : 0;
  const strangers = Math.min(STRANGERS_MAX, STRANGERS_AT_FIRST * 2 ** Math.min(outrun, 4));
  return {
    loans: ours + strangers,
    bytes: ours * (candidate.entryBytes ?? largest) + strangers * largest,
  };
}

const loanTypeOf = ({ terms }: LandingCandidate): 'standard' | 'learner_installment' =>
  terms.loanType === 'learner_installment' ? 'learner_installment' : 'standard';

const rowOf = (
  { poolId, reservationId }: LandingCandidate,
  { inclusionFee, ...landing }: Landing,
): LandingRow => ({
  poolId,
  reservationId,
  channel: landing.channel,
  hash: landing.hash,
  xdr: landing.xdr,
  sequence: landing.sequence,
  maxTime: landing.maxTime,
  issuedAfterLedger: landing.issuedAfterLedger,
  fee: landing.fee,
  inclusionFee: inclusionFee.bid,
  goingRate: inclusionFee.going?.rate ?? null,
  loanIdFirst: landing.loanIdFirst,
  loanIdLast: landing.loanIdLast,
});
