import { Address, xdr } from '@stellar/stellar-sdk';
import { keyed } from '../../sandbox/network/ledger-entries.js';
import { asKnown, changesOf, keyName, lacking, raisedOf } from './recorded-compare.js';
import {
  type Aspect,
  type Difference,
  EntryComparison,
  type Findings,
} from './recorded-entries.js';
import { type Code, codeOf } from './recorded-code.js';
import { RecordedWorld, type Replayed } from './recorded-replay.js';
import type { RecordedStep, Recording } from './recorded.js';
import { type Envelope, EXTENSIONS_OF_AN_ACCOUNT, plain, readEnvelope } from './recorded-values.js';

export interface StoryReplay {
  readonly differences: readonly Difference[];
  /** Steps that something outside the contracts decided, by what it was. */
  readonly outside: Readonly<Record<string, readonly string[]>>;
  /** Number of comparisons of each kind. */
  readonly compared: Readonly<Partial<Record<Aspect, number>>>;
}

/**
 * Applies the whole story to the sandbox's contracts, step by step, and records every difference.
 */
export function replayStory(
  recording: Recording,
  code: Code = codeOf(recording.generation),
): StoryReplay {
  const story = new Story();
  const { archivalNetwork } = recording;
  story.replay(
    new RecordedWorld(recording, code),
    recording.setup,
    recording.steps
      .map((step, at) => ({ step, at }))
      .filter(({ step }) => step.network === undefined),
  );
  story.replay(
    new RecordedWorld(archivalNetwork, code),
    archivalNetwork.setup,
    recording.steps
      .map((step, at) => ({ step, at }))
      .filter(({ step }) => step.network !== undefined),
  );
  return {
    differences: story.differences,
    outside: Object.fromEntries(story.outside),
    compared: story.compared,
  };
}

class Story implements Findings {
  readonly differences: Difference[] = [];
  readonly outside = new Map<string, string[]>();
  readonly compared: Partial<Record<Aspect, number>> = {};

  /** When ledgers closed, as far as the story says. */
  private readonly closed = new Map<number, number>();

  /** When a simulation ran, whose transaction landed in the next ledger. */
  closeTimeBefore(ledger: number): number | undefined {
    return this.closed.get(ledger - 1);
  }

  replay(
    world: RecordedWorld,
    setup: Recording['setup'],
    steps: readonly { readonly step: RecordedStep; readonly at: number }[],
  ): void {
    const rows = setup.filter((row) => row['contract'] !== null);
    this.closed.clear();
    for (const { ledger, closeTime } of [
      ...rows,
      ...steps.map(({ step }) => step).filter(({ transaction }) => transaction),
    ])
      this.closed.set(Number(ledger), Number(closeTime));
    let next = 0;
    const setUp = (until: number): void => {
      for (let row = rows[next]; row && Number(row['beforeStep']) <= until; row = rows[next]) {
        const done = world.simulate(world.callOf(row));
        if (!done.ok)
          throw new Error(
            `set-up ${next} ${String(row['function'])} failed: ${JSON.stringify(done.raised)}`,
          );
        world.keep(done);
        next += 1;
      }
    };
    for (const { step, at } of steps) {
      setUp(at);
      new StepReplay(this, world, step).run();
    }
    setUp(Infinity);
  }
}

class StepReplay extends EntryComparison {
  constructor(
    private readonly story: Story,
    world: RecordedWorld,
    step: RecordedStep,
  ) {
    super(world, step, story);
  }

  run(): void {
    const { step } = this;
    const { transaction } = step;
    if (step.response) return this.compareResponse(step.response.entries);
    if (!step.simulation?.archivedKeys) this.simulate();
    if (!transaction) return;
    if (transaction.host?.refused !== undefined) return this.decidedOutside('instructions');
    if (transaction.resultCode?.endsWith('ENTRY_ARCHIVED'))
      return this.decidedOutside('archived entries');
    if (transaction.status === 'ERROR') return this.decidedOutside('limits of a transaction');
    this.land(transaction);
  }

  private simulate(): void {
    const { world, step } = this;
    const { simulation } = step;
    if (!simulation) return;
    const call = world.callOf(step);
    const before = step.transaction && this.story.closeTimeBefore(call.ledger);
    const done = world.simulate(
      {
        ...call,
        closeTime: before ?? call.closeTime,
        nonces: noncesOf(simulation.transactionData),
      },
      step.simulatedAtLedger,
    );
    const recordedError = simulation.ok ? 'ok' : raisedOf(simulation.failedIn, simulation.error);
    this.compare('simulation', recordedError, done.ok ? 'ok' : asKnown(done.raised, recordedError));
    if (!simulation.ok || !done.ok) return;
    this.compare('return value', simulation.result, plain(done.value));
    if (simulation.transactionData === undefined || !done.touched) return;
    const { footprint } = xdr.SorobanTransactionData.fromXdr(
      simulation.transactionData,
      'base64',
    ).resources;
    if (simulation.writeBytes !== undefined) {
      const accounts = footprint.readWrite.filter((key) => key.type === 'account').length;
      this.compare(
        'written bytes',
        simulation.writeBytes,
        world.writtenBytes(footprint, done.overlay) + EXTENSIONS_OF_AN_ACCOUNT * accounts,
      );
    }
    // archived entries are the network's, and listed apart
    const ours = done.touched.footprint({ get: () => undefined }, step.ledger ?? 0).footprint;
    for (const mode of ['readOnly', 'readWrite'] as const) {
      const [recorded, model] = [
        footprint[mode].map((key) => keyed(key).id).sort(),
        world.recordedForm(ours[mode]),
      ];
      this.compare(
        'footprint',
        { mode, keys: lacking(recorded, model).map(keyName) },
        { mode, keys: lacking(model, recorded).map(keyName) },
      );
    }
  }

