import type { ProblemExample } from './problem.js';
import type { REQUEST_PROBLEMS } from './request-problems.js';

const UNKNOWN = '01a20439-8365-721f-97de-c7ac9caaa4ad';
const invalid = (field: string, message: string): ProblemExample => ({
  detail: `${field} ${message}`,
  members: { errors: [{ field, message }] },
});
/** SEP-10 wallets read `error`. */
const signIn = (operation: string, field: string, message: string): ProblemExample => ({
  ...invalid(field, message),
  only: [operation],
  members: { ...invalid(field, message).members, error: `${field} ${message}` },
});
const lacks = (scope: string, has: string): ProblemExample => ({
  only: [scope],
  detail: `This needs the scope ${scope}; the key "checkout" has ${has}.`,
  members: { requiredScope: scope },
});
const limited = (
  only: readonly string[],
  rule: string,
  limit: number,
  sentence: string,
): ProblemExample => ({
  only,
  detail: `${sentence}. Send the next one in 24 s.`,
  members: { retryAfterSeconds: 24, rule, limit, window: 60, until: '2026-11-22T17:07:14.068Z' },
});
const CHALLENGE =
  'The challenge is not signed as the account demands: None of the given signers match the ' +
  'transaction signatures.';

/** Real answers with the codes of REQUEST_PROBLEMS. `test/http/codes.e2e.spec.ts` repeats them. */
export const REQUEST_EXAMPLES: Readonly<
  Record<keyof typeof REQUEST_PROBLEMS, readonly ProblemExample[]>
> = {
  UNAUTHENTICATED: [
    { detail: "Send Authorization: Bearer with an API key, or with a wallet's token from /auth." },
    { only: ['getToken'], detail: CHALLENGE, members: { error: CHALLENGE } },
  ],
  FORBIDDEN: [
    lacks('loans:write', 'pools:read'),
    lacks('loans:read', 'pools:read'),
    lacks('pools:read', 'loans:read'),
    lacks('operate', 'loans:write, loans:read, pools:read'),
  ],
  RATE_LIMITED: [
    limited(
      ['POST', 'PATCH', 'DELETE'],
      'writes',
      600,
      'This caller may send 600 writing requests a minute',
    ),
    limited(['GET'], 'reads', 3000, 'This caller may send 3000 reading requests a minute'),
    limited(
      ['getChallenge', 'getToken'],
      'auth',
      60,
      'This address may send 60 sign-ins and wrong credentials a minute',
    ),
  ],
  PAYLOAD_TOO_LARGE: [{ detail: 'A body may have at most 64 kB.' }],
  UNSUPPORTED_MEDIA_TYPE: [{ detail: 'Send the body as application/json.' }],
  REQUEST_TIMEOUT: [
    {
      detail: 'Headers and body must arrive within REQUEST_TIMEOUT_MS. Nothing was done.',
    },
  ],
  HEADERS_TOO_LARGE: [
    { detail: 'The request line and all headers together may have at most 16 kB.' },
  ],
  NOT_FOUND: [
    { detail: 'This API has no such path; /docs lists its paths.' },
    {
      only: ['addWebhook', 'testWebhook', 'testTenantWebhook'],
      detail: 'Webhooks are off: WEBHOOK_KEY is not configured.',
    },
    {
      only: ['getBreak'],
      detail: `There is no episode ${UNKNOWN}.shortfall.17; GET /operator/breaks lists them.`,
    },
    {
      only: ['exportReport'],
      detail:
        'There is no report nothing.csv. The reports are position.csv, funnel.csv, ' +
        'funnel-daily.csv, reservations.csv, journal.csv, refusals.csv, ageing.csv, ' +
        'borrowers.csv, balances.csv, pools.csv, utilisation.csv, reconciliations.csv, ' +
        'breaks.csv, unreserved.csv, rules.csv.',
    },
  ],
  METHOD_NOT_ALLOWED: [{ detail: 'This path allows GET, HEAD, POST.' }],
  IDEMPOTENCY_KEY_MISSING: [
    {
      detail:
        'Send an Idempotency-Key: a new one for each loan, and the same one when you repeat a ' +
        'request.',
    },
  ],
  IDEMPOTENCY_KEY_REUSED: [
    {
      detail:
        'This Idempotency-Key was used for a request with another body. Use a new key for a new ' +
        'request.',
    },
  ],
  VALIDATION_FAILED: [
    invalid('reason', 'is required'),
    { ...invalid('limit', 'must be a whole number'), only: ['GET'] },
    {
      ...invalid('Last-Event-ID', 'must be the id of an event of this stream'),
      only: ['streamLoan', 'streamPool'],
    },
    { ...invalid('limit', 'is not a known field'), only: ['exportReport'] },
    {
      ...invalid('body', 'is not valid JSON'),
      only: [
        'rebuildLoan',
        'cancelLoan',
        'removeWebhook',
        'replayDelivery',
        'testWebhook',
        'createLoanStreamTicket',
        'createPoolStreamTicket',
      ],
    },
    { ...invalid('url', 'must be a string'), only: ['addWebhook'] },
    signIn('getToken', 'transaction', 'must be a string'),
    signIn('getChallenge', 'account', 'is required'),
  ],
  NOTHING_TO_FUND: [
    { detail: 'The guarantee covers the whole total, so there is nothing for the pool to fund.' },
  ],
  POOL_NOT_FOUND: [
    { detail: `There is no pool ${UNKNOWN}; GET /pools lists them.` },
    { only: ['pausePool'], detail: `There is no pool ${UNKNOWN}.` },
  ],
  LOAN_NOT_FOUND: [{ detail: `There is no loan ${UNKNOWN}.` }],
  RESERVATION_NOT_FOUND: [
    { detail: `There is no reservation ${UNKNOWN}.` },
    {
      only: ['resolveReservation'],
      detail: `There is no reservation ${UNKNOWN} on this network.`,
    },
  ],
  KEY_NOT_FOUND: [{ detail: `There is no key ${UNKNOWN}.` }],
  WEBHOOK_NOT_FOUND: [
    { detail: `There is no webhook ${UNKNOWN}; GET /webhooks lists them.` },
    {
      only: ['operate'],
      detail: `There is no webhook ${UNKNOWN}; GET /operator/webhooks lists them.`,
    },
  ],
  DELIVERY_NOT_FOUND: [{ detail: `There is no delivery ${UNKNOWN}.` }],
  CONTRACT_NOT_FOUND: [
    {
      detail:
        'There is no contract at this address on this network (Test SDF Network ; September ' +
        '2015): CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC.',
      members: { contractId: 'CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC' },
    },
  ],
  POOL_STATE_CONFLICT: [
    {
      detail: 'The pool is closed; only one that is active can be paused.',
      members: { poolState: 'closed' },
    },
    {
      only: ['resumePool'],
      detail: 'The pool is closed; only one that is paused can be resumed.',
      members: { poolState: 'closed' },
    },
  ],
  RESOLUTION_REFUSED: [
    {
      detail:
        'No decision is needed (may_still_land): the chain will prove its end, by ' +
        '2026-11-22T17:11:49Z and a few ledgers at the latest.',
      members: { refusal: 'nothing_for_a_person' },
    },
  ],
  BUSY_RETRY: [{ detail: 'The database cannot be reached or is too busy.' }],
  INTERNAL: [
    { detail: 'The service failed unexpectedly. The log has the cause under this requestId.' },
  ],
};
