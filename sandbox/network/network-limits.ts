/**
 * Figures of the modelled network beside its settings (`ledger-settings.ts`): the limits of RPC,
 * admission and queue (docs/stellar.md#rpc, docs/stellar.md#inclusion,
 * docs/stellar.md#queue-and-validation-order).
 */
export const STANDALONE_PASSPHRASE = 'Standalone Network ; February 2017';
export const PROTOCOL_VERSION = 27;

/** Stroops. */
export const BASE_FEE = 100n;
export const BASE_RESERVE = 5_000_000n;
/** Of an account with that many trustlines, data entries and signers. */
export const minBalanceOf = (entries: number): bigint => BigInt(2 + entries) * BASE_RESERVE;
export const MIN_BALANCE = minBalanceOf(0);
export const FRIENDBOT_GRANT = 100_000_000_000n;
export const TOTAL_COINS = 1_000_000_000_000_000_000n;

/**
 * Queue: ledgers until a transaction that was not included is dropped, ledgers for which its hash
 * is then banned, and room.
 */
export const QUEUE_LEDGERS_MAX = 4;
export const BAN_LEDGERS = 10;
export const QUEUE_TRANSACTIONS_MAX = 5000;
/**
 * A node refuses a transaction that could land only within this many expected closes
 * (docs/stellar.md#inclusion).
 */
export const CLOSES_UNTIL_TOO_LATE = 2;

export const RETENTION_LEDGERS = 120_960;
export const HEALTH_LATENCY_SECONDS_MAX = 30;
export const LEDGER_KEYS_MAX = 200;
export const EVENTS_SCAN_LEDGERS = 10_000;
export const EVENTS_LIMIT_DEFAULT = 100;
export const EVENTS_LIMIT_MAX = 10_000;
export const TRANSACTIONS_LIMIT_DEFAULT = 50;
export const TRANSACTIONS_LIMIT_MAX = 200;
export const LEDGERS_LIMIT_DEFAULT = 5;
export const LEDGERS_LIMIT_MAX = 200;
/** Ledgers that a contract's entry lives from its creation, as the recorded contracts request. */
export const ENTRY_LIFETIME_LEDGERS = 2_073_600;
/**
 * A balance kept by an asset contract: its lifetime, and the remaining lifetime at which a write
 * renews it (30 days and 29).
 */
export const BALANCE_LIFETIME_LEDGERS = 518_400;
export const BALANCE_RENEWAL_LEDGERS = 501_120;
/** The same for its instance, which every call renews (7 days and 6). */
export const ASSET_LIFETIME_LEDGERS = 120_960;
export const ASSET_RENEWAL_LEDGERS = 103_680;
