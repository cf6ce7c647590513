import { Address, scValToNative, StrKey, xdr } from '@stellar/stellar-sdk';
import {
  recorded,
  type RecordedGeneration,
  type RecordedStep,
  type Recording,
} from './recorded.js';
import type { ContractCode } from '../../sandbox/contracts/host.js';
import {
  CODE_BYTES,
  type MeteredCall,
  type MeteredEntry,
} from '../../sandbox/network/instruction-model.js';

/**
 * Bytes of entries by the name that the recordings give their keys, such as `creditline
 * ["Loan",4,"4"]`, `pool instance` or `account G...`.
 */
type Sizes = ReadonlyMap<string, number>;
export interface RecordedFootprint {
  readonly readOnly: readonly string[];
  readonly readWrite: readonly string[];
}
/** A recorded step with what the ledger held around it. */
export interface RecordedLanding {
  readonly step: RecordedStep;
  readonly simulated: RecordedFootprint | null;
  /** With the keys that were added after the simulation. */
  readonly declared: RecordedFootprint | null;
  /** When it was simulated, before it landed, and after. */
  readonly simulatedAt: Sizes;
  readonly before: Sizes;
  readonly after: Sizes;
}

const json = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each));
const SCORE_BYTES = 52;
const ACCOUNT_BYTES = 92;
/** Entries that no recorded step changes: their sizes do not matter to 0.1 %. */
const UNCHANGED: Readonly<Record<string, number>> = {
  'parameters instance': 436,
  'token instance': 300,
  'vendorRegistry instance': 200,
};

/** Follows the entries of a recording through its steps, except those on its second network. */
export class RecordedLedger {
  readonly recording: Recording;
  readonly landings: readonly RecordedLanding[];
  private readonly names: ReadonlyMap<string, string>;
  private readonly code: ReadonlyMap<string, number>;

  constructor(generation: RecordedGeneration) {
    this.recording = recorded(generation);
    const contracts = Object.entries(this.recording.contracts);
    this.names = new Map(contracts.map(([name, { id }]) => [id, name]));
    this.code = new Map(
      contracts.flatMap(([, { wasmHash, wasmBytes }]) =>
        wasmHash === undefined ? [] : [[`code ${wasmHash}`, wasmBytes ?? 0] as const],
      ),
    );
    this.landings = this.follow(this.recording.steps.filter((step) => step.network === undefined));
  }

  entries({ readOnly, readWrite }: RecordedFootprint, before: Sizes, after: Sizes): MeteredEntry[] {
    const metered =
      (isWritten: boolean) =>
      (key: string): MeteredEntry => {
        if (key.startsWith('code '))
          return {
            kind: 'code',
            readWrite: isWritten,
            bytes: this.code.get(key) ?? CODE_BYTES.pool,
            created: false,
          };
        const bytes = before.get(key) ?? 0;
        return {
          kind: key.startsWith('account ') ? 'classic' : 'data',
          readWrite: isWritten,
          bytes,
          created: bytes === 0 && ((after.get(key) ?? 0) > 0 || !key.includes('"Loan"')),
        };
      };
    return [...readOnly.map(metered(false)), ...readWrite.map(metered(true))];
  }

  /**
   * Takes the events of the step if it succeeded, otherwise those of another success of the
   * function.
   */
  call(step: RecordedStep, { readOnly, readWrite }: RecordedFootprint): MeteredCall {
    const instances = [...readOnly, ...readWrite]
      .filter((key) => key.endsWith(' instance'))
      .map((key) => roleOf(key.split(' ')[0] ?? ''));
    const like =
      step.transaction?.status === 'SUCCESS'
        ? step
        : this.recording.steps.find(
            (other) => other.function === step.function && other.transaction?.status === 'SUCCESS',
          );
    const schedule = (step.args as { repayment_schedule?: readonly unknown[] } | undefined)
      ?.repayment_schedule;
    return {
      contract: roleOf(step.contract ?? ''),
      generation: this.recording.generation,
      fn: step.function ?? '',
      called: instances,
      events: (like?.events ?? []).filter((event) => event.type === undefined).length,
      instalments: schedule?.length ?? 0,
    };
  }

