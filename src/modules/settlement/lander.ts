import { Logger } from '@nestjs/common';
import { LEDGER_SECONDS } from '../../common/ledger-time.js';
import { reached } from '../../common/steps.js';
import * as metrics from '../../telemetry/metrics.js';
import type { Landing, LandingResult } from '../chain/authorizations.js';
import type { Chain, Head, LoanType } from '../chain/chain.js';
import { type LandingSender, nodeSender } from '../chain/landing-sender.js';
import type { ChannelRegistry } from '../liquidity/landings/channel-registry.js';
import type { LandingCandidate, LandingRow, OpenLanding } from '../liquidity/landings/landing.js';
import type { PoolRegistry } from '../liquidity/pools/pool-registry.js';
import type { ReservationLedger } from '../liquidity/reservation-ledger.js';
import type { Alarms } from './alarm-log.js';
import { type Attempt, attemptsOf, type FreeChannel } from './landing-batch.js';
import { LandingWaits } from './landing-waits.js';
import { mapConcurrently } from './map-concurrently.js';
import { isDue } from './resubmission.js';
import { Strangers } from './strangers.js';

export interface LanderRooms {
  readonly ledger: ReservationLedger;
  readonly pools: PoolRegistry;
  readonly channels: ChannelRegistry;
  readonly chain: Chain;
  /** Absent: the node. */
  readonly sender?: LandingSender;
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
  /** Bytes that the transactions of one ledger may write: a setting of the network. */
  readonly ledgerWriteBytes: number;
}
export interface Landed {
  readonly issued: number;
  readonly submitted: number;
  /** Work is left for the next round. */ readonly again: boolean;
}

/**
 * What a landing bids for inclusion when a relayer pays, stroops. The relayer refuses to bump a
 * transaction that bids more than it does, and its own setting decides what is paid.
 */
const RELAYED_BID = 100n;

/**
 * Lands signed authorizations (docs/protocol.md#signing-by-authorization): a transaction of a
 * channel for each, simulated a moment before, stored before it is submitted. Several loans of one
 * lending contract may land in one ledger in any order, so each has room for the others. What became
 * of a landing is read by the rounds over the pools; nothing here ends a hold.
 */
export class Lander {
  readonly #waits = new LandingWaits();
  readonly #strangers = new Strangers();
  readonly #sender: LandingSender;

  constructor(
    private readonly rooms: LanderRooms,
    private readonly alarms: Alarms,
    private readonly options: LanderOptions,
    private readonly log: Pick<Logger, 'warn'> = new Logger('lander'),
  ) {
    this.#sender = rooms.sender ?? nodeSender(rooms.chain);
  }

  /** @throws HoldfastError CHAIN_UNREACHABLE, BUSY_RETRY; what was issued is stored */
  async round(): Promise<Landed> {
    reached('landing.started');
    const { ledger, chain } = this.rooms;
    const network = chain.networkPassphrase;
    const [open, candidates] = await Promise.all([
      ledger.landings.openLandings(network, this.options.candidates),
      ledger.landings.candidates(network, this.options.candidates),
    ]);
    measureLag(candidates);
    if (open.length + candidates.length === 0) return { issued: 0, submitted: 0, again: false };
    const head = await chain.head();
    const again = await this.submit(
      open.filter((landing) => isWaiting(landing, head)),
      head,
    );
    const issued = await this.land(candidates, open, head);
    const submitted = again + (await this.submit(issued, head));
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
    this.#strangers.see(candidates, pools, head.ledger);
    const strangersOf = (line: string): number => this.#strangers.of(line, head.ledger);
    const { ledgerWriteBytes } = this.options;
    const ground = { channels, pools, open, strangersOf, ledgerWriteBytes, ledger: head.ledger };
    const attempts = attemptsOf(due, ground);
    reached('landing.chosen');
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
    reached('landing.built');
    const outcomes = await this.rooms.ledger.landings.issue(rows);
    reached('landing.stored');
    for (const outcome of outcomes) metrics.count('holdfast_landings_total', { outcome });
    if (failure && rows.length === 0) throw failure;
    if (failure) this.log.warn({ err: failure }, 'landings could not be built');
    return rows.filter((_, index) => outcomes[index] === 'issued');
  }

