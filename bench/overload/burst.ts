import { setTimeout as wait } from 'node:timers/promises';
import type { Asking } from './asking.js';
import type { Answers } from './overload.js';

export interface Burst {
  readonly answers: Answers;
  /** Seconds that the refused were told to wait. */
  readonly told: readonly number[];
  /** Requests that were sent again then, and how many of them were accepted. */
  readonly again: number;
  readonly acceptedThen: number;
}

/**
 * More requests at once than may wait, each from a connection of its own. Who is refused asks once
 * more, when the refusal says so.
 * @param rate requests a second at which they come
 */
export async function burst(
  ask: () => Promise<Asking>,
  { count, rate }: { readonly count: number; readonly rate: number },
): Promise<Burst> {
  const [accepted, refused, told] = [[] as number[], [] as number[], [] as number[]];
  let [again, acceptedThen] = [0, 0];
  const timed = async (): Promise<Asking> => {
    const from = performance.now();
    const answer = await ask();
    const took = performance.now() - from;
    if (answer.outcome === 'accepted') accepted.push(took);
    if (answer.outcome === 'refused') refused.push(took);
    return answer;
  };
  const begun = performance.now();
  const one = async (place: number): Promise<void> => {
    await wait((1000 * place) / rate);
    const first = await timed();
    if (first.outcome !== 'refused') return;
    told.push(first.retryAfterSeconds);
    await wait(1000 * first.retryAfterSeconds);
    again++;
    if ((await timed()).outcome === 'accepted') acceptedThen++;
  };
  await Promise.all(Array.from({ length: count }, (_, place) => one(place)));
  const seconds = (performance.now() - begun) / 1000;
  return { answers: { seconds, accepted, refused }, told, again, acceptedThen };
}
