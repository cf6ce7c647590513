import type { Transaction } from '../../src/database/transaction.js';

/** A part of a named statement that is left out. */
export interface LeftOut {
  readonly statement: string;
  readonly part: RegExp;
}

/**
 * For negative controls: the same transaction, whose statements lack a protection.
 * @throws Error when a statement does not have the part: the control would prove nothing
 */
export function alteredStatements(
  { client }: Transaction,
  leftOut: readonly LeftOut[],
): Transaction {
  const query = (given: { readonly name: string; readonly text: string }): Promise<unknown> => {
    const parts = leftOut.filter(({ statement }) => statement === given.name);
    const text = parts.reduce((whole, { part }) => {
      if (!part.test(whole)) throw new Error(`${given.name} has no ${String(part)}`);
      return whole.replace(part, '');
    }, given.text);
    return client.query({ ...given, text });
  };
  return {
    client: new Proxy(client, {
      get: (target, member) => (member === 'query' ? query : Reflect.get(target, member)),
    }),
  };
}
