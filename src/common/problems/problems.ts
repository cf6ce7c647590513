import { HOLD_PROBLEMS } from './hold-problems.js';
import type { Problem } from './problem.js';
import { REQUEST_PROBLEMS } from './request-problems.js';
import { TRANSACTION_PROBLEMS } from './transaction-problems.js';

const ALL = { ...REQUEST_PROBLEMS, ...HOLD_PROBLEMS, ...TRANSACTION_PROBLEMS };

/** Every code an answer may carry (docs/protocol.md#codes). */
export type ErrorCode = keyof typeof ALL;
/**
 * The one table of codes. Answers, the API document, the pages below /problems and the tests are
 * made from it.
 */
export const PROBLEMS: Readonly<Record<ErrorCode, Problem>> = ALL;

const codesOf = <Code extends ErrorCode>(table: Readonly<Record<Code, Problem>>) =>
  Object.keys(table) as [Code, ...Code[]];
export const ERROR_CODES = codesOf(PROBLEMS);
/** What a hold can be refused with, in the order of answers. */
export const HOLD_CODES = codesOf(HOLD_PROBLEMS);
