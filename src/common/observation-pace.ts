/**
 * Whether the rounds that read the chain keep their pace. In a process that also answers requests,
 * the door takes fewer of them while a round is late.
 */
export class ObservationPace {
  private dueAt = Infinity;

  /** @param inMs within which the next round has to end */
  expect(inMs: number): void {
    this.dueAt = performance.now() + inMs;
  }

  /** No round is expected: none runs in this process. */
  rest(): void {
    this.dueAt = Infinity;
  }

  get isLate(): boolean {
    return performance.now() > this.dueAt;
  }
}
