/**
 * What the walk takes in a test run: WALK_SEEDS seeds (4 without it, 10 in `.ci/run`) of WALK_LEDGERS
 * ledgers (200). The soak is `npm run walk -- --seeds 100`. The last seed is new in every run; it is
 * printed, so that a failure can be asked for again.
 */
export function walkDose(): { readonly seeds: readonly number[]; readonly ledgers: number } {
  const [count, ledgers] = [wholeOf('WALK_SEEDS', 4), wholeOf('WALK_LEDGERS', 200)];
  if (count < 2) throw new Error('WALK_SEEDS is a whole number above one');
  return {
    seeds: Array.from({ length: count }, (_, index) =>
      index === count - 1 ? Math.floor(Date.now() / 1000) : index + 1,
    ),
    ledgers,
  };
}

function wholeOf(name: string, otherwise: number): number {
  const value = Number(process.env[name] ?? otherwise);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`${name} is a whole number above zero`);
  return value;
}
