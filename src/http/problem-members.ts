import type { ErrorCode } from '../common/errors.js';
import type { ProblemMembers } from './problem-member-shapes.js';
import { HOLD_MEMBERS } from './hold-problem-members.js';
import { REQUEST_MEMBERS } from './request-problem-members.js';
import { TRANSACTION_MEMBERS } from './transaction-problem-members.js';

/**
 * The members of each code's problem beyond those that every problem has. The API document, the
 * pages below /problems and the tests read this table. A member that it does not list fails a test.
 */
export const PROBLEM_MEMBERS: Readonly<Partial<Record<ErrorCode, ProblemMembers>>> = {
  ...REQUEST_MEMBERS,
  ...HOLD_MEMBERS,
  ...TRANSACTION_MEMBERS,
};
