import type { Answered } from '../lab/http-load.js';

export interface Asking {
  /** `accepted`, `refused` because the service is busy, or what was wrong. */
  readonly outcome: string;
  /** Of a refusal. */
  readonly retryAfterSeconds: number;
}

const WAIT_NAMED = /would (?:take|wait) ([0-9.]+) s\. No hold was made/;

/** What an answer to POST /loans is, and whether a refusal says all that it has to. */
export function askingOf(answer: Answered): Asking {
  const { retryAfterSeconds = 0 } = answer;
  return { outcome: outcomeOf(answer), retryAfterSeconds };
}

function outcomeOf({ status, text, retryAfterSeconds }: Answered): string {
  if (status === 201) return 'accepted';
  const code = /"code":"([A-Z_]+)"/.exec(text)?.[1] ?? '';
  if (status !== 503 || code !== 'BUSY_RETRY') return `${status} ${code}`;
  if (!text.includes('"holdMade":false'))
    return 'a refusal that does not say that no hold was made';
  const wait = WAIT_NAMED.exec(text)?.[1];
  if (wait === undefined) return 'a refusal that does not say how long it would take';
  if (retryAfterSeconds === undefined) return 'a refusal without Retry-After';
  return retryAfterSeconds === Math.max(1, Math.ceil(Number(wait)))
    ? 'refused'
    : 'a Retry-After that is not the wait of its reason';
}
