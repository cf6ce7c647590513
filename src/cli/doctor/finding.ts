import { asError } from '../../common/errors.js';

/** warning: the service starts, and something is missing then. fault: it does not start or work. */
export type FindingState = 'ok' | 'warning' | 'fault';
export type Area = 'configuration' | 'database' | 'node' | 'contracts' | 'clock' | 'ports';

export interface Finding {
  readonly area: Area;
  readonly check: string;
  readonly state: FindingState;
  /** A sentence without its full stop. */
  readonly found: string;
  /** One sentence; null: nothing is to be done. */
  readonly cure: string | null;
}

type Told = (check: string, found: string, cure: string) => Finding;

/** What makes the findings of one area. */
export function findingsOf(area: Area): {
  readonly ok: (check: string, found: string) => Finding;
  readonly warning: Told;
  readonly fault: Told;
} {
  const told =
    (state: FindingState): Told =>
    (check, found, cure) => ({ area, check, state, found: found.replace(/\.$/, ''), cure });
  return {
    ok: (check, found) => ({ area, check, state: 'ok', found, cure: null }),
    warning: told('warning'),
    fault: told('fault'),
  };
}

/** A value that was read, or the sentence that says why it was not. */
export type Read<T> = { readonly value: T } | { readonly failed: string };

export async function attempt<T>(read: () => T | Promise<T>): Promise<Read<T>> {
  try {
    return { value: await read() };
  } catch (thrown) {
    return { failed: asError(thrown).message };
  }
}

export const worstOf = (findings: readonly Finding[]): FindingState =>
  (['fault', 'warning'] as const).find((state) => findings.some((each) => each.state === state)) ??
  'ok';