  private follow(steps: readonly RecordedStep[]): RecordedLanding[] {
    const known = this.firstSizes(steps);
    const history: { ledger: number; sizes: Map<string, number> }[] = [];
    const present = new Map(known);
    return steps.map((step, index) => {
      this.grow(present, index);
      const before = new Map(present);
      for (const [key, bytes] of this.changes(step)) present.set(key, bytes);
      const at = step.simulatedAtLedger;
      const then =
        at === undefined ? undefined : history.findLast(({ ledger }) => ledger <= at)?.sizes;
      const simulated = this.footprint(step.simulation?.transactionData) ?? this.guessed(step);
      const declared = simulated && {
        readOnly: simulated.readOnly,
        readWrite: [...simulated.readWrite, ...(step.altered?.addedReadWriteKeys ?? [])],
      };
      const after = new Map(present);
      if (step.transaction && step.ledger !== undefined)
        history.push({ ledger: step.ledger, sizes: after });
      return { step, simulated, declared, simulatedAt: then ?? before, before, after };
    });
  }

  /** The value of a key before the first step that changed it. */
  private firstSizes(steps: readonly RecordedStep[]): Map<string, number> {
    const first = new Map<string, number>();
    const note = (key: string, bytes: number): void => {
      if (!first.has(key)) first.set(key, bytes);
    };
    for (const step of steps) for (const [key, bytes] of this.olds(step)) note(key, bytes);
    for (const name of Object.values(this.recording.accounts))
      note(`account ${name}`, ACCOUNT_BYTES);
    for (const [key, bytes] of Object.entries(UNCHANGED)) note(key, bytes);
    const changed = steps.findIndex((step) =>
      this.olds(step).some(([key]) => key === 'reputation instance'),
    );
    this.scores = {
      bytes: (first.get('reputation instance') ?? 0) - SCORE_BYTES * this.scored(changed),
      until: changed,
    };
    return first;
  }
  private scores = { bytes: 0, until: 0 };

  /** The map of scores grows by the set-up between the steps, which the recordings only name. */
  private grow(sizes: Map<string, number>, index: number): void {
    sizes.set('reputation instance', this.scores.bytes + SCORE_BYTES * this.scored(index));
  }
  private scored(index: number): number {
    const rows = this.recording.setup.filter(
      (row) =>
        row['contract'] === 'reputation' &&
        String(row['function']).includes('score') &&
        Number(row['beforeStep']) <= index,
    );
    return new Set(rows.map((row) => (row['args'] as { user?: string } | undefined)?.user)).size;
  }

  private footprint(transactionData: string | undefined): RecordedFootprint | null {
    if (transactionData === undefined) return null;
    const { readOnly, readWrite } = xdr.SorobanTransactionData.fromXdr(transactionData, 'base64')
      .resources.footprint;
    return {
      readOnly: readOnly.map((key) => this.keyName(key)),
      readWrite: readWrite.map((key) => this.keyName(key)),
    };
  }

  /** Shortened steps have no simulation data. Their keys are those of every other first loan. */
  private guessed(step: RecordedStep): RecordedFootprint | null {
    if (step.function !== 'create_loan' || step.simulation?.ok !== true) return null;
    const model = this.footprint(
      this.recording.steps.find((other) => other.name === 'pair-plain-1')?.simulation
        ?.transactionData,
    );
    const args = step.args as { user?: string; vendor?: string } | undefined;
    const { id, code } = {
      id: step.simulation.result ?? '',
      code: BigInt(step.simulation.result ?? 0) % 32n,
    };
    if (
      !model ||
      args?.user === undefined ||
      step.simulation.readWriteKeys !== model.readWrite.length
    )
      return null;
    const isCounted = model.readWrite.some((key) => key.includes('"MERCHEX"'));
    const readWrite = [
      `account ${args.vendor ?? ''}`,
      `account ${args.user}`,
      ...(isCounted ? [`pool ["MERCHEX","${args.vendor ?? ''}"]`] : []),
      'pool instance',
      `creditline ["Loan",${code},"${id}"]`,
      ...['UserActiveDebt', 'UserLoanCount'].map(
        (name) => `creditline ["${name}","${args.user ?? ''}"]`,
      ),
      `creditline ["UserLoanAt","${args.user}","0"]`,
      'creditline instance',
      ...['pool', 'creditline'].map(
        (name) => `token ["Balance","${this.recording.contracts[name]?.id ?? ''}"]`,
      ),
    ];
    return { readOnly: model.readOnly, readWrite };
  }

