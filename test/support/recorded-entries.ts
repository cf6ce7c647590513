import { isDeepStrictEqual } from 'node:util';
import { Address, xdr } from '@stellar/stellar-sdk';
import { creditlineKey } from '../../sandbox/contracts/creditline-storage.js';
import { tokenHolding, tokenKey } from '../../sandbox/contracts/token.contract.js';
import { contractDataValue, keyed } from '../../sandbox/network/ledger-entries.js';
import type { StateOverlay } from '../../sandbox/network/ledger-state.js';
import {
  amountBefore,
  keyName,
  keyOf,
  lacking,
  normal,
  recordedValue,
  shown,
} from './recorded-compare.js';
import type { RecordedWorld } from './recorded-replay.js';
import type { RecordedStep } from './recorded.js';
import { entryBytes, plain, plainEntries, type Plain } from './recorded-values.js';

export type Aspect =
  | 'simulation'
  | 'footprint'
  | 'outcome'
  | 'return value'
  | 'events'
  | 'entries'
  | 'sizes'
  | 'figures'
  | 'written bytes';
export interface Difference {
  readonly step: string;
  readonly aspect: Aspect;
  readonly recorded: unknown;
  readonly model: unknown;
}

/** The differences found, and how many comparisons were made. */
export interface Findings {
  readonly differences: Difference[];
  readonly compared: Partial<Record<Aspect, number>>;
}

/** Compares what a call left behind with what the recording shows after the step. */
export abstract class EntryComparison {
  constructor(
    protected readonly world: RecordedWorld,
    protected readonly step: RecordedStep,
    private readonly found: Findings,
  ) {}

  protected compareEntries(
    meta: readonly xdr.LedgerEntryChange[],
    overlay: StateOverlay,
    again: ReadonlyMap<string, xdr.LedgerEntryData>,
  ): void {
    const recorded: Record<string, string> = {};
    const moved: Record<string, string> = {};
    for (const [at, change] of meta.entries()) {
      if (change.type !== 'ledgerEntryCreated' && change.type !== 'ledgerEntryUpdated') continue;
      const { data } = change.value;
      if (data.type === 'contractData')
        recorded[keyName(keyed(keyOf(data)).id)] = data.toXdr('base64');
      if (data.type === 'account') {
        const state = meta[at - 1];
        const was =
          state?.type === 'ledgerEntryState' && state.value.data.type === 'account'
            ? state.value.data.value.balance
            : 0n;
        moved[Address.account(data.value.accountId.value.toBytes()).toString()] = String(
          data.value.balance - was,
        );
      }
    }
    const ours: Record<string, string> = Object.fromEntries(
      [...again].map(([id, data]) => [keyName(id), data.toXdr('base64')]),
    );
    const ourMoves: Record<string, string> = {};
    for (const [id, entry] of overlay.changes()) {
      const holder = this.world.holderOf(xdr.LedgerKey.fromXdr(id, 'base64'));
      if (holder === undefined) ours[keyName(id)] = entry ? entry.data.toXdr('base64') : 'removed';
      else if (entry)
        ourMoves[holder] = String(
          tokenHolding.decode(contractDataValue(entry.data)).amount - amountBefore(overlay, id),
        );
    }
    const names = new Set([...Object.keys(recorded), ...Object.keys(ours)]);
    for (const name of [...names].sort())
      this.compare('entries', shown(name, recorded[name]), shown(name, ours[name]));
    this.compare('entries', moved, ourMoves);
  }

  protected compareSizes(
    overlay: StateOverlay,
    again: ReadonlyMap<string, xdr.LedgerEntryData>,
  ): void {
    const changed = this.step.entriesAfter?.['changed'] as
      readonly { entry: Plain; how: string; bytes: number; value?: Plain }[] | undefined;
    if (!changed) return;
    const recorded = changed
      .map(({ entry, how, bytes, value }) => JSON.stringify([entry, how, bytes, value]))
      .sort();
    const written = new Map([
      ...again,
      ...[...overlay.changes()].map(([id, entry]) => [id, entry?.data] as const),
    ]);
    const ours = [...written]
      .filter(([id]) => this.world.holderOf(xdr.LedgerKey.fromXdr(id, 'base64')) === undefined)
      .map(([id, data]) => {
        const label = this.labelOf(id);
        if (!data) return JSON.stringify([label, 'removed']);
        return JSON.stringify([
          label,
          overlay.before(id) ? 'updated' : 'created',
          entryBytes(data),
          recordedValue(label, contractDataValue(data)),
        ]);
      })
      .sort();
    this.compare('sizes', lacking(recorded, ours), lacking(ours, recorded));
  }

  /** Entries as a node returns them, archived ones too. */
  protected compareResponse(
    entries: readonly { readonly key: string; readonly xdr: string }[],
  ): void {
    for (const { key, xdr: recorded } of entries) {
      const model = this.world.state.get(key)?.data.toXdr('base64');
      this.compare('entries', shown(keyName(key), recorded), shown(keyName(key), model));
    }
  }

  protected compareFigures(): void {
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
      this.compare(
        'figures',
        counters,
        Object.fromEntries(
          Object.keys(counters).map((key) => [key, instance[key] ?? ABSENT[key] ?? null]),
        ),
      );
    }
    if (after['poolTokenBalance'] !== undefined)
      this.compare('figures', after['poolTokenBalance'], token('pool'));
    if (after['creditlineTokenBalance'] !== undefined)
      this.compare('figures', after['creditlineTokenBalance'], token('creditline'));
    const loan = after['loan'] as { loan_id: string } | null | undefined;
    if (!loan) return;
    const stored = world.stored('creditline', creditlineKey.loan(BigInt(loan.loan_id)));
    this.compare('figures', loan, stored ? plain(stored) : null);
  }

  private instance(role: string): Record<string, Plain> {
    const value = this.world.stored(role, xdr.ScVal.scvLedgerKeyContractInstance());
    if (value?.type !== 'scvContractInstance') throw new Error(`no ${role}`);
    const { executable, storage } = value.value;
    const wasm =
      executable.type === 'contractExecutableWasm'
        ? Buffer.from(executable.value.toBytes()).toString('hex')
        : null;
    return { ...plainEntries(storage ?? []), wasmHash: wasm };
  }

  private labelOf(id: string): Plain[] | string {
    const key = xdr.LedgerKey.fromXdr(id, 'base64');
    if (key.type !== 'contractData') return key.type;
    const role = this.world.roleOf(Address.fromScAddress(key.value.contract).toString());
    const name = plain(key.value.key);
    return name === 'instance'
      ? `${role} instance`
      : [role, ...(Array.isArray(name) ? (name as Plain[]) : [name])];
  }

  protected compare(aspect: Aspect, recorded: unknown, model: unknown): void {
    this.found.compared[aspect] = (this.found.compared[aspect] ?? 0) + 1;
    if (!isDeepStrictEqual(normal(recorded), normal(model)))
      this.found.differences.push({ step: this.step.name, aspect, recorded, model });
  }
}

/** The recorded value of a counter that is not stored yet. */
const ABSENT: Readonly<Record<string, Plain>> = { LOANCNT: '0', LOCKED: false, VERSION: 1 };