  private build({ candidate, channel, window, pool }: Attempt, head: Head): Promise<LandingResult> {
    return this.rooms.chain.buildLanding({
      terms: { ...candidate.terms, loanType: loanTypeOf(candidate) },
      pool,
      signedEntryXdr: candidate.signedEntryXdr,
      channel,
      window,
      maxTime: head.closeTime + this.landingSeconds(candidate.expirationLedger - head.ledger),
      ...(this.#sender.payer === 'relayer' ? { bid: RELAYED_BID } : { bids: pool }),
    });
  }

  /** About until the fence at most, because a landing after it fails and costs its fee. */
  private landingSeconds(ledgersLeft: number): bigint {
    return BigInt(Math.min(this.options.landingSeconds, ledgersLeft * LEDGER_SECONDS));
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
    metrics.count('holdfast_landings_total', { outcome: 'not_built' });
    const why = result.kind === 'refused' ? result.refusal.name : result.kind;
    this.log.warn({ reservationId, poolId, why, ledger }, 'an authorization cannot land now');
  }

  /** Channels of ours without a landing in flight, with their sequence now. */
  private async freeChannels(): Promise<FreeChannel[]> {
    const { channels, chain } = this.rooms;
    const ours = new Set(chain.channelAccounts);
    const listed = await channels.list(chain.networkPassphrase);
    const active = listed.filter(({ account, state }) => state === 'active' && ours.has(account));
    const usable = active.filter(({ inFlight }) => inFlight === null);
    metrics.set('holdfast_channels', { state: 'free' }, usable.length);
    metrics.set('holdfast_channels', { state: 'in_flight' }, active.length - usable.length);
    if (active.length === 0)
      this.alarms.raise('no_channel', { listed: listed.length, keys: ours.size });
    if (usable.length === 0) return [];
    const states = await chain.channels(usable.map(({ account }) => account));
    await channels.noteBalances(
      chain.networkPassphrase,
      [...states.values()].flatMap(({ account, balance, ledger }) =>
        balance === null ? [] : [{ account, balance, ledger }],
      ),
    );
    return usable.flatMap(({ account, name }) => {
      const { sequence = null, balance = null } = states.get(account) ?? {};
      metrics.set('holdfast_channel_balance_stroops', { channel: account }, Number(balance ?? 0n));
      if (this.#sender.payer === 'channel' && (balance ?? 0n) < this.options.balanceMin)
        this.alarms.raise('channel_low', {
          channel: account,
          name,
          balance: balance?.toString() ?? null,
          least: this.options.balanceMin.toString(),
        });
      return sequence === null ? [] : [{ account, sequence }];
    });
  }

  /** The answer proves nothing, and is stored so that the next round knows when to ask. */
  private async submit(
    landings: readonly { readonly hash: string; readonly xdr: string }[],
    head: Head,
  ): Promise<number> {
    if (landings.length === 0) return 0;
    const { done, failure } = await mapConcurrently(
      landings,
      this.options.callsAtOnce,
      async ({ hash, xdr }) => {
        const { status, ledger } = await this.#sender.send(xdr);
        reached('landing.sent');
        return { hash, status, ledger: ledger ?? head.ledger };
      },
    );
    await this.rooms.ledger.landings.noteSubmissions(done);
    reached('landing.noted');
    if (failure) this.log.warn({ err: failure }, 'landings could not be submitted');
    return done.length;
  }
}

/** A landing of a cancelled hold, or one whose fence has passed, is not submitted again. */
const isWaiting = (
  { maxTime, submission, cancelRequested, expirationLedger }: OpenLanding,
  { ledger, closeTime }: Head,
): boolean =>
  !cancelRequested &&
  ledger < expirationLedger &&
  closeTime < maxTime &&
  (submission === null || isDue(ledger, submission));

/** How long the oldest signature has waited for its landing. */
function measureLag([oldest]: readonly LandingCandidate[]): void {
  const since = oldest ? (Date.now() - oldest.signedAt.getTime()) / 1000 : 0;
  metrics.set('holdfast_lander_lag_seconds', {}, Math.max(0, since));
}

const loanTypeOf = ({ terms }: LandingCandidate): LoanType =>
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
