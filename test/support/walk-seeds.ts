/**
 * How many seeds the walk takes: WALK_SEEDS, which `.ci/run` sets to 20; 5 without it. The last one
 * is new in every run; it is printed, so that a failure can be repeated.
 */
export function walkSeeds(): readonly number[] {
  const count = Number(process.env['WALK_SEEDS'] ?? '5');
  if (!Number.isSafeInteger(count) || count < 2)
    throw new Error('WALK_SEEDS is a whole number above one');
  return Array.from({ length: count }, (_, index) =>
    index === count - 1 ? Math.floor(Date.now() / 1000) : index + 1,
  );
}
