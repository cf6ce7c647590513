import { request as plain } from 'node:http';
import { request as encrypted } from 'node:https';
import type { BlockList } from 'node:net';
import { asError } from '../../common/errors.js';
import { isForbiddenHost, isForbiddenLiteral, lookupWithin } from './address-guard.js';

export interface Post {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}
/** `status` is null when there was no answer. */
export interface PostOutcome {
  readonly delivered: boolean;
  readonly status: number | null;
  readonly error: string | null;
}
export interface SenderOptions {
  /** Limit of one attempt, from the look-up to the last header of the answer, milliseconds. */
  readonly timeLimitMs: number;
  /** production: https to public addresses only. */
  readonly publicOnly: boolean;
  /** Addresses that are allowed though they are not public. */
  readonly inside?: BlockList;
}
const NOT_PUBLIC = 'must be a public address, or one of WEBHOOK_NETWORKS';

/**
 * @returns what is wrong with a URL to post to, or null. Its host is looked up again at every
 * attempt.
 */
export function urlFault(text: string, publicOnly: boolean, inside?: BlockList): string | null {
  if (text.length > 2000 || !URL.canParse(text)) return 'must be a URL of at most 2000 characters';
  const url = new URL(text);
  if (url.protocol !== 'https:' && (publicOnly || url.protocol !== 'http:'))
    return publicOnly ? 'must begin with https://' : 'must begin with https:// or http://';
  if (url.username !== '' || url.password !== '') return 'must not carry a user or password';
  return publicOnly && (isForbiddenLiteral(url.hostname, inside) || url.hostname === 'localhost')
    ? NOT_PUBLIC
    : null;
}

/**
 * The same, and what the addresses of its host show now. They are looked up again at every attempt,
 * so this spares the caller a webhook that could never be delivered, and guards nothing.
 */
export async function urlFaultNow(
  text: string,
  { publicOnly, inside }: Pick<SenderOptions, 'publicOnly' | 'inside'>,
): Promise<string | null> {
  const fault = urlFault(text, publicOnly, inside);
  if (fault !== null || !publicOnly) return fault;
  return (await isForbiddenHost(new URL(text).hostname, inside))
    ? `has a host whose address is not public; it ${NOT_PUBLIC}`
    : null;
}

/**
 * Makes one attempt. It follows no redirects, accepts only 2xx as a success and does not read the
 * body of the answer. Each attempt has its own connection, because a reused one would skip the
 * look-up.
 */
export function post(
  { url, body, headers }: Post,
  { timeLimitMs, publicOnly, inside }: SenderOptions,
): Promise<PostOutcome> {
  const fault = urlFault(url, publicOnly, inside);
  if (fault !== null)
    return Promise.resolve({ delivered: false, status: null, error: `the URL ${fault}` });
  return new Promise((resolve) => {
    const done = (status: number | null, error: string | null): void => {
      resolve({ delivered: status !== null && status >= 200 && status < 300, status, error });
    };
    const signal = AbortSignal.timeout(timeLimitMs);
    const send = url.startsWith('https:') ? encrypted : plain;
    const sent = send(
      url,
      {
        method: 'POST',
        agent: false,
        signal,
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'Holdfast-Webhooks/1',
        },
        ...(publicOnly ? { lookup: lookupWithin(inside) } : {}),
      },
      (answer) => {
        const status = answer.statusCode ?? 0;
        done(status, status >= 200 && status < 300 ? null : `answered ${status}`);
        answer.on('error', () => undefined);
        answer.destroy();
      },
    );
    sent.on('error', (error) => {
      done(null, signal.aborted ? `no answer within ${timeLimitMs} ms` : reasonOf(error));
    });
    sent.end(body);
  });
}

/** Leaves out the address, so that the answer reveals nothing about an inside host. */
function reasonOf(thrown: unknown): string {
  const error = asError(thrown);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
