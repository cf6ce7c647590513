import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Config } from '../../common/config.js';
import { asError, HoldfastError } from '../../common/errors.js';
import type { Chain } from './chain.js';

/** What came back; it proves nothing. `ledger` is null where the answer names none. */
export interface SentLanding {
  readonly status: string;
  readonly ledger: number | null;
}

/**
 * How a landing gets to the network. It is stored and its hash known before; each implementation
 * submits these very bytes, bare or inside a fee bump.
 */
export interface LandingSender {
  /** Whose XLM pays the fees. */
  readonly payer: 'channel' | 'relayer';
  /** @throws HoldfastError CHAIN_UNREACHABLE when there was no usable answer */
  send(xdr: string): Promise<SentLanding>;
}

/** The node takes the landing as it is. */
export const nodeSender = (chain: Pick<Chain, 'submit'>): LandingSender => ({
  payer: 'channel',
  send: async (xdr) => {
    const { status, latestLedger } = await chain.submit(xdr);
    return { status, ledger: latestLedger };
  },
});

export interface RelayerOptions {
  /** Where requests are posted; it may carry a key and is never logged. */
  readonly url: string;
  readonly key: string;
  readonly timeoutMs: number;
}

const answer = z.union([
  z.object({ success: z.literal(true), data: z.object({ status: z.string().max(100).nullish() }) }),
  z.object({
    success: z.literal(false),
    data: z
      .object({ code: z.string().max(100) })
      .optional()
      .catch(undefined),
  }),
]);
/** An answer is a few hundred bytes, with logs and traces a few thousand. */
const ANSWER_BYTES_MAX = 1_000_000;
/** Refusals that pass; the landing is sent again at the next ledger. */
const BUSY: readonly (string | undefined)[] = ['POOL_CAPACITY', 'FEE_LIMIT_EXCEEDED'];

const relayerFailed = (what: string, cause?: unknown): HoldfastError =>
  new HoldfastError(
    'CHAIN_UNREACHABLE',
    `Relayer: ${what}`,
    { method: 'relayer' },
    cause === undefined ? undefined : { cause: asError(cause) },
  );

/**
 * The Channels plugin of the OpenZeppelin Relayer, which puts a signed transaction into a fee bump of
 * its fund account (decision 0044). Its own statement about the transaction is not asked for: the
 * node knows the landing by its inner hash.
 */
export class RelayerSender implements LandingSender {
  readonly payer = 'relayer';

  constructor(private readonly options: RelayerOptions) {}

  async send(xdr: string): Promise<SentLanding> {
    const parsed = answer.safeParse(await this.#post({ xdr, skipWait: true }));
    if (!parsed.success) throw relayerFailed('the answer has another form.');
    if (parsed.data.success) return { status: 'PENDING', ledger: null };
    const code = parsed.data.data?.code;
    return { status: BUSY.includes(code) ? 'TRY_AGAIN_LATER' : 'ERROR', ledger: null };
  }

  /** Refusals come with a 4xx or 5xx and the same JSON. */
  async #post(params: Readonly<Record<string, unknown>>): Promise<unknown> {
    const { url, key, timeoutMs } = this.options;
    let text: string;
    try {
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'error',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${key}`,
          'x-api-key': key,
        },
        body: JSON.stringify({ params }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      text = await limited(response);
    } catch (thrown) {
      throw relayerFailed('no answer.', thrown);
    }
    try {
      return JSON.parse(text);
    } catch {
      throw relayerFailed('the answer is not JSON.');
    }
  }
}

async function limited(response: Response): Promise<string> {
  let [text, bytes] = ['', 0];
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > ANSWER_BYTES_MAX) throw new Error('the answer is too long');
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

/** @throws Error when LANDER=relayer lacks the address or the key */
export function senderFrom(
  {
    LANDER: lander,
    RELAYER_URL: url,
    RELAYER_API_KEY: listed,
    RELAYER_API_KEY_FILE: file,
    RPC_TIMEOUT_MS: timeoutMs,
  }: Config,
  chain: Pick<Chain, 'submit'>,
): LandingSender {
  if (lander === 'channels') return nodeSender(chain);
  const key = (listed ?? (file === undefined ? '' : readFileSync(file, 'utf8'))).trim();
  if (url === undefined || key === '')
    throw new Error(
      'LANDER=relayer needs RELAYER_URL, and RELAYER_API_KEY or RELAYER_API_KEY_FILE',
    );
  return new RelayerSender({ url, key, timeoutMs });
}
