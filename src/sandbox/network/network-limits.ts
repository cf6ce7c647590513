/** Figures of the modelled network, in one place. Sources: `stellar.md` A.6 (testnet settings), B (RPC limits), C.1 and H (admission, queue). */
export const STANDALONE_PASSPHRASE = 'Standalone Network ; February 2017';
export const PROTOCOL_VERSION = 27;

/** Stroops. */
export const BASE_FEE = 100n;
export const BASE_RESERVE = 5_000_000n;
export const MIN_BALANCE = 2n * BASE_RESERVE;
export const FRIENDBOT_GRANT = 100_000_000_000n;
export const TOTAL_COINS = 1_000_000_000_000_000_000n;

/** Resource fee the network asks, stroops: a base, and testnet's fee for each declared write. */
export const RESOURCE_FEE_BASE = 50_000n;
export const RESOURCE_FEE_PER_WRITE_ENTRY = 2_500n;
export const requiredResourceFee = (writeEntries: number): bigint => RESOURCE_FEE_BASE + RESOURCE_FEE_PER_WRITE_ENTRY * BigInt(writeEntries);

/** Declared entries: written by one transaction, touched by one transaction, written by all transactions of one ledger. */
export const TX_WRITE_ENTRIES_MAX = 200;
export const TX_FOOTPRINT_ENTRIES_MAX = 400;
export const LEDGER_WRITE_ENTRIES_MAX = 1000;

/** Queue: ledgers until an unincluded transaction is dropped, ledgers its hash is banned then, and room. */
export const QUEUE_LEDGERS_MAX = 4;
export const BAN_LEDGERS = 10;
export const QUEUE_TRANSACTIONS_MAX = 5000;
/** A node refuses what could land within so many expected closes only (`stellar.md` C.1). */
export const CLOSES_UNTIL_TOO_LATE = 2;

export const RETENTION_LEDGERS = 120_960;
export const HEALTH_LATENCY_SECONDS_MAX = 30;
export const LEDGER_KEYS_MAX = 200;
export const EVENTS_SCAN_LEDGERS = 10_000;
export const EVENTS_LIMIT_DEFAULT = 100;
export const EVENTS_LIMIT_MAX = 10_000;
export const TRANSACTIONS_LIMIT_DEFAULT = 50;
export const TRANSACTIONS_LIMIT_MAX = 200;
/** Ledgers a contract entry lives after its last write. Archival is not modelled: a model chain is never that old. */
export const ENTRY_LIFE_LEDGERS = 2_073_600;
