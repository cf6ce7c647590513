import { formatAmount } from '../common/money.js';
import { DECIMALS, type DemoPlan } from './demo-plan.js';
import type { RaceResult } from './demo-race.js';

/** Refusals that do not say what is left and when the first promise can lapse. */
export function unfairRefusals({ winners, refusals, oddities }: RaceResult): readonly string[] {
  const left = formatAmount(1n, DECIMALS);
  const earliest = winners.map(({ offer }) => offer.reservation.expiresAt).toSorted()[0];
  const unfair = refusals.filter(
    ({ available, nextDeadline, atLedger }) =>
      available !== left || nextDeadline !== earliest || atLedger === undefined,
  );
  return [
    ...oddities.map((oddity) => `an unexpected answer: ${oddity}`),
    ...(unfair.length === 0
      ? []
      : [
          `${unfair.length} refusals do not name ${left} available and ${earliest} as the ` +
            `next deadline, such as ${JSON.stringify(unfair[0])}`,
        ]),
  ];
}

/** What was not as the plan says. */
export function raceFaults(
  { borrowers, fit }: DemoPlan,
  { promised, refused, settled }: { promised: number; refused: number; settled: number },
): readonly string[] {
  return [
    ...(promised === fit ? [] : [`${promised} were promised, not ${fit}`]),
    ...(refused === borrowers - fit ? [] : [`${refused} were refused, not ${borrowers - fit}`]),
    ...(settled === fit ? [] : [`${settled} loans settled, not ${fit}`]),
  ];
}
