import { xdr } from '@stellar/stellar-sdk';
import { sha256 } from './ledger-entries.js';
import type { ClosedLedger, LedgerMarks } from './ledger-history.js';
import { BASE_FEE, BASE_RESERVE, PROTOCOL_VERSION, TOTAL_COINS } from './network-limits.js';

const hash = (hex: string): xdr.Hash => new xdr.Hash(Buffer.from(hex, 'hex'));
const NO_HASH = '0'.repeat(64);

export const versionOf = ({ protocolVersion }: LedgerMarks): number =>
  protocolVersion ?? PROTOCOL_VERSION;

/**
 * The header of a ledger. Its transaction set, result and bucket hashes all carry the digest of the
 * ledger's changes.
 */
export function ledgerHeader(ledger: Omit<ClosedLedger, 'hash'>): xdr.LedgerHeader {
  return new xdr.LedgerHeader({
    ledgerVersion: versionOf(ledger),
    previousLedgerHash: hash(ledger.previousHash),
    scpValue: new xdr.StellarValue({
      txSetHash: hash(ledger.content),
      closeTime: BigInt(ledger.closeTime),
      upgrades: [],
      ext: xdr.StellarValueExt.stellarValueBasic(),
    }),
    txSetResultHash: hash(ledger.content),
    bucketListHash: hash(ledger.content),
    ledgerSeq: ledger.sequence,
    totalCoins: TOTAL_COINS,
    feePool: 0n,
    inflationSeq: 0,
    idPool: 0n,
    baseFee: Number(BASE_FEE),
    baseReserve: Number(BASE_RESERVE),
    maxTxSetSize: 1000,
    skipList: [hash(NO_HASH), hash(NO_HASH), hash(NO_HASH), hash(NO_HASH)],
    ext: xdr.LedgerHeaderExt.v0(),
  });
}

export const headerHash = (header: xdr.LedgerHeader): string =>
  sha256(header.toXdr()).toString('hex');

export function headerEntry(ledger: ClosedLedger): xdr.LedgerHeaderHistoryEntry {
  return new xdr.LedgerHeaderHistoryEntry({
    hash: hash(ledger.hash),
    header: ledgerHeader(ledger),
    ext: xdr.LedgerHeaderHistoryEntryExt.v0(),
  });
}

/**
 * Close meta without its transactions: the SDK's getLatestLedger decodes it and reads only the
 * header.
 */
export function closeMeta(ledger: ClosedLedger): xdr.LedgerCloseMeta {
  return xdr.LedgerCloseMeta.v0(
    new xdr.LedgerCloseMetaV0({
      ledgerHeader: headerEntry(ledger),
      txSet: new xdr.TransactionSet({ previousLedgerHash: hash(ledger.previousHash), txs: [] }),
      txProcessing: [],
      upgradesProcessing: [],
      scpInfo: [],
    }),
  );
}
