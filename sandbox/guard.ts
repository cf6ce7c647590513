import { setTimeout as wait } from 'node:timers/promises';
import { asError } from '../src/common/errors.js';

/** What was started here and may be killed while we run. */
export interface Guarded {
  readonly what: string;
  /**
   * Starts it again when it died. @returns its new process; undefined when it runs @throws Error
   * when it cannot be had as it was
   */
  revive(): Promise<number | undefined>;
}

const LOOK_MS = 500;
/** Between two tries to start what does not start. */
const PAUSE_MS = 5000;

/**
 * Looks again and again whether what was started here still runs, and starts it anew: who kills the
 * database of `npm start` sees the service come back by
 * itself, as it would behind any supervisor. Outside production only, where nothing is started
 * here.
 * @returns ends it; a start under way is waited for
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
