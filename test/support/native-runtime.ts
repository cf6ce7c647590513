import module from 'node:module';
import { pathToFileURL } from 'node:url';
import { resolve } from './globals-hook.js';
import { setGlobals } from './test-globals.js';

/**
 * Jest's runtime, replaced: a test file is an ordinary module of the worker's process.
 *
 * Jest's own loads every module again in a fresh context for each file, which took 1.5 s of CPU for
 * a file that starts the service. Here a worker loads Nest, the SDK and our modules once, and they
 * stay compiled. What a file changes for the next one, `test-environment.ts` puts back.
 */
const require = module.createRequire(import.meta.url);
/** Where Jest's framework keeps the functions that follow a run. */
const HANDLERS = Symbol.for('EVENT_HANDLERS');

// Node 20 has only the older way, which starts a thread.
const { registerHooks } = module as Partial<typeof module>;
if (registerHooks) registerHooks({ resolve });
else module.register('./globals-hook.js', import.meta.url);

export default class NativeRuntime {
  readonly setGlobalsForRuntime = setGlobals;

  /** Loads Jest's framework, again for each file: it keeps the state of a run. */
  requireInternalModule(file: string): unknown {
    delete require.cache[file];
    Reflect.deleteProperty(globalThis, HANDLERS);
    return require(file) as unknown;
  }

  requireModule(file: string): unknown {
    return require(file) as unknown;
  }

  unstable_shouldLoadAsEsm(): boolean {
    return true;
  }

  async unstable_importModule(file: string): Promise<unknown> {
    return (await import(pathToFileURL(file).href)) as unknown;
  }

  getSourceMaps(): null {
    return null;
  }

  getAllCoverageInfoCopy(): undefined {
    return undefined;
  }

  enterTestCode(): void {
    /* Jest's own runtime refuses imports outside of tests. */
  }

  leaveTestCode(): void {
    /* See enterTestCode. */
  }

  teardown(): void {
    // Otherwise Node writes it at the worker's end, for longer than the 0.5 s that Jest waits.
    (module as Partial<typeof module>).flushCompileCache?.();
    // The state of a run hangs on the global object and would keep what the file made in memory.
    for (const symbol of Object.getOwnPropertySymbols(globalThis))
      if (symbol.description === 'JEST_STATE_SYMBOL') Reflect.deleteProperty(globalThis, symbol);
  }
}
