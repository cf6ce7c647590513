import { ModernFakeTimers } from '@jest/fake-timers';
import type * as Jest from '@jest/globals';
import { ModuleMocker } from 'jest-mock';

/**
 * What a test file imports from `@jest/globals`; `native-runtime.ts` leads the import here.
 *
 * Each test file gets functions of its own, but a worker loads this module once, and helpers keep
 * what they imported. So these functions, and their members, pass every call on to the file that is
 * being loaded.
 */
type OfOneFile = Omit<typeof Jest, 'jest'>;
let current: OfOneFile | undefined;

export function setGlobals(globals: OfOneFile): void {
  current = globals;
  expect = globals.expect;
}

function forwarded<Name extends keyof OfOneFile>(
  name: Name,
  members: readonly (string | symbol)[] = [],
): OfOneFile[Name] {
  const target = (): unknown =>
    members.reduce<unknown>(
      (found, member) => Reflect.get(found as object, member) as unknown,
      current?.[name],
    );
  return new Proxy((() => undefined) as unknown as OfOneFile[Name], {
    apply: (_, self, values) => Reflect.apply(target() as () => unknown, self, values) as unknown,
    get: (_, member) => forwarded(name, [...members, member]) as unknown,
  });
}

export const afterAll = forwarded('afterAll');
export const afterEach = forwarded('afterEach');
export const beforeAll = forwarded('beforeAll');
export const beforeEach = forwarded('beforeEach');
export const describe = forwarded('describe');
export const it = forwarded('it');
export const test = forwarded('test');
/** The same for every file. */
export let expect: OfOneFile['expect'];

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
