import { randomUUID } from 'node:crypto';
import { Keypair, type xdr } from '@stellar/stellar-sdk';
import { CodeRegistry, type CodeSource } from './code-registry.js';
import { ActiveFaults } from './faults.js';
import { closeOver } from './ledger-close.js';
import { baseOf, changesOf, ledgerLine, marksOf } from './ledger-encoding.js';
import { accountKey, sha256, type AccountFacts } from './ledger-entries.js';
import { goingRate } from './fee-surge.js';
import { LedgerHistory, type ClosedLedger, type LedgerMarks } from './ledger-history.js';
import { LedgerLog, type BaseLine, type LedgerLine } from './ledger-log.js';
import { LedgerState, readAccount, StateOverlay } from './ledger-state.js';
import { NO_NOTES, type NetworkNotes } from './network-notes.js';
import { LEDGER_LIMITS, NO_LIMITS, settingEntries, type LedgerLimits } from './ledger-settings.js';
import { CLOSES_UNTIL_TOO_LATE, RETENTION_LEDGERS, TOTAL_COINS } from './network-limits.js';
import { writeCode } from './setup-writes.js';
import { TransactionQueue } from './transaction-queue.js';
import { readTransaction, type TransactionInput } from './transaction-input.js';
import type { ApplyContext } from './transaction-apply.js';
import { refusalOf } from './transaction-validation.js';
import type { Refusal } from './transaction-results.js';

export interface ChainOptions {
  readonly networkPassphrase: string;
  readonly codeSource: CodeSource;
  /** Null stores nothing on disk. */
  readonly folder: string | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Limits of one ledger, where they differ from the network's settings. */
  readonly ledgerLimits?: Partial<LedgerLimits>;
  readonly retentionLedgers?: number;
}
export type Submitted =
  | { readonly status: 'PENDING' | 'DUPLICATE' | 'TRY_AGAIN_LATER' }
  | {
      readonly status: 'ERROR';
      readonly refusal: Refusal;
      /** The whole fee that would be taken, stroops; absent: not known. */
      readonly feeNeeded?: bigint;
    };

/** Lines with changes after which a start rewrites the log. */
const COMPACT_AFTER_CHANGES = 5000;

/**
 * The chain itself: state, history, queue and clock. Everything here is synchronous, so no reply
 * can show half a ledger.
 */
export class LocalChain {
  readonly state = new LedgerState();
  readonly queue = new TransactionQueue();
  readonly faults = new ActiveFaults();
  readonly code: CodeRegistry;
  readonly history: LedgerHistory;
  readonly root: Keypair;
  notes: NetworkNotes = NO_NOTES;
  /** Expected seconds between ledgers, for admission (docs/stellar.md#inclusion). */
  expectedCloseSeconds = 1;
  private readonly log: LedgerLog;
  /** Time goes on when the network begins again. Unix seconds. */
  private resetAt = 0;

  constructor(readonly options: ChainOptions) {
    this.code = new CodeRegistry(options.codeSource);
    this.history = new LedgerHistory(options.retentionLedgers ?? RETENTION_LEDGERS);
    this.root = Keypair.fromRawEd25519Seed(sha256(options.networkPassphrase));
    const { log, lines } = LedgerLog.open(options.folder);
    this.log = log;
    for (const line of lines) this.replay(line);
    if (
      lines.length > 2 * this.history.all().length ||
      lines.filter((line) => 'changes' in line).length > COMPACT_AFTER_CHANGES
    )
      this.compact();
    if (!this.history.started) this.begin({ ...NO_NOTES, chainId: randomUUID() });
    else if (!this.account(this.root.publicKey()))
      throw new Error(
        `the chain in ${options.folder ?? 'memory'} began with another passphrase than ` +
          `"${options.networkPassphrase}": give that one, or another DATA_DIR`,
      );
    else if (this.code.lackedBy(this.state).length > 0)
      this.closeLedger({
        setup: (state) => {
          writeCode(state, this.code);
        },
      });
  }

