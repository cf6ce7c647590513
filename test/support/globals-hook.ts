import type { ResolveHookSync } from 'node:module';

const GLOBALS = new URL('test-globals.js', import.meta.url).href;

/** Leads an import of `@jest/globals`, which works in Jest's own runtime only, to ours. */
export const resolve: ResolveHookSync = (specifier, context, next) =>
  specifier === '@jest/globals' ? { url: GLOBALS, shortCircuit: true } : next(specifier, context);
