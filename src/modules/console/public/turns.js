/** When to do work that is requested from many places. */

/**
 * Runs the work one at a time. Requests meanwhile make it run once more afterwards. A service that
 * hangs is therefore not asked over and over, and no older answer comes last.
 */
export function inTurn(work) {
  let running = null;
  let again = false;
  const run = async () => {
    try {
      do {
        again = false;
        await work();
      } while (again);
    } finally {
      running = null;
    }
  };
  return () => {
    again = running !== null;
    running ??= run();
    return running;
  };
}

/** Runs at once the first time, then at most once in `ms`. The last call is never lost. */
export function atMostEvery(ms, work) {
  let timer = null;
  let again = false;
  const run = () => {
    if (timer !== null) {
      again = true;
      return;
    }
    timer = setTimeout(() => {
      timer = null;
      if (again) {
        again = false;
        run();
      }
    }, ms);
    void work();
  };
  return run;
}
