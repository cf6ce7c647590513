import { readFileSync } from 'node:fs';
import { inPackage } from './places.js';

/**
 * The version in package.json, which lies beside dist, also in the image. npm's variable would not
 * do: the image starts without npm.
 */
export const VERSION = (
  JSON.parse(readFileSync(inPackage('package.json'), 'utf8')) as {
    readonly version: string;
  }
).version;
