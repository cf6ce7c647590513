/** A reply in which one account's key is replaced by another's. */

const ACCOUNT_KEY_BYTES = 40;
const KEY_BYTES = 32;
const KEY_AT = 8;
const ENVELOPE_TYPE_TX = 2;

export interface AccountIn {
  /** What the request has in common with those of other accounts. */
  readonly key: string;
  readonly bytes: Buffer;
}

/**
 * The account that a request is about: the source of a simulated transaction, or the one whose
 * entry is read. Both have its key at the same place of their XDR.
 * @returns null: none; `several`: such a reply is not learned
 */
export function accountIn(
  method: string,
  params: Readonly<Record<string, unknown>>,
): AccountIn | null | 'several' {
  if (method === 'simulateTransaction') {
    const bytes = Buffer.from(String(params['transaction']), 'base64');
    return bytes.readUInt32BE(0) === ENVELOPE_TYPE_TX
      ? { key: `${method} ${bytes.length}`, bytes: keyOf(bytes) }
      : 'several';
  }
  const { keys } = params;
  if (method !== 'getLedgerEntries' || !Array.isArray(keys)) return null;
  const all = keys.map((key) => Buffer.from(String(key), 'base64'));
  const accounts = all.filter(isAccountKey);
  const [first] = accounts;
  if (!first) return null;
  if (accounts.length > 1) return 'several';
  const bytes = keyOf(first);
  const others = all.map((key) => replaced(key, bytes, Buffer.alloc(KEY_BYTES)).toString('base64'));
  return { key: `${method} ${others.join(' ')}`, bytes };
}

const isAccountKey = (key: Buffer): boolean =>
  key.length === ACCOUNT_KEY_BYTES && key.readUInt32BE(0) === 0;
const keyOf = (bytes: Buffer): Buffer => Buffer.from(bytes.subarray(KEY_AT, KEY_AT + KEY_BYTES));

/** The same request about another account. */
export function askedFor(
  params: Readonly<Record<string, unknown>>,
  from: Buffer,
  to: Buffer,
): Record<string, unknown> {
  const text = (given: unknown): string =>
    replaced(Buffer.from(String(given), 'base64'), from, to).toString('base64');
  const { keys, transaction, ...others } = params;
  return {
    ...others,
    ...(transaction !== undefined && { transaction: text(transaction) }),
    ...(Array.isArray(keys) && { keys: keys.map(text) }),
  };
}

function replaced(bytes: Buffer, from: Buffer, to: Buffer): Buffer {
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + KEY_BYTES))
    to.copy(bytes, at);
  return bytes;
}

/** Only texts that are base64 of bytes with the account change. The rest is joined as it is. */
export class ReplyTemplate {
  /** Text as it is, or bytes in which the account is replaced. */
  readonly #parts: readonly (string | Buffer)[];

  constructor(
    text: string,
    private readonly account: Buffer | null,
  ) {
    this.#parts =
      account === null
        ? [text]
        : text.split(/"([A-Za-z0-9+/]{40,}={0,2})"/).map((part, index) => {
            if (index % 2 === 0) return part;
            const bytes = Buffer.from(part, 'base64');
            return bytes.includes(account) ? bytes : `"${part}"`;
          });
  }

  textFor(account: Buffer | null): string {
    const from = this.account;
    if (account === null || from === null) return this.#parts.join('');
    return this.#parts
      .map((part) =>
        typeof part === 'string'
          ? part
          : `"${replaced(Buffer.from(part), from, account).toString('base64')}"`,
      )
      .join('');
  }
}
