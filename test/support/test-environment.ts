import { restoreMocks } from './test-globals.js';

/**
 * What surrounds a test file. Files run one after the other in a worker's process and share its
 * modules (`native-runtime.ts`), so it puts back what belongs to the process: variables, working
 * folder, console, replaced functions.
 *
 * The test file's own code sees whether one of its tests failed: `createTestDatabase().drop()` then
 * keeps the database.
 */
export default class TestEnvironment {
  readonly global = globalThis;
  readonly #variables = { ...process.env };
  readonly #folder = process.cwd();
  readonly #console = globalThis.console;
  readonly #exit = process.exit.bind(process);

  setup(): void {
    globalThis.holdfastTestFailed = false;
  }

  teardown(): void {
    restoreMocks();
    for (const name of Object.keys(process.env))
      if (!(name in this.#variables)) delete process.env[name];
    Object.assign(process.env, this.#variables);
    process.chdir(this.#folder);
    process.exit = this.#exit;
    globalThis.console = this.#console;
  }

  /** There is no context; Jest asks whether the method exists. */
  getVmContext(): null {
    return null;
  }

  handleTestEvent(event: {
    readonly name: string;
    readonly test?: { readonly errors: readonly unknown[] };
  }): void {
    if (
      event.name === 'hook_failure' ||
      (event.name === 'test_done' && event.test !== undefined && event.test.errors.length > 0)
    )
      globalThis.holdfastTestFailed = true;
  }
}
