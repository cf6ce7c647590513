import { z } from 'zod';
import type { Problem } from '../common/problems/problem.js';
import { PROBLEMS } from '../common/problems/problems.js';
import type { ErrorCode } from '../common/errors.js';
import { exampleBody, PROBLEM_PAGES } from './problem-body.js';

/**
 * The pages that `type` of a problem points at (RFC 9457): one per code, made from the same table
 * as the answers.
 */
const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 ' +
  '1rem;color:#1d2733;background:#fff}h1{font-size:1.5rem;overflow-wrap:anywhere}' +
  'code,pre{font-family:ui-monospace,monospace;font-size:.9em}' +
  'pre{background:#f3f5f7;padding:1rem;overflow:auto}' +
  'table{border-collapse:collapse;width:100%}' +
  'th,td{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;border-bottom:1px solid #d9dfe5}' +
  '@media(prefers-color-scheme:dark){body{color:#e3e8ee;background:#12171d}' +
  'pre{background:#1c232b}a{color:#8ab8ff}th,td{border-color:#37424e}}';

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
/** Shows text in backticks as code. */
const prose = (text: string): string => escaped(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
const rowOf = (name: string, cell: string): string =>
  `<tr><th scope="row">${escaped(name)}</th><td>${cell}</td></tr>`;

function document(title: string, body: string): string {
  return (
    '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><meta name="viewport" ' +
    `content="width=device-width, initial-scale=1"><title>${escaped(title)} - ` +
    `Holdfast</title><style>${STYLE}</style></head>\n<body>\n${body}\n</body>\n</html>\n`
  );
}

/** Every code with its page. */
export function problemIndex(): string {
  const rows = Object.entries(PROBLEMS).map(
    ([code, facts]) =>
      '<tr><td><a ' +
      `href="${PROBLEM_PAGES}/${code}"><code>${code}</code></a></td>` +
      `<td>${facts.status}</td><td>${escaped(facts.title)}</td>` +
      `<td>${facts.retryable ? 'yes' : 'no'}</td><td>${facts.sticky ? 'yes' : 'no'}</td></tr>`,
  );
  return document(
    'Problems',
    '<h1>Problems</h1>\n<p>Every refusal of this API is ' +
      '<code>application/problem+json</code> (RFC 9457) with one of these codes. Programs ' +
      'decide by <code>code</code>; <code>type</code> leads to its page. <a href="/docs">The ' +
      'API</a> lists the codes of each route in order of precedence.</p>\n' +
      '<table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th><th>Retryable</th>' +
      '<th>Repeated for its Idempotency-Key</th></tr></thead><tbody>\n' +
      `${rows.join('\n')}\n</tbody></table>`,
  );
}

/** @returns null when there is no such code */
export function problemPageOf(name: string): string | null {
  if (!Object.hasOwn(PROBLEMS, name)) return null;
  const code = name as ErrorCode;
  const facts = PROBLEMS[code];
  const members = Object.entries(facts.members).map(([member, schema]) =>
    rowOf(
      member,
      prose(schemaOf(schema).description ?? '') +
        (schema.safeParse(undefined).success ? ' (not always there)' : ''),
    ),
  );
  return document(
    code,
    [
      `<p><a href="${PROBLEM_PAGES}">Problems</a></p>`,
      `<h1><code>${code}</code>: ${escaped(facts.title)}</h1>`,
      `<p>${prose(facts.meaning)}</p>`,
      '<table><tbody>' +
        rowOf('Status', String(facts.status)) +
        rowOf('Was a hold made?', prose(holdMadeBy(code))) +
        rowOf('Ask again?', prose(adviceOn(facts))) +
        rowOf('Retry-After', prose(waitOf(code, facts))) +
        rowOf(
          'With its Idempotency-Key',
          facts.sticky
            ? 'The refusal is recorded: the same key repeats it byte for byte.'
            : 'Nothing is recorded: a request with the same key is decided again.',
        ) +
        '</tbody></table>',
      '<h2>Members of its own</h2>',
      members.length > 0 ? `<table><tbody>${members.join('')}</tbody></table>` : '<p>None.</p>',
      '<h2>Example</h2>',
      `<pre>${escaped(JSON.stringify(exampleBody(code), null, 2))}</pre>`,
    ].join('\n'),
  );
}

function holdMadeBy(code: ErrorCode): string {
  if (code === 'BUSY_RETRY')
    return (
      'No. `holdMade` is null when a COMMIT was sent and its answer was lost: repeat the ' +
      'request with the same Idempotency-Key.'
    );
  return code === 'INTERNAL'
    ? 'Not by a GET. After a POST `holdMade` is null, unknown: repeat the request with the same Idempotency-Key.'
    : 'No.';
}

function adviceOn({ retryable, sticky }: Problem): string {
  if (!retryable) return 'No: the same request would be refused again.';
  return sticky
    ? 'Yes, with a new Idempotency-Key.'
    : 'Yes, with the same Idempotency-Key, which cannot make a second hold.';
}

const COUNTED: Partial<Record<ErrorCode, string>> = {
  INSUFFICIENT_LIQUIDITY:
    'Until the next live hold can be proven dead: its deadline plus 20 s. Computed at every ' +
    'answer, also at replays; left out while no hold is live.',
  OUTFLOW_CAP_REACHED: 'Until the next live hold can be proven dead, when a hold is live.',
  BORROWER_BUSY: 'Until that hold can be proven dead: its deadline plus 20 s.',
  POOL_QUARANTINED: 'Until the quarantine ends; 30 s while its end is not set.',
};
function waitOf(code: ErrorCode, { retryAfterSeconds, retryable }: Problem): string {
  return (
    COUNTED[code] ??
    (retryAfterSeconds !== null
      ? `${retryAfterSeconds} s, unless the answer has a time of its own.`
      : retryable
        ? 'None: it is not known when it can succeed.'
        : 'None.')
  );
}

const schemaOf = (schema: z.ZodType): { description?: string } =>
  z.toJSONSchema(schema, { unrepresentable: 'any' });
