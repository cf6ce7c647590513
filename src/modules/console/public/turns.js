/** When work is done that many things ask for. */

/**
 * One at a time: what is asked for meanwhile is done once more after it. So a service that hangs is
 * not asked over and over, and no older answer comes last.
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

/** At once the first time, then at most once in `ms`; the last call is never lost. */
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
