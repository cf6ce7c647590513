import { HOLD_EXAMPLES } from './hold-examples.js';
import type { ProblemExample } from './problem.js';
import type { ErrorCode } from './problems.js';
import { REQUEST_EXAMPLES } from './request-examples.js';
import { TRANSACTION_EXAMPLES } from './transaction-examples.js';

const EXAMPLES: Readonly<Record<ErrorCode, readonly ProblemExample[]>> = {
  ...REQUEST_EXAMPLES,
  ...HOLD_EXAMPLES,
  ...TRANSACTION_EXAMPLES,
};

/**
 * The example of a code for a route.
 * @param marks the route's operation, access rule and method, the most specific first
 */
export function exampleOf(code: ErrorCode, marks: readonly string[] = []): ProblemExample {
  const found =
    marks
      .map((mark) => EXAMPLES[code].find(({ only }) => only?.includes(mark)))
      .find((example) => example !== undefined) ??
    EXAMPLES[code].find(({ only }) => only === undefined) ??
    EXAMPLES[code][0];
  if (!found) throw new Error(`the code ${code} has no example`);
  return found;
}
