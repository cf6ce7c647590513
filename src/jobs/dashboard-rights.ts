import { AsyncLocalStorage } from 'node:async_hooks';

/** What the page shows instead of a form, and what its buttons need. */
interface Rights {
  readonly capabilities: Readonly<Record<string, boolean>>;
  readonly denial: { readonly title: string; readonly detail: string };
}

/** The page takes what is not named as denied. */
const LOOKING: Rights = {
  capabilities: {},
  denial: {
    title: 'You may look, and change nothing here',
    detail: 'That needs a key with the scope jobs:write.',
  },
};

/**
 * The page asks its router for the rights of the request under this symbol, and without an answer
 * shows every button. It makes the context itself unless one is there.
 */
const CONTEXT = Symbol.for('pgboss.dashboard.capabilityContext');

const current = new AsyncLocalStorage<Rights | null>();

/** Call it before the page is loaded. */
export function offerRights(): void {
  Reflect.set(globalThis, CONTEXT, {
    get defaultValue(): Rights | null {
      return current.getStore() ?? null;
    },
  });
}

/** @param mayChange whether the page shows the buttons that change jobs, queues and schedules */
export const withRights = <T>(mayChange: boolean, work: () => Promise<T>): Promise<T> =>
  current.run(mayChange ? null : LOOKING, work);
