import { Dice } from './dice.js';

/** Printed, and taken again from CASES_SEED. */
const seed = Number(process.env['CASES_SEED'] ?? Math.floor(Date.now() / 1000));
/** What takes too long for every run is run too. */
export const isSoak = process.env['TEST_DOSE'] === 'soak';

/**
 * Some of many cases of one kind, other ones in every run, so that all are run in time; all of them
 * with TEST_DOSE=soak.
 * @param kind as printed @param share from 0 to 1
 */
export function someOf<T>(kind: string, cases: readonly T[], share: number): T[] {
  if (isSoak) return [...cases];
  const dice = new Dice(seed);
  const drawn = cases
    .map((each, index) => ({ each, index, lot: dice.roll() }))
    .toSorted((one, other) => one.lot - other.lot)
    .slice(0, Math.ceil(cases.length * share));
  process.stdout.write(
    `${kind}: ${drawn.length} of ${cases.length} cases, CASES_SEED=${seed}; ` +
      'all of them with TEST_DOSE=soak\n',
  );
  return drawn.toSorted((one, other) => one.index - other.index).map(({ each }) => each);
}