  private land(transaction: NonNullable<RecordedStep['transaction']>): void {
    const { world, step } = this;
    const envelope =
      transaction.envelopeXdr === undefined ? undefined : readEnvelope(transaction.envelopeXdr);
    const meta =
      transaction.resultMetaXdr === undefined ? [] : changesOf(transaction.resultMetaXdr);
    const before = this.holdingsBefore(meta, transaction.status);
    for (const [who, balance] of before) world.setHolding(who, balance);
    const call = { ...world.callOf(step), ...(envelope && { args: envelope.args }) };
    const done = envelope
      ? this.within(envelope, world.apply(call, envelope))
      : world.simulate(call);
    const failedIn = 'failedIn' in transaction ? transaction.failedIn : undefined;
    const expected =
      transaction.status === 'SUCCESS'
        ? 'ok'
        : failedIn === undefined
          ? transaction.resultCode?.split(' INVOKE_HOST_FUNCTION_')[1]
          : raisedOf(failedIn, undefined);
    this.compare(
      'outcome',
      expected,
      typeof done === 'string' ? done : done.ok ? 'ok' : asKnown(done.raised, expected),
    );
    if (typeof done === 'string' || !done.ok || transaction.status !== 'SUCCESS') return;
    const again = envelope
      ? world.writtenAgain(envelope.footprint, done.overlay)
      : new Map<string, xdr.LedgerEntryData>();
    this.compare('return value', transaction.returnValue, plain(done.value));
    this.compare(
      'events',
      (step.events ?? []).map((event) => event.xdr),
      done.events,
    );
    if (transaction.resultMetaXdr !== undefined) this.compareEntries(meta, done.overlay, again);
    if (envelope && transaction.writtenBytes !== undefined)
      this.compare(
        'written bytes',
        transaction.writtenBytes,
        world.writtenBytes(envelope.footprint, done.overlay),
      );
    this.compareSizes(done.overlay, again);
    for (const [id, data] of again) done.overlay.put(id, data);
    world.keep(done);
    this.compareFigures();
  }

  /** The check after the call: more bytes in the read-write footprint than were declared. */
  private within(envelope: Envelope, done: Replayed): Replayed | 'RESOURCE_LIMIT_EXCEEDED' {
    return done.ok &&
      this.world.writtenBytes(envelope.footprint, done.overlay) > envelope.writeBytes
      ? 'RESOURCE_LIMIT_EXCEEDED'
      : done;
  }

  /** Balances right before the operation: in the recording accounts pay fees, here they do not. */
  private holdingsBefore(
    meta: readonly xdr.LedgerEntryChange[],
    status: string,
  ): ReadonlyMap<string, bigint> {
    const found = new Map<string, bigint>();
    for (const change of meta) {
      if (change.type === 'ledgerEntryState' && change.value.data.type === 'account') {
        found.set(
          Address.account(change.value.data.value.accountId.value.toBytes()).toString(),
          change.value.data.value.balance,
        );
      }
    }
    // the one landing in which the fee decided: the host's message says what was left
    if (status === 'FAILED' && this.step.name === 'fee-leaves-too-little')
      found.set(this.world.account(String(this.step.caller)), leftByTheFee(this.step));
    return found;
  }

  private decidedOutside(by: string): void {
    this.story.outside.set(by, [...(this.story.outside.get(by) ?? []), this.step.name]);
  }
}

/** The nonces that a simulation drew, as its footprint has them. */
function noncesOf(transactionData: string | undefined): bigint[] | undefined {
  if (transactionData === undefined) return undefined;
  const { footprint } = xdr.SorobanTransactionData.fromXdr(transactionData, 'base64').resources;
  return footprint.readWrite.flatMap((key) =>
    key.type === 'contractData' && key.value.key.type === 'scvLedgerKeyNonce'
      ? [key.value.key.value.nonce]
      : [],
  );
}

/** The token's message: what would have been left, which is below the reserve. */
function leftByTheFee(step: RecordedStep): bigint {
  const words =
    (step.transaction as { failedIn?: { data?: readonly unknown[] } }).failedIn?.data ?? [];
  const args = step.args as unknown as { guarantee_amount: string };
  return BigInt(String(words[2])) + BigInt(args.guarantee_amount);
}
