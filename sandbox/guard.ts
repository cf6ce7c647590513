import { setTimeout as wait } from 'node:timers/promises';
import { asError } from '../src/common/errors.js';

/** A process that was started here and may be killed later. */
export interface Guarded {
  readonly what: string;
  /**
   * Starts it again if it died.
   * @returns its new process; undefined when it still runs
   * @throws Error when it cannot be started as it was
   */
  revive(): Promise<number | undefined>;
}

const LOOK_MS = 500;
/** Pause between two attempts to start a process that fails to start. */
const PAUSE_MS = 5000;

/**
 * Checks at intervals whether the processes started here still run, and restarts them, as a
 * supervisor would. When the database of `npm start` is killed, the service recovers. In production
 * nothing is started here.
 * @returns a function that ends the checks and waits for a start in progress
 */
export function guard(
  guarded: readonly Guarded[],
  log: (line: string) => void,
): () => Promise<void> {
  const ending = new AbortController();
  const { signal } = ending;
  const keep = async (each: Guarded): Promise<void> => {
    let reported: string | undefined;
    while (!signal.aborted) {
      let pause = LOOK_MS;
      try {
        const pid = await each.revive();
        if (pid !== undefined) log(`${each.what}: was gone, started again, process ${pid}`);
        reported = undefined;
      } catch (thrown) {
        const { message } = asError(thrown);
        if (message !== reported)
          log(`${each.what}: is gone and could not be started again. ${message}`);
        reported = message;
        pause = PAUSE_MS;
      }
      await wait(pause, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  const kept = Promise.all(guarded.map(keep));
  return async () => {
    ending.abort();
    await kept;
  };
}