  /** The first ledger, with everything in the root account. */
  private begin(notes: NetworkNotes): void {
    this.closeLedger({
      notes,
      setup: (state) =>
        state.putAccount(this.root.publicKey(), { balance: TOTAL_COINS, sequence: 0n }),
    });
  }

  /**
   * The network begins again at ledger 1, with the same passphrase and nothing else. A disk that
   * refuses leaves the old chain; a crash leaves none, and the next start begins one.
   * @param chainId of the old chain: what it deployed can be deployed at the same addresses
   */
  reset(chainId: string = randomUUID()): void {
    const { timeOffset } = this.notes;
    this.resetAt = this.head.closeTime + 1;
    this.log.replace([]);
    this.state.clear();
    this.history.clear();
    this.queue.clear();
    this.begin({ ...NO_NOTES, chainId, timeOffset });
  }

  get limits(): LedgerLimits {
    return { ...LEDGER_LIMITS, ...this.options.ledgerLimits };
  }
  /** The network's settings, by key. */
  get settings(): ReadonlyMap<string, xdr.LedgerEntryData> {
    return settingEntries(this.limits, this.notes.leastLifetime);
  }
  get networkPassphrase(): string {
    return this.options.networkPassphrase;
  }
  get head(): ClosedLedger {
    return this.history.latest;
  }
  account(address: string): AccountFacts | undefined {
    return readAccount(this.state, accountKey(address));
  }
  /** Where simulations run contracts: on the last closed ledger, as in stellar-rpc. */
  get simulationPlace(): ApplyContext {
    return {
      code: this.code,
      networkPassphrase: this.networkPassphrase,
      sequence: this.head.sequence,
      closeTime: this.head.closeTime,
      leastLifetime: this.notes.leastLifetime,
    };
  }
  /** The node's clock, unix seconds: wall clock and travelled time, never behind the chain. */
  clock(): number {
    return Math.max(
      Math.floor(this.options.now() / 1000) + this.notes.timeOffset,
      this.history.started ? this.head.closeTime : 0,
    );
  }

  /**
   * A node's answer to a submission.
   * @param by `control`: faults of submitted transactions do not apply
   */
  submit(input: TransactionInput, by: 'rpc' | 'control' = 'control'): Submitted {
    const { surge } = this.notes;
    const leastRate = surge?.queueFull ? goingRate(surge, input) : 0n;
    const admission = this.queue.admission(input, this.head.sequence, leastRate);
    if (typeof admission === 'object')
      return {
        status: 'ERROR',
        refusal: { code: 'txInsufficientFee', ofInner: false },
        feeNeeded: admission.feeNeeded,
      };
    switch (admission) {
      case 'duplicate':
        return { status: 'DUPLICATE' };
      case 'banned':
      case 'busy':
        return { status: 'TRY_AGAIN_LATER' };
      case 'bad_sequence':
        return { status: 'ERROR', refusal: { code: 'txBadSeq', ofInner: false } };
      case 'free':
        break;
    }
    const now = this.clock();
    const latest = BigInt(now + Math.ceil(CLOSES_UNTIL_TOO_LATE * this.expectedCloseSeconds));
    const refusal = refusalOf(input, {
      state: this.state,
      ledger: this.head.sequence + 1,
      earliest: BigInt(now),
      latest,
    });
    if (refusal) return { status: 'ERROR', refusal };
    this.queue.add(
      input,
      by === 'rpc'
        ? {
            heldBack: this.faults.ledgersHeldBack(),
            waitsForDeadline: this.faults.waitsForDeadline(),
          }
        : { heldBack: 0, waitsForDeadline: false },
    );
    return { status: 'PENDING' };
  }

  readTransaction(envelope: string): TransactionInput {
    return readTransaction(envelope, this.networkPassphrase);
  }

