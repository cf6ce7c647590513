import type { QueryRunner } from 'typeorm';

export type Change = readonly [old: string, now: string];

/**
 * Changes database functions in a few places of the text that the database has, whichever migration
 * wrote it last: what is new can be read at a glance, and two
 * migrations that change one function do not undo each other. A name may carry its schema.
 * @param way 0: from the old text to the new one; 1: back
 * @throws Error when a place is not there exactly once
 */
export async function changeFunctions(
  runner: QueryRunner,
  functions: Readonly<Record<string, readonly Change[]>>,
  way: 0 | 1,
): Promise<void> {
  for (const [name, changes] of Object.entries(functions)) {
    const {
      records: [row],
    }: { records: { text: string }[] } = await runner.query(
      `select pg_get_functiondef(p.oid) as text from pg_proc p where p.oid = to_regproc('${name}')`,
      undefined,
      true,
    );
    if (!row) throw new Error(`there is no function ${name}`);
    const text = (way === 0 ? changes : changes.toReversed()).reduce((so, pair) => {
      const [from, to] = way === 0 ? pair : [pair[1], pair[0]];
      if (so.split(from).length !== 2) throw new Error(`${name} has no single place with: ${from}`);
      return so.replace(from, () => to);
    }, row.text);
    await runner.query(text);
  }
}
