/** How much is fuzzed: `npm run fuzz` says it by the environment. In the ordinary run a time limit keeps a slow machine from waiting. */
export function fuzzWish(): { requests: number; seed: number; limitMs: number } {
  const { FUZZ_REQUESTS: wished, FUZZ_SEED: seed } = process.env;
  return {
    requests: wished === undefined ? 1_500 : Number(wished), seed: seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(seed),
    limitMs: wished === undefined ? 25_000 : 3_600_000,
  };
}
