import { isDeepStrictEqual } from 'node:util';
import { Address, xdr } from '@stellar/stellar-sdk';
import { creditlineKey } from '../../src/sandbox/contracts/creditline.storage.js';
import { contractDataValue, keyed } from '../../src/sandbox/network/ledger-entries.js';
import { tokenHolding, tokenKey } from '../../src/sandbox/contracts/token.contract.js';
import type { StateOverlay } from '../../src/sandbox/network/ledger-state.js';
import { type Code, entryBytes, type Envelope, EXTENSIONS_OF_AN_ACCOUNT, plain, type Plain, readEnvelope, RecordedWorld, type RaisedError, type Replayed, STEPFI } from './recorded.replay.js';
import type { RecordedStep, Recording } from './recorded.js';

export type Aspect = 'simulation' | 'footprint' | 'outcome' | 'return value' | 'events' | 'entries' | 'sizes' | 'figures' | 'written bytes';
export interface Difference { readonly step: string; readonly aspect: Aspect; readonly recorded: unknown; readonly model: unknown }

export interface StoryReplay {
  readonly differences: readonly Difference[];
  /** Steps that something outside the contracts decided, by what it was. */
  readonly outside: Readonly<Record<string, readonly string[]>>;
  /** How many comparisons of each kind were made. */
  readonly compared: Readonly<Partial<Record<Aspect, number>>>;
}

/** Applies the whole story to the sandbox's contracts, step by step, and takes down every difference. */
export function replayStory(recording: Recording, code: Code = STEPFI): StoryReplay {
  const story = new Story();
  const { archivalNetwork } = recording;
  story.tell(new RecordedWorld(recording, code), recording.setup, recording.steps.map((step, at) => ({ step, at })).filter(({ step }) => step.network === undefined));
  story.tell(new RecordedWorld(archivalNetwork, code), archivalNetwork.setup, recording.steps.map((step, at) => ({ step, at })).filter(({ step }) => step.network !== undefined));
  return { differences: story.differences, outside: Object.fromEntries(story.outside), compared: story.compared };
}

class Story {
  readonly differences: Difference[] = [];
  readonly outside = new Map<string, string[]>();
  readonly compared: Partial<Record<Aspect, number>> = {};

