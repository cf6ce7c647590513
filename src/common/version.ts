import { readFileSync } from 'node:fs';

/**
 * The version in package.json, which lies beside dist, also in the image. npm's variable would not
 * do: the image starts without npm.
 */
export const VERSION = (
  JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  }
).version;
