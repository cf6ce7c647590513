import { TestEnvironment as NodeEnvironment } from 'jest-environment-node';

/**
 * Lets the test file's own code see whether one of its tests failed: `createTestDatabase().drop()`
 * then keeps the database. Jest exposes it nowhere else.
 */
export default class TestEnvironment extends NodeEnvironment {
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
