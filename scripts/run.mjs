// `node scripts/run.mjs dist/FILE.js ARGUMENTS`: builds what has changed and runs that file in this
// process, so that signals reach it.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';

const [file] = process.argv.splice(2, 1);
if (file === undefined) throw new Error('Which file is to be run?');
await build();
process.argv[1] = path.resolve(file);
await import(pathToFileURL(process.argv[1]).href);
