import { readFileSync } from 'node:fs';

/**
 * Of package.json, which lies beside dist, in the image too. npm's own variable was rejected: the
 * image starts without npm.
 */
export const VERSION = (
  JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  }
).version;