  tell(world: RecordedWorld, setup: Recording['setup'], steps: readonly { readonly step: RecordedStep; readonly at: number }[]): void {
    const rows = setup.filter((row) => row['contract'] !== null);
    let next = 0;
    const setUp = (until: number): void => {
      for (let row = rows[next]; row && Number(row['beforeStep']) <= until; row = rows[next]) {
        const done = world.simulate(world.told(row));
        if (!done.ok) throw new Error(`set-up ${next} ${String(row['function'])} failed: ${JSON.stringify(done.raised)}`);
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

class StepReplay {
  constructor(private readonly story: Story, private readonly world: RecordedWorld, private readonly step: RecordedStep) {}

  run(): void {
    const { step } = this;
    const { transaction } = step;
    if (step.response) return this.compareResponse(step.response.entries);
    if (!step.simulation?.archivedKeys) this.simulate();
    if (!transaction) return;
    if (transaction.host?.refused !== undefined) return this.decidedOutside('instructions');
    if (transaction.resultCode?.endsWith('ENTRY_ARCHIVED')) return this.decidedOutside('archived entries');
    if (transaction.status === 'ERROR') return this.decidedOutside('limits of a transaction');
    this.land(transaction);
  }

  private simulate(): void {
    const { world, step } = this;
    const { simulation } = step;
    if (!simulation) return;
    const done = world.simulate(world.told(step), step.simulatedAtLedger);
    const recordedError = simulation.ok ? 'ok' : raisedOf(simulation.failedIn, simulation.error);
    this.compare('simulation', recordedError, done.ok ? 'ok' : asKnown(done.raised, recordedError));
    if (!simulation.ok || !done.ok) return;
    this.compare('return value', simulation.result, plain(done.value));
    if (simulation.transactionData === undefined || !done.touched) return;
    const { footprint } = xdr.SorobanTransactionData.fromXdr(simulation.transactionData, 'base64').resources;
    if (simulation.writeBytes !== undefined) {
      const accounts = footprint.readWrite.filter((key) => key.type === 'account').length;
      this.compare('written bytes', simulation.writeBytes, world.writtenBytes(footprint, done.overlay) + EXTENSIONS_OF_AN_ACCOUNT * accounts);
    }
    const ours = done.touched.footprint();
    for (const mode of ['readOnly', 'readWrite'] as const) {
      const [recorded, model] = [footprint[mode].map((key) => keyed(key).id).sort(), world.recordedForm(ours[mode])];
      this.compare('footprint', { mode, keys: lacking(recorded, model).map(keyName) }, { mode, keys: lacking(model, recorded).map(keyName) });
    }
  }

  private land(transaction: NonNullable<RecordedStep['transaction']>): void {
    const { world, step } = this;
    const envelope = transaction.envelopeXdr === undefined ? undefined : readEnvelope(transaction.envelopeXdr);
    const meta = transaction.resultMetaXdr === undefined ? [] : changesOf(transaction.resultMetaXdr);
    const before = this.holdingsBefore(meta, transaction.status);
    for (const [who, balance] of before) world.setHolding(who, balance);
    const call = { ...world.told(step), ...(envelope && { args: envelope.args }) };
    const done = envelope ? this.within(envelope, world.apply(call, envelope)) : world.simulate(call);
    const failedIn = 'failedIn' in transaction ? transaction.failedIn : undefined;
    const expected = transaction.status === 'SUCCESS' ? 'ok' : failedIn === undefined ? transaction.resultCode?.split(' INVOKE_HOST_FUNCTION_')[1] : raisedOf(failedIn, undefined);
    this.compare('outcome', expected, typeof done === 'string' ? done : done.ok ? 'ok' : asKnown(done.raised, expected));
    if (typeof done === 'string' || !done.ok || transaction.status !== 'SUCCESS') return;
    const again = envelope ? world.writtenAgain(envelope.footprint, done.overlay) : new Map<string, xdr.LedgerEntryData>();
    this.compare('return value', transaction.returnValue, plain(done.value));
    this.compare('events', (step.events ?? []).map((event) => event.xdr), done.events);
    if (transaction.resultMetaXdr !== undefined) this.compareEntries(meta, done.overlay, again);
    if (envelope && transaction.writtenBytes !== undefined) this.compare('written bytes', transaction.writtenBytes, world.writtenBytes(envelope.footprint, done.overlay));
    this.compareSizes(done.overlay, again);
    for (const [id, data] of again) done.overlay.put(id, data);
    world.keep(done);
    this.compareFigures();
  }

  /** The check after the call: more bytes in the read-write footprint than were declared. */
  private within(envelope: Envelope, done: Replayed): Replayed | 'RESOURCE_LIMIT_EXCEEDED' {
    return done.ok && this.world.writtenBytes(envelope.footprint, done.overlay) > envelope.writeBytes ? 'RESOURCE_LIMIT_EXCEEDED' : done;
  }

  private compareEntries(meta: readonly xdr.LedgerEntryChange[], overlay: StateOverlay, again: ReadonlyMap<string, xdr.LedgerEntryData>): void {
    const recorded: Record<string, string> = {};
    const moved: Record<string, string> = {};
    for (const [at, change] of meta.entries()) {
      if (change.type !== 'ledgerEntryCreated' && change.type !== 'ledgerEntryUpdated') continue;
      const { data } = change.value;
      if (data.type === 'contractData') recorded[keyName(keyed(keyOf(data)).id)] = data.toXdr('base64');
      if (data.type === 'account') {
        const state = meta[at - 1];
        const was = state?.type === 'ledgerEntryState' && state.value.data.type === 'account' ? state.value.data.value.balance : 0n;
        moved[Address.account(data.value.accountId.value.toBytes()).toString()] = String(data.value.balance - was);
      }
    }
    const ours: Record<string, string> = Object.fromEntries([...again].map(([id, data]) => [keyName(id), data.toXdr('base64')]));
    const ourMoves: Record<string, string> = {};
    for (const [id, entry] of overlay.changes()) {
      const holder = this.world.holderOf(xdr.LedgerKey.fromXdr(id, 'base64'));
      if (holder === undefined) ours[keyName(id)] = entry ? entry.data.toXdr('base64') : 'removed';
      else if (entry) ourMoves[holder] = String(tokenHolding.decode(contractDataValue(entry.data)).amount - amountBefore(overlay, id));
    }
    const names = new Set([...Object.keys(recorded), ...Object.keys(ours)]);
    for (const name of [...names].sort()) this.compare('entries', shown(name, recorded[name]), shown(name, ours[name]));
    this.compare('entries', moved, ourMoves);
  }

  private compareSizes(overlay: StateOverlay, again: ReadonlyMap<string, xdr.LedgerEntryData>): void {
    const changed = this.step.entriesAfter?.['changed'] as readonly { entry: Plain; how: string; bytes: number; value?: Plain }[] | undefined;
    if (!changed) return;
    const recorded = changed.map(({ entry, how, bytes, value }) => JSON.stringify([entry, how, bytes, value])).sort();
    const written = new Map([...again, ...[...overlay.changes()].map(([id, entry]) => [id, entry?.data] as const)]);
    const ours = [...written].filter(([id]) => this.world.holderOf(xdr.LedgerKey.fromXdr(id, 'base64')) === undefined).map(([id, data]) => {
      const label = this.labelOf(id);
      if (!data) return JSON.stringify([label, 'removed']);
      return JSON.stringify([label, overlay.before(id) ? 'updated' : 'created', entryBytes(data), recordedValue(label, contractDataValue(data))]);
    }).sort();
    this.compare('sizes', lacking(recorded, ours), lacking(ours, recorded));
  }

  /** Entries as a node returns them, archived ones too. */
  private compareResponse(entries: readonly { readonly key: string; readonly xdr: string }[]): void {
    for (const { key, xdr: recorded } of entries) {
      const model = this.world.state.get(key)?.data.toXdr('base64');
      this.compare('entries', shown(keyName(key), recorded), shown(keyName(key), model));
    }
  }

  private compareFigures(): void {
    const { world, step } = this;
    const after = step.entriesAfter;
    if (!after) return;
    const pool = this.instance('pool');
    const token = (role: string): Plain => {
      const holding = world.stored('token', tokenKey.balance(world.id(role)));
      return holding ? String(tokenHolding.decode(holding).amount) : '0';
    };
    if (after['pool'] !== undefined) this.compare('figures', after['pool'], pool);
    const counters = after['creditlineCounters'] as Readonly<Record<string, Plain>> | undefined;
    if (counters) {
      const instance = this.instance('creditline');
      this.compare('figures', counters, Object.fromEntries(Object.keys(counters).map((key) => [key, instance[key] ?? ABSENT[key] ?? null])));
    }
    if (after['poolTokenBalance'] !== undefined) this.compare('figures', after['poolTokenBalance'], token('pool'));
    if (after['creditlineTokenBalance'] !== undefined) this.compare('figures', after['creditlineTokenBalance'], token('creditline'));
    const loan = after['loan'] as { loan_id: string } | null | undefined;
    if (!loan) return;
    const stored = world.stored('creditline', creditlineKey.loan(BigInt(loan.loan_id)));
    this.compare('figures', loan, stored ? plain(stored) : null);
  }

  private instance(role: string): Record<string, Plain> {
    const value = this.world.stored(role, xdr.ScVal.scvLedgerKeyContractInstance());
    if (value?.type !== 'scvContractInstance') throw new Error(`no ${role}`);
    const { executable, storage } = value.value;
    const wasm = executable.type === 'contractExecutableWasm' ? Buffer.from(executable.value.toBytes()).toString('hex') : null;
    return { ...Object.fromEntries((storage ?? []).map(({ key, val }) => [String(plain(key)), plain(val)])), wasmHash: wasm };
  }

  /** What accounts had right before the operation: in the story they pay fees, here they do not. */
  private holdingsBefore(meta: readonly xdr.LedgerEntryChange[], status: string): ReadonlyMap<string, bigint> {
    const found = new Map<string, bigint>();
    for (const change of meta) {
      if (change.type === 'ledgerEntryState' && change.value.data.type === 'account') {
        found.set(Address.account(change.value.data.value.accountId.value.toBytes()).toString(), change.value.data.value.balance);
      }
    }
    // The one landing in which the fee decided: the words of the host say what was left.
    if (status === 'FAILED' && this.step.name === 'fee-leaves-too-little') found.set(this.world.account(String(this.step.caller)), leftByTheFee(this.step));
    return found;
  }

  private labelOf(id: string): Plain[] | string {
    const key = xdr.LedgerKey.fromXdr(id, 'base64');
    if (key.type !== 'contractData') return key.type;
    const role = this.world.roleOf(Address.fromScAddress(key.value.contract).toString());
    const name = plain(key.value.key);
    return name === 'instance' ? `${role} instance` : [role, ...(Array.isArray(name) ? name as Plain[] : [name])];
  }

  private decidedOutside(by: string): void {
    this.story.outside.set(by, [...this.story.outside.get(by) ?? [], this.step.name]);
  }

  private compare(aspect: Aspect, recorded: unknown, model: unknown): void {
    this.story.compared[aspect] = (this.story.compared[aspect] ?? 0) + 1;
    if (!isDeepStrictEqual(normal(recorded), normal(model))) this.story.differences.push({ step: this.step.name, aspect, recorded, model });
  }
}

/** The words of the token: what would have been left, which is below the reserve. */
function leftByTheFee(step: RecordedStep): bigint {
  const words = (step.transaction as { failedIn?: { data?: readonly unknown[] } }).failedIn?.data ?? [];
  const args = step.args as unknown as { guarantee_amount: string };
  return BigInt(String(words[2])) + BigInt(args.guarantee_amount);
}

/** What the recording writes for a counter that is not stored yet. */
const ABSENT: Readonly<Record<string, Plain>> = { LOANCNT: '0', LOCKED: false, VERSION: 1 };

/** Undefined fields and the order of keys say nothing. */
function normal(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

function raisedOf(failedIn: unknown, error: string | undefined): unknown {
  if (failedIn === undefined) return { error };
  const { contract, error: name, firstError } = failedIn as RaisedError;
  return { contract, error: name, ...(firstError && { firstError: { contract: firstError.contract, error: firstError.error } }) };
}

/** Some steps record only the error that came out. */
function asKnown(raised: RaisedError, expected: unknown): unknown {
  return typeof expected === 'object' && expected !== null && !('contract' in expected) ? { error: raised.error } : raised;
}

function changesOf(meta: string): xdr.LedgerEntryChange[] {
  const read = xdr.TransactionMeta.fromXdr(meta, 'base64');
  return read.type === 'v4' ? read.value.operations.flatMap((operation) => operation.changes) : [];
}

const keyOf = (data: Extract<xdr.LedgerEntryData, { type: 'contractData' }>): xdr.LedgerKey => {
  const { contract, key, durability } = data.value;
  return xdr.LedgerKey.contractData(new xdr.LedgerKeyContractData({ contract, key, durability }));
};

function keyName(id: string): string {
  const key = xdr.LedgerKey.fromXdr(id, 'base64');
  switch (key.type) {
    case 'contractData': return `${Address.fromScAddress(key.value.contract).toString().slice(0, 5)} ${key.value.durability.name} ${safePlain(key.value.key)}`;
    case 'contractCode': return `code ${Buffer.from(key.value.hash.toBytes()).toString('hex').slice(0, 8)}`;
    case 'account': return `account ${Address.account(key.value.accountId.value.toBytes()).toString()}`;
    default: return key.type;
  }
}
const safePlain = (value: xdr.ScVal): string => (value.type === 'scvLedgerKeyNonce' ? 'nonce' : JSON.stringify(plain(value)));

/** The recording shows the value of small entries; of a holding only its amount. */
function recordedValue(label: Plain, value: xdr.ScVal): Plain | undefined {
  const [role, kind] = Array.isArray(label) ? label : [];
  if (role === undefined || kind === 'Loan') return undefined;
  return role === 'token' ? String(tokenHolding.decode(value).amount) : plain(value);
}

const shown = (name: string, value: string | undefined): unknown => ({ [name]: value });
const lacking = (from: readonly string[], other: readonly string[]): string[] => from.filter((each) => !other.includes(each));

function amountBefore(overlay: StateOverlay, id: string): bigint {
  const before = overlay.before(id);
  return before ? tokenHolding.decode(contractDataValue(before.data)).amount : 0n;
}
