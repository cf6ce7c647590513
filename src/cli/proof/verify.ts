import { read } from './bundle.js';
import type { Check } from './check.js';
import { endChecks } from './end-checks.js';
import { failureChecks } from './failure-checks.js';
import { journalChecks } from './journal-checks.js';
import { type ProofRows, rowsIn } from './proof-rows.js';
import { rowChecks } from './row-checks.js';
import { signedChecks } from './signed-checks.js';

export interface Verdict {
  readonly checks: readonly Check[];
  /** Null: the file is no bundle. */
  readonly rows: ProofRows | null;
}

/** Checks the text of a bundle. It needs no database, no network and no configuration. */
export function verify(text: string): Verdict {
  const { parts, faults } = read(text);
  const file: Check = {
    name: 'file',
    says: 'every byte is as it was written',
    faults,
    unknown: [],
  };
  if (!parts) return { checks: [file], rows: null };
  let rows: ProofRows;
  try {
    rows = rowsIn(parts);
  } catch {
    const shape = 'a row has not the columns or the values of its table';
    return { checks: [{ ...file, faults: [...faults, shape] }], rows: null };
  }
  return {
    checks: [
      file,
      ...rowChecks(rows),
      ...signedChecks(rows),
      ...journalChecks(rows),
      ...failureChecks(rows),
      ...endChecks(rows),
    ],
    rows,
  };
}
