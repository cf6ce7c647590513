import { existsSync } from 'node:fs';
import path from 'node:path';

/** The package's folder: the build lies below it, at different depths. */
const PACKAGE = packageAbove(import.meta.dirname);

function packageAbove(from: string): string {
  if (existsSync(path.join(from, 'package.json'))) return from;
  const parent = path.dirname(from);
  if (parent === from) throw new Error(`No package.json above ${import.meta.dirname}.`);
  return packageAbove(parent);
}

/** A file or folder of the package. @param parts of its path from the package's folder */
export const inPackage = (...parts: string[]): string => path.join(PACKAGE, ...parts);

/** What `scripts/build.mjs` bundles: each is one program in a process of its own. */
export type Program = 'main' | 'cli' | 'network';
/** The file that Node runs for that program. */
export const fileOf = (program: Program): string => inPackage('dist', 'program', `${program}.js`);
