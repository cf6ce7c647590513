import type { Finding, FindingState } from './finding.js';

const STATES: readonly FindingState[] = ['ok', 'warning', 'fault'];

/** One line for each finding, its cure below it, and the sum. */
export function page(findings: readonly Finding[]): string[] {
  const width = Math.max(...findings.map(({ area, check }) => `${area}: ${check}`.length));
  return [
    ...findings.flatMap(({ state, area, check, found, cure }) => [
      `${state.padEnd(7)}  ${`${area}: ${check}`.padEnd(width)}  ${found}`,
      ...(cure === null ? [] : [`${' '.repeat(width + 11)}${cure}`]),
    ]),
    `${STATES.map((state) => `${findings.filter((each) => each.state === state).length} ${state}`).join(', ')}`,
  ];
}
