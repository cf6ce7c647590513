/**
 * Choices that a seed repeats. The generator is splitmix-like on 32 bits: enough for tests, never
 * for secrets.
 */
export class Dice {
  #state: number;

  constructor(readonly seed: number) {
    this.#state = seed >>> 0;
  }

  /** In [0, 1). */
  roll(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  }

  chance(share: number): boolean {
    return this.roll() < share;
  }
  /** From 0 up to and without `below`. */
  below(below: number): number {
    return Math.floor(this.roll() * below);
  }
  one<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)];
  }
}
