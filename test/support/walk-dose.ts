/**
 * How long the walk is in a test run: WALK_SEEDS seeds (default 4) of WALK_LEDGERS
 * ledgers (default 200). The last seed is new in every run and is printed, so that a failure can be
 * repeated. The long run is `npm run walk -- --seeds 100`.
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