  /**
   * Closes one ledger. It is written to disk before memory changes; if the disk fails, nothing
   * changes.
   * @param extra `setup` writes past transactions (control port only); `notes` are stored with this
   * ledger; `roomy` lifts the limits of a ledger
   */
  closeLedger(
    extra: {
      readonly setup?: (state: StateOverlay, place: ApplyContext) => void;
      readonly notes?: NetworkNotes;
      readonly roomy?: boolean;
    } = {},
  ): ClosedLedger {
    const sequence = this.history.started ? this.head.sequence + 1 : 1;
    const before = this.notes;
    this.notes = extra.notes ?? before;
    try {
      const place = {
        code: this.code,
        networkPassphrase: this.networkPassphrase,
        sequence,
        closeTime: this.nextCloseTime(),
        leastLifetime: this.notes.leastLifetime,
        failing: (call: Parameters<ActiveFaults['invocation']>[0]) => this.faults.invocation(call),
      };
      const outcome = closeOver(this.state, {
        ...place,
        waiting: this.queue.waiting(),
        limits: extra.roomy ? NO_LIMITS : this.limits,
        goingRates: extra.roomy ? undefined : this.notes.surge,
      });
      extra.setup?.(outcome.state, place);
      const line = ledgerLine(
        { ...place, previousHash: this.history.previousHash },
        this.marks,
        outcome.state.changes(),
        outcome.records,
      );
      this.log.append(
        this.notes === before && sequence > 1 ? line : { ...line, notes: this.notes },
      );
      this.state.apply(outcome.state.changes(), sequence);
      this.remember(line);
      this.queue.afterClose(
        place,
        new Set(outcome.records.map((record) => record.hash)),
        outcome.invalid,
      );
    } catch (thrown) {
      this.notes = before;
      throw thrown;
    }
    return this.head;
  }

  /** What the next ledger is marked with. */
  private get marks(): LedgerMarks {
    const { surge, protocolVersion } = this.notes;
    return {
      ...(surge && { goingRates: { soroban: surge.soroban, classic: surge.classic } }),
      ...(protocolVersion !== undefined && { protocolVersion }),
    };
  }

  stop(): void {
    this.log.close();
  }

  /**
   * The wall clock, always later than the last close. It may be earlier than the clock when a
   * transaction waits for its last possible ledger.
   */
  private nextCloseTime(): number {
    const now = Math.floor(this.options.now() / 1000) + this.notes.timeOffset;
    if (!this.history.started) return Math.max(now, this.resetAt);
    const planned = Math.max(now, this.head.closeTime + 1);
    return Math.min(planned, this.queue.nextDeadline(this.head.closeTime) ?? planned);
  }

  private remember(line: LedgerLine): void {
    const { sequence, closeTime, hash, content } = line;
    this.history.add(
      {
        sequence,
        closeTime,
        hash,
        content,
        previousHash: this.history.previousHash,
        ...marksOf(line),
      },
      line.transactions ?? [],
    );
  }

  private replay(line: LedgerLine | BaseLine): void {
    if (line.notes) {
      this.notes = line.notes;
      for (const installed of line.notes.codes) this.code.install(installed);
      if (line.notes.accountCode !== undefined) this.code.installAccount(line.notes.accountCode);
    }
    if ('base' in line) {
      this.state.apply(changesOf(line));
      return;
    }
    this.state.apply(changesOf(line), line.changes ? line.sequence : undefined);
    this.remember(line);
  }

  private compact(): void {
    const base: BaseLine = { base: baseOf(this.state.all()), notes: this.notes };
    const ledgers = this.history.all().map((ledger): LedgerLine => {
      const { sequence, closeTime, hash, content } = ledger;
      const transactions = this.history.ledgerTransactions(sequence);
      return {
        sequence,
        closeTime,
        hash,
        content,
        ...marksOf(ledger),
        ...(transactions.length && { transactions }),
      };
    });
    this.log.replace([base, ...ledgers]);
  }
}
