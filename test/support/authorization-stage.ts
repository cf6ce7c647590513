import { randomUUID } from 'node:crypto';
import { Keypair } from '@stellar/stellar-sdk';
import type { NetworkOptions } from '../../sandbox/network/network.js';
import type { Authorization } from '../../src/modules/chain/authorizations.js';
import { channelKeys } from '../../src/modules/chain/channel-keys.js';
import type { Chain, LoanTerms } from '../../src/modules/chain/chain.js';
import type { LandingSender } from '../../src/modules/chain/landing-sender.js';
import { SorobanChain } from '../../src/modules/chain/soroban-chain.js';
import { ChannelRegistry } from '../../src/modules/liquidity/landings/channel-registry.js';
import type { SignedOutcome } from '../../src/modules/liquidity/landings/landing.js';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';
import type { HoldRequest, LiveHold } from '../../src/modules/liquidity/reservation.js';
import type { AlarmName } from '../../src/modules/settlement/alarm-log.js';
import { Lander, type LanderOptions } from '../../src/modules/settlement/lander.js';
import { OPERATOR } from './given-authorization.js';
import {
  openStage,
  type RaisedAlarm,
  reconciliationOn,
  settlementOn,
  type Stage,
  stagePool,
} from './settlement-stage.js';

const UNIT = 10_000_000n;
const TOTAL = 100n * UNIT;
const GUARANTEE = 20n * UNIT;
const DAY = 86_400n;
/** Seconds of a ledger at the fastest pace: with 300 seconds of holding, 60 ledgers to the fence. */
const PACE = { fastest: 5, slowest: 10 };
const ENTRY_BYTES = 1_092;

export const LANDER: LanderOptions = {
  candidates: 200,
  callsAtOnce: 8,
  landingSeconds: 30,
  balanceMin: 50_000_000n,
  ledgerWriteBytes: 286_720,
};

export interface AuthorizedHold {
  readonly reservationId: string;
  readonly borrower: Keypair;
  readonly terms: LoanTerms;
  readonly authorization: Authorization;
  readonly signedEntryXdr: string;
}

/** A stage with channel accounts, of which only its chain has the keys. */
export class AuthorizationStage {
  private constructor(
    readonly stage: Stage,
    readonly pool: PoolRecord,
    readonly registry: ChannelRegistry,
    private readonly channels: {
      readonly accounts: readonly string[];
      readonly secrets: readonly string[];
      readonly newChain: () => SorobanChain;
    },
  ) {}

  get accounts(): readonly string[] {
    return this.channels.accounts;
  }
  /** For a process of its own. */
  get secrets(): readonly string[] {
    return this.channels.secrets;
  }
  /** A chain room that remembers nothing, such as what others paid. */
  newChain(): SorobanChain {
    return this.channels.newChain();
  }

  static async open(
    options: { network?: NetworkOptions; channels?: number; holdSeconds?: number } = {},
  ): Promise<AuthorizationStage> {
    const bare = await openStage({ network: options.network ?? {} });
    const pool = await stagePool(bare, 10_000n * UNIT, options.holdSeconds);
    const { borrowers: made } = bare.network.control.makeBorrowers({
      pool: pool.poolContract,
      count: options.channels ?? 3,
      tokens: 0n,
      score: 50,
    });
    const newChain = (): SorobanChain =>
      new SorobanChain({
        rpcUrl: bare.network.rpcUrl,
        networkPassphrase: bare.network.passphrase,
        timeoutMs: 5000,
        inclusionFee: 1000,
        channels: channelKeys(made.map(({ secret }) => secret).join()),
      });
    const registry = new ChannelRegistry(bare.under.connections, 5000);
    for (const [index, { address: account }] of made.entries())
      await registry.add(
        { network: pool.network, account, name: `channel ${index + 1}` },
        OPERATOR,
      );
    const accounts = made.map(({ address }) => address);
    const secrets = made.map(({ secret }) => secret);
    const stage = { ...bare, chain: newChain() };
    const opened = new AuthorizationStage(stage, pool, registry, { accounts, secrets, newChain });
    await opened.observe();
    return opened;
  }

  end(): Promise<void> {
    return this.stage.end();
  }
  get head(): number {
    return this.stage.network.control.head().ledger;
  }
  async close(ledgers = 1): Promise<void> {
    await this.stage.network.closeLedgers(ledgers);
  }

  /** A lander as a process that has just started. */
  lander(
    change: { chain?: Chain; sender?: LandingSender; options?: Partial<LanderOptions> } = {},
  ): {
    readonly lander: Lander;
    readonly alarms: RaisedAlarm[];
  } {
    const alarms: RaisedAlarm[] = [];
    const raise = (name: AlarmName, facts: Readonly<Record<string, unknown>>): void => {
      alarms.push({ name, facts });
    };
    const lander = new Lander(
      {
        ledger: this.stage.under.ledger,
        pools: this.stage.under.registry,
        channels: this.registry,
        chain: change.chain ?? this.stage.chain,
        ...(change.sender && { sender: change.sender }),
      },
      { raise },
      { ...LANDER, ...change.options },
      { warn: () => undefined },
    );
    return { lander, alarms };
  }

  /** @returns the alarms of the round */
  async observe(chain?: Chain): Promise<RaisedAlarm[]> {
    const { settlement, alarms } = settlementOn(this.stage, chain && { chain });
    await settlement.observePool(this.pool);
    return alarms;
  }
  async reconcile(): Promise<RaisedAlarm[]> {
    const { reconciliation, alarms } = reconciliationOn(this.stage);
    await reconciliation.reconcilePool(this.pool);
    return alarms;
  }

