import { exampleOf } from '../common/problems/examples.js';
import { PROBLEMS } from '../common/problems/problems.js';
import { type ErrorCode, HoldfastError } from '../common/errors.js';

/** The address of a code's page. An absolute path is right at every address of the service. */
const problemPage = (code: ErrorCode): string => `${PROBLEM_PAGES}/${code}`;
export const PROBLEM_PAGES = '/problems';

/** Facts that shape the answer but are not members of it. */
const STEERING = new Set([
  'commitUnknown',
  'sqlState',
  'retryAfterSeconds',
  'allow',
  'absentContract',
]);

/**
 * Seconds from now, at least 1: the error's own value, otherwise the default of its code; null when
 * there is neither.
 */
export function secondsToWait({ code, facts }: HoldfastError): number | null {
  const own = facts['retryAfterSeconds'];
  const seconds = typeof own === 'number' ? own : PROBLEMS[code].retryAfterSeconds;
  return seconds === null ? null : Math.max(1, Math.ceil(seconds));
}

/**
 * The body of a problem (RFC 9457). A sticky refusal leaves `requestId` out, because a replay
 * repeats the body byte for byte; X-Request-Id has it.
 */
export function problemOf(
  error: HoldfastError,
  request: { readonly id: string; readonly method: string },
): Record<string, unknown> {
  const facts = PROBLEMS[error.code];
  const wait = secondsToWait(error);
  const members = Object.entries(error.facts).filter(([name]) => !STEERING.has(name));
  return {
    type: problemPage(error.code),
    title: facts.title,
    status: facts.status,
    detail: error.message,
    code: error.code,
    retryable: facts.retryable,
    holdMade: holdMade(error, request.method),
    ...(facts.sticky
      ? { newKeyNeeded: true }
      : { requestId: request.id, ...(wait === null ? {} : { retryAfter: wait }) }),
    ...Object.fromEntries(members),
  };
}

/**
 * null: unknown, because the answer to a COMMIT was lost or something unexpected failed. The same
 * key gives the result.
 */
function holdMade(error: HoldfastError, method: string): boolean | null {
  if (error.facts['commitUnknown'] === true) return null;
  return error.code === 'INTERNAL' && method === 'POST' ? null : false;
}

const REQUEST_ID = '01a20439-858a-7208-9623-2795dfb907a6';
/**
 * What the service answered once with this code, made from the recorded sentence and members as a
 * real answer is.
 * @param marks of the route, as `exampleOf` takes them
 */
export function exampleBody(
  code: ErrorCode,
  method = 'POST',
  marks: readonly string[] = [],
): Record<string, unknown> {
  const { detail, members } = exampleOf(code, marks);
  return problemOf(new HoldfastError(code, detail, members), { id: REQUEST_ID, method });
}
