import type { xdr } from '@stellar/stellar-sdk';
import type { CodeRegistry } from './code-registry.js';
import type { ContractRun } from './contract-run.js';
import { isArchived } from './entry-lifetime.js';
import { ACCOUNT_SLACK_BYTES, entryBytes, isClassicKey } from './entry-size.js';
import { contractEvent } from './host-failure.js';
import { codeBytes } from './generation-costs.js';
import {
  entryInstructions,
  instructionsOf,
  type Instructions,
  type MeteredEntry,
} from './instruction-model.js';
import { keyed } from './ledger-entries.js';
import type { EntryReader } from './ledger-state.js';
import { rentFee } from './resource-fees.js';

/**
 * A footprint with its entries before and after. `ledger`: the one in which the invocation runs.
 */
export interface Invocation {
  readonly footprint: xdr.LedgerFootprint;
  readonly before: EntryReader;
  readonly after: EntryReader;
  readonly ledger: number;
  readonly code: CodeRegistry;
}
export interface Usage {
  readonly instructions: Instructions;
  /** All entries of the read-write footprint that exist after the call, changed or not. */
  readonly writtenBytes: number;
  /** Stroops. */
  readonly rent: bigint;
  readonly eventBytes: number;
}

export function usageOf(
  invocation: Invocation,
  run: ContractRun,
  returned: { readonly value: xdr.ScVal; readonly args: readonly xdr.ScVal[]; readonly fn: string },
): Usage {
  const { footprint, before, after, ledger } = invocation;
  const [top, ...called] = run.called;
  if (top === undefined) throw new Error('a run without a contract');
  return {
    instructions: instructionsOf(meteredEntries(invocation), {
      contract: top,
      generation: run.generation,
      fn: returned.fn,
      called,
      events: run.events.length,
      instalments: instalmentsIn(returned.args),
      signatures: run.signatures,
    }),
    writtenBytes: sum(footprint.readWrite, (key) => bytesIn(after, key)),
    rent: rentFee([...footprint.readOnly, ...footprint.readWrite], { before, after, ledger }),
    eventBytes: run.events.reduce(
      (total, event) => total + contractEvent(event).toXdr().length,
      returned.value.toXdr().length,
    ),
  };
}

/** Instructions for reading the footprint, before the contract runs. */
export const readingInstructions = (invocation: Invocation): number =>
  entryInstructions(meteredEntries(invocation)).reading;

/** Bytes read from disk: classic entries, and entries that are restored. */
export function diskReadBytes(
  footprint: xdr.LedgerFootprint,
  state: EntryReader,
  ledger: number,
): number {
  return sum([...footprint.readOnly, ...footprint.readWrite], (key) => {
    const stored = state.get(keyed(key).id);
    return stored && (isClassicKey(key) || isArchived(stored, ledger))
      ? entryBytes(stored.data)
      : 0;
  });
}

/** What simulation declares beyond the bytes that it measured. */
export const accountSlack = (keys: readonly xdr.LedgerKey[], state: EntryReader): number =>
  sum(keys, (key) =>
    key.type === 'account' && state.get(keyed(key).id) ? ACCOUNT_SLACK_BYTES : 0,
  );

function meteredEntries({ footprint, before, after, code }: Invocation): MeteredEntry[] {
  const metered =
    (readWrite: boolean) =>
    (key: xdr.LedgerKey): MeteredEntry => {
      if (key.type === 'contractCode') {
        const found = code.find(key.value.hash.toBytes());
        return { kind: 'code', readWrite, bytes: found ? codeBytes(found) : 0, created: false };
      }
      const bytes = bytesIn(before, key);
      return {
        kind: isClassicKey(key) ? 'classic' : 'data',
        readWrite,
        bytes,
        created: bytes === 0 && bytesIn(after, key) > 0,
      };
    };
  return [...footprint.readOnly.map(metered(false)), ...footprint.readWrite.map(metered(true))];
}

function bytesIn(state: EntryReader, key: xdr.LedgerKey): number {
  const stored = state.get(keyed(key).id);
  return stored ? entryBytes(stored.data) : 0;
}

/** Rows of the repayment schedule among the arguments. */
function instalmentsIn(args: readonly xdr.ScVal[]): number {
  return sum(args, (arg) =>
    arg.type === 'scvVec' ? (arg.value ?? []).filter((row) => row.type === 'scvMap').length : 0,
  );
}

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0);
