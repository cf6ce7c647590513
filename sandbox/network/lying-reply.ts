import { xdr } from '@stellar/stellar-sdk';

/** Fields of a reply that a false reply may change; every other field stays true. */
export const LYING_FIELDS = [
  'latestLedger',
  'latestLedgerCloseTime',
  'oldestLedger',
  'status',
  'ledger',
  'createdAt',
  'sequence',
  'cursor',
] as const;
type LyingField = (typeof LYING_FIELDS)[number];
/** `by`: added to a number. `status`: the wrong value; NOT_FOUND hides the transaction. */
export interface Lie {
  readonly field: LyingField;
  readonly by: number;
  readonly status: string;
}

type Reply = Readonly<Record<string, unknown>>;
const isReply = (value: unknown): value is Reply =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A reply with one wrong field; null when the reply has no such field. */
export function lying(reply: unknown, { field, by, status }: Lie): unknown {
  if (!isReply(reply)) return null;
  if (field === 'sequence') return withSequences(reply, by);
  if (!(field in reply)) return null;
  if (field === 'status') return status === 'NOT_FOUND' ? hidden(reply) : { ...reply, status };
  if (field === 'cursor') return { ...reply, cursor: movedCursor(String(reply[field]), by) };
  const honest = reply[field];
  return {
    ...reply,
    [field]: typeof honest === 'string' ? String(BigInt(honest) + BigInt(by)) : Number(honest) + by,
  };
}

/** The reply of a node to a hash that it does not have. */
function hidden(reply: Reply): unknown {
  const { latestLedger, latestLedgerCloseTime, oldestLedger, oldestLedgerCloseTime, txHash } =
    reply;
  return {
    latestLedger,
    latestLedgerCloseTime,
    oldestLedger,
    oldestLedgerCloseTime,
    txHash,
    status: 'NOT_FOUND',
    applicationOrder: 0,
    feeBump: false,
    ledger: 0,
    createdAt: '0',
  };
}

const movedCursor = (cursor: string, ledgers: number): string =>
  `${String(BigInt(cursor.slice(0, 19)) + (BigInt(ledgers) << 32n)).padStart(19, '0')}${cursor.slice(19)}`;

/** Accounts among the entries, each with a changed sequence. */
function withSequences(reply: Reply, by: number): unknown {
  const { entries } = reply;
  if (!Array.isArray(entries)) return null;
  let changed = false;
  const changedEntries = entries.map((entry: unknown) => {
    if (!isReply(entry) || typeof entry['xdr'] !== 'string') return entry;
    const data = xdr.LedgerEntryData.fromXdr(entry['xdr'], 'base64');
    if (data.type !== 'account') return entry;
    changed = true;
    const account = data.value;
    const {
      accountId,
      balance,
      numSubEntries,
      inflationDest,
      flags,
      homeDomain,
      thresholds,
      signers,
      ext,
    } = account;
    const moved = new xdr.AccountEntry({
      accountId,
      balance,
      seqNum: account.seqNum + BigInt(by),
      numSubEntries,
      inflationDest,
      flags,
      homeDomain,
      thresholds,
      signers,
      ext,
    });
    return { ...entry, xdr: xdr.LedgerEntryData.account(moved).toXdr('base64') };
  });
  return changed ? { ...reply, entries: changedEntries } : null;
}