  /**
   * A loan of 80 tokens, held; its authorization is signed and not handed back.
   * @param like a hold of the same wallet with the same terms; absent: of a new borrower
   */
  async held(like?: Pick<AuthorizedHold, 'borrower' | 'terms'>): Promise<AuthorizedHold> {
    const { chain, under } = this.stage;
    const { pool } = this;
    const { borrower, terms } = like ?? (await this.#asked());
    const built = await chain.buildAuthorization({
      terms,
      pool,
      holdSeconds: pool.holdSeconds,
      pace: PACE,
    });
    if (built.kind !== 'built') throw new Error(`not built: ${built.kind}`);
    const { authorization } = built;
    const reservationId = randomUUID();
    const request = requestOf(pool, { reservationId, terms, authorization });
    const outcome = await under.ledger.hold(request);
    if (outcome.kind !== 'held') throw new Error(`not held: ${outcome.kind}`);
    const { hash, entryXdr } = authorization;
    const signature = borrower.sign(Buffer.from(hash, 'hex'));
    const signed = await chain.checkAuthorization(
      [{ signed: Buffer.from(signature).toString('base64'), signer: borrower.publicKey() }],
      { entryXdr, terms, pool },
    );
    if (!signed.ok) throw new Error(`not signed: ${signed.reason}`);
    const { signedEntryXdr } = signed;
    return { reservationId, borrower, terms, authorization, signedEntryXdr };
  }
  async #asked(): Promise<{ readonly borrower: Keypair; readonly terms: LoanTerms }> {
    const { control } = this.stage.network;
    const pool = this.pool.poolContract;
    const [made] = control.makeBorrowers({
      pool,
      count: 1,
      tokens: 1000n * UNIT,
      score: 80,
    }).borrowers;
    const [vendor] = control.makeVendors({ pool, count: 1 }).vendors;
    if (!made || vendor === undefined) throw new Error('one of each was asked for');
    const dueAt = (await this.stage.chain.head()).closeTime + 30n * DAY;
    return {
      borrower: Keypair.fromSecret(made.secret),
      terms: {
        borrower: made.address,
        vendor,
        totalAmount: TOTAL,
        guaranteeAmount: GUARANTEE,
        schedule: [{ amount: TOTAL, dueAt }],
        loanType: 'standard',
      },
    };
  }
  submit({ reservationId, signedEntryXdr }: AuthorizedHold): Promise<SignedOutcome> {
    return this.stage.under.ledger.landings.markSigned(this.pool.id, reservationId, signedEntryXdr);
  }
  /** Held, signed and handed back. */
  async signed(): Promise<AuthorizedHold> {
    const hold = await this.held();
    const outcome = await this.submit(hold);
    if (outcome !== 'stored') throw new Error(`not stored: ${outcome}`);
    return hold;
  }

  live({ reservationId }: AuthorizedHold): Promise<LiveHold | null> {
    return this.stage.under.ledger.reader.liveHold(this.pool.id, reservationId);
  }
  /** The landings of a hold in the order of issue, also after its end. */
  async landings({ reservationId }: AuthorizedHold): Promise<readonly StoredLanding[]> {
    const { rows } = await this.stage.under.connections.read.query<StoredLanding>(
      `select state, channel, hash, submission_status as submission, failed_reason as reason,
        found_ledger::int as ledger, fee_charged::int as "feeCharged",
        inclusion_fee::int as "inclusionFee",
        (loan_id_last - loan_id_first)::int as room
      from landings where reservation_id = $1 order by number`,
      [reservationId],
    );
    return rows;
  }
  /** How many loans the contract has made for the borrower. */
  async loansOf({ borrower }: AuthorizedHold): Promise<number> {
    const list = await this.stage.chain.borrowerLoans(this.pool, borrower.publicKey());
    return list?.loans.length ?? 0;
  }
}

const requestOf = (
  pool: PoolRecord,
  {
    reservationId,
    terms,
    authorization,
  }: {
    readonly reservationId: string;
    readonly terms: LoanTerms;
    readonly authorization: Authorization;
  },
): HoldRequest => ({
  reservationId,
  poolId: pool.id,
  network: pool.network,
  borrower: terms.borrower,
  amount: TOTAL - GUARANTEE,
  tenantId: 'default',
  key: null,
  fingerprint: 'f'.repeat(64),
  loan: {
    loanId: randomUUID(),
    vendor: terms.vendor,
    totalAmount: TOTAL,
    guaranteeAmount: GUARANTEE,
    schedule: terms.schedule.map(({ amount, dueAt }) => ({
      amount: amount.toString(),
      dueAt: dueAt.toString(),
    })),
    loanType: 'standard',
    entryBytes: ENTRY_BYTES,
  },
  strangerBytes: 8_420,
  ask: {
    kind: 'hold-authorization',
    authorization: {
      hash: authorization.hash,
      entryXdr: authorization.entryXdr,
      nonce: authorization.nonce,
      expirationLedger: authorization.expirationLedger,
      issuedAfterLedger: authorization.issuedAfterLedger,
      expiresAt: authorization.chainTime + BigInt(pool.holdSeconds),
    },
  },
});

export interface StoredLanding {
  readonly state: 'open' | 'landed' | 'failed' | 'dead';
  readonly channel: string;
  readonly hash: string;
  readonly submission: string | null;
  readonly reason: string | null;
  readonly ledger: number | null;
  readonly feeCharged: number | null;
  readonly inclusionFee: number | null;
  /** Loans that may land before it. */
  readonly room: number | null;
}
