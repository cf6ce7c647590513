/**
 * The seed of an ordinary run, which is fixed so that only a change makes it fail. `npm run fuzz`
 * takes a new seed each time.
 */
const ORDINARY_SEED = 1_435_798_965;
/**
 * How much is fuzzed: `npm run fuzz` sets it by the environment. In the ordinary run a time limit
 * bounds a slow machine.
 */
export function fuzzOptions(): { requests: number; seed: number; limitMs: number } {
  const { FUZZ_REQUESTS: requests, FUZZ_SEED: seed } = process.env;
  return {
    requests: requests === undefined ? 1_000 : Number(requests),
    seed:
      seed !== undefined
        ? Number(seed)
        : requests === undefined
          ? ORDINARY_SEED
          : Math.floor(Math.random() * 2 ** 31),
    limitMs: requests === undefined ? 25_000 : 3_600_000,
  };
}
