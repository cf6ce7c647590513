import { expect, test } from '@jest/globals';
import { request } from '../../../../test/support/given-ledger.js';
import type { HoldOutcome } from '../reservation.js';
import { HoldLane } from './hold-lane.js';
import type { CompressedRequest } from './hold-rows.sql.js';

/** A batch that the lane has begun; the test decides when it commits and ends. */
interface Batch {
  readonly size: number;
  commit(): void;
  end(failure?: Error): void;
}

/** A lane whose batches wait for the test. */
class Lane {
  readonly begun: Batch[] = [];
  readonly answered: string[] = [];
  #wake: () => void = () => undefined;
  readonly lane = new HoldLane(
    (requests, _, onCommitting) =>
      new Promise((resolve, reject) => {
        this.begun.push({
          size: requests.length,
          commit: onCommitting,
          end: (failure) => (failure ? reject(failure) : resolve(requests.map(held))),
        });
        this.#wake();
      }),
    { queueMax: 10_000, batchMax: 500, waitMs: 60_000 },
  );

  ask(count: number): void {
    for (let each = 0; each < count; each++) {
      const one = { request: request('pool'), xdr: null };
      const note = (): void => {
        this.answered.push(one.request.reservationId);
      };
      this.lane.ask(one).then(note, note);
    }
  }
  /** Waits until so many batches have begun. */
  async until(count: number): Promise<readonly Batch[]> {
    while (this.begun.length < count)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.begun;
  }
  get sizes(): number[] {
    return this.begun.map(({ size }) => size);
  }
}
const held = ({ request: { reservationId } }: CompressedRequest): HoldOutcome => ({
  kind: 'held',
  reservationId,
  atLedger: 1,
});
/** Every turn that a lane could use to begin a batch too early. */
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
};

test('the next batch begins when the one before it commits, and not earlier', async () => {
  const lane = new Lane();
  lane.ask(1);
  const [first] = await lane.until(1);
  lane.ask(3);
  await turns();
  expect(lane.sizes).toEqual([1]);
  first?.commit();
  await lane.until(2);
  expect(lane.sizes).toEqual([1, 3]);
  expect(lane.answered).toEqual([]);
});

test('a third batch waits until the first has ended', async () => {
  const lane = new Lane();
  for (const [index, count] of [1, 2, 3].entries()) {
    lane.ask(count);
    if (index < 2) (await lane.until(index + 1))[index]?.commit();
  }
  await turns();
  expect(lane.sizes).toEqual([1, 2]);
  lane.begun[0]?.end();
  await lane.until(3);
  expect(lane.sizes).toEqual([1, 2, 3]);
});

test('many requests are two batches, so that one is written while the other is answered', async () => {
  const lane = new Lane();
  lane.ask(200);
  (await lane.until(1))[0]?.commit();
  await lane.until(2);
  expect(lane.sizes).toEqual([100, 100]);
  lane.begun[0]?.end();
  lane.begun[1]?.end();
  await lane.lane.drain();
  expect(lane.answered).toHaveLength(200);
});

test('few requests are one batch', async () => {
  const lane = new Lane();
  lane.ask(127);
  await lane.until(1);
  expect(lane.sizes).toEqual([127]);
});

test('drain waits for the batch that commits as well as for the one behind it', async () => {
  const lane = new Lane();
  lane.ask(1);
  (await lane.until(1))[0]?.commit();
  lane.ask(1);
  await lane.until(2);
  let drained = false;
  const draining = lane.lane.drain().then(() => {
    drained = true;
  });
  lane.begun[1]?.end();
  await turns();
  expect(drained).toBe(false);
  lane.begun[0]?.end();
  await draining;
  expect(lane.answered).toHaveLength(2);
});

test('a batch that fails after it began to commit does not stop the ones behind it', async () => {
  const lane = new Lane();
  lane.ask(2);
  (await lane.until(1))[0]?.commit();
  lane.ask(1);
  await lane.until(2);
  lane.begun[0]?.end(new Error('one member is at fault'));
  lane.begun[1]?.end();
  // its halves run while nothing else waits
  (await lane.until(3))[2]?.end();
  (await lane.until(4))[3]?.end();
  await lane.lane.drain();
  expect(lane.sizes).toEqual([2, 1, 1, 1]);
  expect(lane.answered).toHaveLength(3);
});
