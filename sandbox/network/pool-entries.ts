import { referredEntry, wasmHashOf } from './executable-reference.js';
import { contractDataKey, codeKey, instanceKey, instanceOf } from './ledger-entries.js';
import type { EntryReader } from './ledger-state.js';
import { creditlineKey } from '../contracts/creditline-storage.js';
import type { DeploymentIds } from '../contracts/deploy.js';

/** Entries of a pool: instances and code by the name of their contract, loans by id. */
export interface PoolEntries {
  readonly contracts: readonly (keyof DeploymentIds)[];
  readonly code: readonly (keyof DeploymentIds)[];
  readonly loans: readonly bigint[];
}

/** Their ids, of those that are there. */
export function entriesOf(
  state: EntryReader,
  ids: DeploymentIds,
  { contracts, code, loans }: PoolEntries,
): readonly string[] {
  const instances = contracts.map((name) => instanceKey(ids[name]).id);
  const codes = code.flatMap((name) => {
    const stored = state.get(instanceKey(ids[name]).id);
    if (!stored) return [];
    const { executable } = instanceOf(stored.data);
    const hash = wasmHashOf(executable, state);
    const referred = referredEntry(executable);
    return [...(hash ? [codeKey(hash).id] : []), ...(referred ? [referred.id] : [])];
  });
  const loanIds = loans.map(
    (loan) => contractDataKey(ids.creditline, creditlineKey.loan(loan), 'persistent').id,
  );
  return [...instances, ...codes, ...loanIds].filter((id) => state.get(id));
}
