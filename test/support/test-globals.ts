import { ModernFakeTimers } from '@jest/fake-timers';
import type * as Jest from '@jest/globals';
import { ModuleMocker } from 'jest-mock';

/**
 * What a test file imports from `@jest/globals`; `native-runtime.ts` leads the import here.
 *
 * A worker loads this module once, but each test file gets functions of its own: the exports are
 * live bindings.
 */
export let afterAll: typeof Jest.afterAll;
export let afterEach: typeof Jest.afterEach;
export let beforeAll: typeof Jest.beforeAll;
export let beforeEach: typeof Jest.beforeEach;
export let describe: typeof Jest.describe;
export let expect: typeof Jest.expect;
export let it: typeof Jest.it;
export let test: typeof Jest.test;

export function setGlobals(globals: typeof Jest): void {
  ({ afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } = globals);
}

const mocker = new ModuleMocker(globalThis);
const timers = new ModernFakeTimers({
  global: globalThis,
  // The class reads nothing else of a project's configuration.
  config: { fakeTimers: { enableGlobally: false } } as ConstructorParameters<
    typeof ModernFakeTimers
  >[0]['config'],
});

/** The part of Jest's object that the tests use. */
export const jest = {
  spyOn: mocker.spyOn.bind(mocker),
  useFakeTimers: () => {
    timers.useFakeTimers();
  },
  useRealTimers: () => {
    timers.useRealTimers();
  },
  advanceTimersByTime: (milliseconds: number) => {
    timers.advanceTimersByTime(milliseconds);
  },
};

/** Puts back what a test file replaced. */
export function restoreMocks(): void {
  mocker.restoreAllMocks();
  timers.useRealTimers();
}
