import { xdr } from '@stellar/stellar-sdk';
import { keyed } from './ledger-entries.js';

/**
 * Limits of one transaction: written entries and bytes, reads from disk, entries in the footprint,
 * bytes of its envelope.
 */
export const TRANSACTION_LIMITS = {
  instructions: 400_000_000,
  writeBytes: 132_096,
  writeEntries: 200,
  diskReadBytes: 200_000,
  diskReadEntries: 200,
  footprintEntries: 400,
  sizeBytes: 132_096,
} as const;

/**
 * Limits of one ledger over all of its transactions. Instructions are those of transactions that
 * depend on each other, as loans of one pool do.
 */
export interface LedgerLimits {
  readonly instructions: number;
  readonly writeBytes: number;
  readonly writeEntries: number;
  readonly sizeBytes: number;
}
export const LEDGER_LIMITS: LedgerLimits = {
  instructions: 580_000_000,
  writeBytes: 286_720,
  writeEntries: 1000,
  sizeBytes: 266_240,
};
export const NO_LIMITS: LedgerLimits = {
  instructions: Infinity,
  writeBytes: Infinity,
  writeEntries: Infinity,
  sizeBytes: Infinity,
};

/**
 * Prices in stroops: of 10,000 instructions, of an entry, of 1024 bytes. Rent is for 1024 bytes and
 * this many ledgers, of persistent and of temporary entries.
 */
export const PRICES = {
  instructions: 25n,
  diskReadEntry: 6_250n,
  writeEntry: 2_500n,
  diskReadKb: 1_786n,
  writeKb: 3_500n,
  historyKb: 16_235n,
  bandwidthKb: 1_624n,
  eventsKb: 10_000n,
  rentKb: 1_000n,
  rentLedgers: 1_215n,
  temporaryRentLedgers: 2_430n,
} as const;
/** Bytes that history keeps for every transaction beside its envelope. */
export const RESULT_BYTES = 300n;

export const MIN_PERSISTENT_LIFETIME = 120_960;
export const MIN_TEMPORARY_LIFETIME = 720;
export const MAX_LIFETIME = 3_110_400;
export const EVENTS_BYTES_MAX = 16_384;
/** Bytes of live state: below the target, so that rent is lowest. */
const STATE_BYTES = 1_000_000_000n;
const STATE_SAMPLES = 30;

type Setting = xdr.ConfigSettingEntry;
const Entry = xdr.ConfigSettingEntry;

function settings(ledger: LedgerLimits, leastLifetime: number): Setting[] {
  return [
    Entry.configSettingContractMaxSizeBytes(131_072),
    Entry.configSettingContractComputeV0(
      new xdr.ConfigSettingContractComputeV0({
        ledgerMaxInstructions: BigInt(ledger.instructions),
        txMaxInstructions: BigInt(TRANSACTION_LIMITS.instructions),
        feeRatePerInstructionsIncrement: PRICES.instructions,
        txMemoryLimit: 41_943_040,
      }),
    ),
    Entry.configSettingContractLedgerCostV0(
      new xdr.ConfigSettingContractLedgerCostV0({
        ledgerMaxDiskReadEntries: 1000,
        ledgerMaxDiskReadBytes: 3_500_000,
        ledgerMaxWriteLedgerEntries: ledger.writeEntries,
        ledgerMaxWriteBytes: ledger.writeBytes,
        txMaxDiskReadEntries: TRANSACTION_LIMITS.diskReadEntries,
        txMaxDiskReadBytes: TRANSACTION_LIMITS.diskReadBytes,
        txMaxWriteLedgerEntries: TRANSACTION_LIMITS.writeEntries,
        txMaxWriteBytes: TRANSACTION_LIMITS.writeBytes,
        feeDiskReadLedgerEntry: PRICES.diskReadEntry,
        feeWriteLedgerEntry: PRICES.writeEntry,
        feeDiskRead1Kb: PRICES.diskReadKb,
        sorobanStateTargetSizeBytes: 3_000_000_000n,
        rentFee1KbSorobanStateSizeLow: -17_000n,
        rentFee1KbSorobanStateSizeHigh: 10_000n,
        sorobanStateRentFeeGrowthFactor: 5_000,
      }),
    ),
    ...furtherSettings(ledger, leastLifetime),
  ];
}

function furtherSettings(ledger: LedgerLimits, leastLifetime: number): Setting[] {
  return [
    Entry.configSettingContractHistoricalDataV0(
      new xdr.ConfigSettingContractHistoricalDataV0({ feeHistorical1Kb: PRICES.historyKb }),
    ),
    Entry.configSettingContractEventsV0(
      new xdr.ConfigSettingContractEventsV0({
        txMaxContractEventsSizeBytes: EVENTS_BYTES_MAX,
        feeContractEvents1Kb: PRICES.eventsKb,
      }),
    ),
    Entry.configSettingContractBandwidthV0(
      new xdr.ConfigSettingContractBandwidthV0({
        ledgerMaxTxsSizeBytes: ledger.sizeBytes,
        txMaxSizeBytes: TRANSACTION_LIMITS.sizeBytes,
        feeTxSize1Kb: PRICES.bandwidthKb,
      }),
    ),
    Entry.configSettingContractDataKeySizeBytes(250),
    Entry.configSettingContractDataEntrySizeBytes(65_536),
    Entry.configSettingStateArchival(
      new xdr.StateArchivalSettings({
        maxEntryTtl: MAX_LIFETIME,
        minTemporaryTtl: MIN_TEMPORARY_LIFETIME,
        minPersistentTtl: leastLifetime,
        persistentRentRateDenominator: PRICES.rentLedgers,
        tempRentRateDenominator: PRICES.temporaryRentLedgers,
        maxEntriesToArchive: 1000,
        liveSorobanStateSizeWindowSampleSize: STATE_SAMPLES,
        liveSorobanStateSizeWindowSamplePeriod: 64,
        evictionScanSize: 100_000,
        startingEvictionScanLevel: 7,
      }),
    ),
    Entry.configSettingContractExecutionLanes(
      new xdr.ConfigSettingContractExecutionLanesV0({ ledgerMaxTxCount: 2000 }),
    ),
    Entry.configSettingLiveSorobanStateSizeWindow(
      Array.from({ length: STATE_SAMPLES }, () => STATE_BYTES),
    ),
    Entry.configSettingContractParallelComputeV0(
      new xdr.ConfigSettingContractParallelComputeV0({ ledgerMaxDependentTxClusters: 2 }),
    ),
    Entry.configSettingContractLedgerCostExtV0(
      new xdr.ConfigSettingContractLedgerCostExtV0({
        txMaxFootprintEntries: TRANSACTION_LIMITS.footprintEntries,
        feeWrite1Kb: PRICES.writeKb,
      }),
    ),
  ];
}

/**
 * The network's settings as entries, by key. They are not part of the state, so a chain of an older
 * version has them too.
 */
export function settingEntries(
  ledger: LedgerLimits,
  leastLifetime: number = MIN_PERSISTENT_LIFETIME,
): ReadonlyMap<string, xdr.LedgerEntryData> {
  return new Map(
    settings(ledger, leastLifetime).map((entry) => {
      const key = xdr.LedgerKey.configSetting(
        new xdr.LedgerKeyConfigSetting({ configSettingId: xdr.ConfigSettingId[entry.type] }),
      );
      return [keyed(key).id, xdr.LedgerEntryData.configSetting(entry)];
    }),
  );
}
