const MINUTE = 60;

/**
 * How long the rest takes when it goes on as it did. A first step says too little.
 * @returns such as `about 40 s left`, or nothing
 */
export function timeLeft(done: number, all: number, elapsedMs: number): string {
  if (done < 2 || done >= all) return '';
  const seconds = Math.ceil(((elapsedMs / done) * (all - done)) / 1000);
  return seconds < 2 * MINUTE
    ? `about ${seconds} s left`
    : `about ${Math.round(seconds / MINUTE)} min left`;
}
