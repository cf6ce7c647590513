import type { ErrorCode } from '../../common/errors.js';

/** Placeholder until the first end-to-end run has produced them. */
export const LOAN_REQUEST_EXAMPLE = {};
export const CREATED_EXAMPLE = {};
export const SUBMITTED_EXAMPLE = {};
export const PROBLEM_EXAMPLES: Partial<Record<ErrorCode, Readonly<Record<string, unknown>>>> = {};
