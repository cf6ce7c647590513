import vm from 'node:vm';
import { TestEnvironment as NodeEnvironment } from 'jest-environment-node';

/**
 * Jest's environment, with two differences.
 *
 * Its context has an ordinary global object. In Jest's own, each read of a global (`Buffer`, `Map`,
 * `process`) passes an interceptor and a proxy, which costs a test a third of its CPU time.
 *
 * The test file's own code sees whether one of its tests failed: `createTestDatabase().drop()` then
 * keeps the database. Jest exposes it nowhere else.
 */
export default class TestEnvironment extends NodeEnvironment {
  constructor(...parameters: ConstructorParameters<typeof NodeEnvironment>) {
    const { createContext } = vm;
    // Jest calls it in its constructor and has no setting for what it passes.
    Object.assign(vm, { createContext: () => createContext(vm.constants.DONT_CONTEXTIFY) });
    try {
      super(...parameters);
    } finally {
      Object.assign(vm, { createContext });
    }
  }

  handleTestEvent(event: {
    readonly name: string;
    readonly test?: { readonly errors: readonly unknown[] };
  }): void {
    const failed =
      event.name === 'hook_failure' ||
      (event.name === 'test_done' && event.test !== undefined && event.test.errors.length > 0);
    if (failed) Object.assign(this.global, { holdfastTestFailed: true });
  }
}