  private changes(step: RecordedStep): [string, number][] {
    const meta = this.meta(step);
    if (meta) {
      return meta.flatMap((change): [string, number][] => {
        if (change.type === 'ledgerEntryRemoved') return [[this.keyName(change.value), 0]];
        return change.type === 'ledgerEntryState'
          ? []
          : [[this.entryName(change.value), change.value.toXdr().length]];
      });
    }
    return this.changed(step).map(({ entry, how, bytes }) => [
      changedName(entry),
      how === 'removed' ? 0 : bytes,
    ]);
  }
  private olds(step: RecordedStep): [string, number][] {
    const meta = this.meta(step);
    if (!meta)
      return this.changed(step).flatMap(({ entry, how }): [string, number][] =>
        how === 'created' ? [[changedName(entry), 0]] : [],
      );
    return meta.flatMap((change): [string, number][] => {
      if (change.type === 'ledgerEntryState')
        return [[this.entryName(change.value), change.value.toXdr().length]];
      return change.type === 'ledgerEntryCreated' ? [[this.entryName(change.value), 0]] : [];
    });
  }
  private changed(step: RecordedStep): readonly ChangedEntry[] {
    return (step.entriesAfter as { changed?: readonly ChangedEntry[] } | undefined)?.changed ?? [];
  }
  private meta(step: RecordedStep): readonly xdr.LedgerEntryChange[] | null {
    const text = step.transaction?.resultMetaXdr;
    const meta = text === undefined ? null : xdr.TransactionMeta.fromXdr(text, 'base64');
    return meta?.type === 'v4' ? meta.value.operations.flatMap(({ changes }) => changes) : null;
  }

  private keyName(key: xdr.LedgerKey): string {
    if (key.type === 'account')
      return `account ${StrKey.encodeEd25519PublicKey(key.value.accountId.value.toBytes())}`;
    if (key.type === 'contractCode')
      return `code ${Buffer.from(key.value.hash.toBytes()).toString('hex')}`;
    return key.type === 'contractData' ? this.dataName(key.value) : key.type;
  }
  private entryName({ data }: xdr.LedgerEntry): string {
    if (data.type === 'account')
      return `account ${StrKey.encodeEd25519PublicKey(data.value.accountId.value.toBytes())}`;
    return data.type === 'contractData' ? this.dataName(data.value) : data.type;
  }
  private dataName({
    contract,
    key,
  }: {
    readonly contract: xdr.ScAddress;
    readonly key: xdr.ScVal;
  }): string {
    const address = Address.fromScAddress(contract).toString();
    const name = this.names.get(address) ?? address;
    if (key.type === 'scvLedgerKeyContractInstance') return `${name} instance`;
    return key.type === 'scvLedgerKeyNonce'
      ? `${name} nonce`
      : `${name} ${json(scValToNative(key))}`;
  }
}

interface ChangedEntry {
  readonly entry: string | readonly unknown[];
  readonly how: string;
  readonly bytes: number;
}
function changedName(entry: string | readonly unknown[]): string {
  if (typeof entry === 'string') return entry;
  return entry[0] === 'account'
    ? `account ${String(entry[1])}`
    : `${String(entry[0])} ${json(entry.slice(1))}`;
}
const roleOf = (name: string): ContractCode['name'] =>
  name === 'vendorRegistry' ? 'vendor_registry' : (name as ContractCode['name']);

/** Instructions before stellar-rpc's adjustment: the greater of 4 % and 50,000 more. */
export const unadjusted = (instructions: number): number =>
  Math.min(instructions / 1.04, instructions - 50_000);
