import type { ContractInterface } from '../contract-code.js';

/** By name, with the number of arguments where generations differ in it. */
export interface Signature {
  readonly has: readonly string[];
  readonly may: readonly string[];
  readonly arity: Readonly<Record<string, number>>;
}

/** True, or in what the code of `what` is another one than this signature's. */
export function functionsMatch(
  what: string,
  { has, may, arity }: Signature,
  { functions }: ContractInterface,
): true | string {
  const missing = has.filter((name) => !functions.has(name));
  const known = new Set([...has, ...may]);
  const unknown = [...functions.keys()].filter((name) => !known.has(name));
  const other = Object.entries(arity).filter(([name, count]) => functions.get(name) !== count);
  const faults = [
    missing.length > 0 && `lacks ${missing.join(', ')}`,
    unknown.length > 0 && `has the unknown ${unknown.join(', ')}`,
    other.length > 0 &&
      `takes another number of arguments in ${other.map(([name]) => name).join(', ')}`,
  ].filter((fault) => typeof fault === 'string');
  return faults.length === 0 || `its ${what} ${faults.join(', ')}`;
}
