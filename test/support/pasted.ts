import { readFileSync } from 'node:fs';
import { readSeed } from '../../sandbox/seed.js';

/** The code behind a comment of a page, as a reader pastes it. */
export function pasted(page: string, mark: string): string {
  const [, after = ''] = readFileSync(page, 'utf8').split(`<!-- ${mark} -->\n`);
  const [, code] = /^```\w+\n([^]*?)```\n/.exec(after) ?? [];
  if (code === undefined) throw new Error(`${page} has no block behind <!-- ${mark} -->`);
  return code;
}

/** What `holdfast local` printed, and the borrower's key, for a script. */
export function localVariables(printed: string, dataDir: string): Record<string, string> {
  const known: Record<string, string> = Object.fromEntries(
    [...printed.matchAll(/^(\w+)='(.*)'$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  const { secret = '' } =
    readSeed(dataDir)?.borrowers.find(({ address }) => address === known['BORROWER']) ?? {};
  return { ...known, SECRET: secret };
}
