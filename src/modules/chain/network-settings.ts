import { xdr } from '@stellar/stellar-sdk';
import { unreachable } from './chain-trouble.js';
import { readEntries } from './ledger-entries.js';
import type { TransactionLimit } from './chain.js';
import type { FeeRates, RentRates } from './resource-fee.js';
import type { RpcClient } from './rpc-client.js';

/** What all transactions of one ledger may declare together. */
export const LEDGER_LIMITS = [
  'instructions',
  'diskReadEntries',
  'diskReadBytes',
  'writeEntries',
  'writeBytes',
  'transactionBytes',
] as const satisfies readonly TransactionLimit[];
type LedgerLimits = Readonly<Record<(typeof LEDGER_LIMITS)[number], number>>;

/** What the network allows and charges. Fees in stroops. */
export interface NetworkSettings {
  /**
   * The smaller of the limits of one transaction and of one ledger: above either, it never lands.
   */
  readonly transaction: Readonly<Record<TransactionLimit, number>>;
  readonly ledger: LedgerLimits;
  readonly fees: FeeRates;
  readonly rent: RentRates;
  /** Ledgers that an entry can live at most. */
  readonly maxEntryTtl: number;
}

/**
 * For a node that returns no config entries: the settings of the public test network in November
 * 2026, which the recorded executions used.
 */
export const TESTNET_SETTINGS: NetworkSettings = {
  transaction: {
    instructions: 400_000_000,
    diskReadEntries: 200,
    diskReadBytes: 200_000,
    writeEntries: 200,
    writeBytes: 132_096,
    footprintEntries: 400,
    transactionBytes: 132_096,
  },
  ledger: {
    instructions: 580_000_000,
    diskReadEntries: 1_000,
    diskReadBytes: 3_500_000,
    writeEntries: 1_000,
    writeBytes: 286_720,
    transactionBytes: 266_240,
  },
  fees: {
    per10000Instructions: 25n,
    perDiskReadEntry: 6_250n,
    perDiskReadKb: 1_786n,
    perWriteEntry: 2_500n,
    perWriteKb: 3_500n,
    perHistoryKb: 16_235n,
    perEventsKb: 10_000n,
    perBandwidthKb: 1_624n,
  },
  rent: {
    stateBytes: 1_000_000_000n,
    stateTargetBytes: 3_000_000_000n,
    perKbLow: -17_000n,
    perKbHigh: 10_000n,
    growthFactor: 5_000n,
    persistentDenominator: 1_215n,
    persistentLedgersMin: 120_960,
  },
  maxEntryTtl: 3_110_400,
};
const TRUSTED_MS = 10 * 60_000;

const ID = xdr.ConfigSettingId;
function configKey(configSettingId: xdr.ConfigSettingId): xdr.LedgerKey {
  return xdr.LedgerKey.configSetting(new xdr.LedgerKeyConfigSetting({ configSettingId }));
}
const KEYS = [
  ID.configSettingContractComputeV0,
  ID.configSettingContractLedgerCostV0,
  ID.configSettingContractLedgerCostExtV0,
  ID.configSettingContractHistoricalDataV0,
  ID.configSettingContractEventsV0,
  ID.configSettingContractBandwidthV0,
  ID.configSettingStateArchival,
  ID.configSettingLiveSorobanStateSizeWindow,
].map(configKey);

/**
 * Reads the network's own settings. They differ between networks and change by vote, so constants
 * would end as txSOROBAN_INVALID. Kept for ten minutes.
 */
export class NetworkSettingsReader {
  #known: { readonly settings: NetworkSettings; readonly until: number } | null = null;

  constructor(private readonly rpc: RpcClient) {}

  /** @throws HoldfastError CHAIN_UNREACHABLE */
  async read(): Promise<NetworkSettings> {
    if (this.#known && performance.now() < this.#known.until) return this.#known.settings;
    const reply = await readEntries(this.rpc, KEYS);
    const entries = KEYS.flatMap((key) => {
      const entry = reply.entry(key);
      return entry?.type === 'configSetting' ? [entry.value] : [];
    });
    const settings = landable(entries.reduce(withSetting, TESTNET_SETTINGS));
    this.#known = { settings, until: performance.now() + TRUSTED_MS };
    return settings;
  }
}

const ARCHIVAL_KEY = configKey(ID.configSettingStateArchival);

/**
 * Read each time, and never assumed: a proof rests on it (docs/stellar.md#spent-nonces).
 * @throws HoldfastError CHAIN_UNREACHABLE also when the reply lacks it
 */
export async function readMinTemporaryTtl(rpc: RpcClient): Promise<number> {
  const entry = (await readEntries(rpc, [ARCHIVAL_KEY])).entry(ARCHIVAL_KEY);
  if (entry?.type !== 'configSetting' || entry.value.type !== 'configSettingStateArchival')
    throw unreachable('getLedgerEntries', "the reply lacks the network's state archival settings.");
  return entry.value.value.minTemporaryTtl;
}

/** A transaction above the limit of a whole ledger would wait until its deadline. */
function landable({ transaction, ...others }: NetworkSettings): NetworkSettings {
  const { ledger } = others;
  const least = (name: keyof LedgerLimits): number => Math.min(transaction[name], ledger[name]);
  return {
    ...others,
    transaction: {
      instructions: least('instructions'),
      diskReadEntries: least('diskReadEntries'),
      diskReadBytes: least('diskReadBytes'),
      writeEntries: least('writeEntries'),
      writeBytes: least('writeBytes'),
      footprintEntries: transaction.footprintEntries,
      transactionBytes: least('transactionBytes'),
    },
  };
}

function withSetting(settings: NetworkSettings, entry: xdr.ConfigSettingEntry): NetworkSettings {
  const { transaction, ledger, fees, rent } = settings;
  switch (entry.type) {
    case 'configSettingContractComputeV0':
      return {
        ...settings,
        transaction: { ...transaction, instructions: Number(entry.value.txMaxInstructions) },
        ledger: { ...ledger, instructions: Number(entry.value.ledgerMaxInstructions) },
        fees: { ...fees, per10000Instructions: entry.value.feeRatePerInstructionsIncrement },
      };
    case 'configSettingContractLedgerCostV0':
      return withLedgerCost(settings, entry.value);
    case 'configSettingContractLedgerCostExtV0':
      return {
        ...settings,
        transaction: { ...transaction, footprintEntries: entry.value.txMaxFootprintEntries },
        fees: { ...fees, perWriteKb: entry.value.feeWrite1Kb },
      };
    case 'configSettingContractHistoricalDataV0':
      return { ...settings, fees: { ...fees, perHistoryKb: entry.value.feeHistorical1Kb } };
    case 'configSettingContractEventsV0':
      return { ...settings, fees: { ...fees, perEventsKb: entry.value.feeContractEvents1Kb } };
    case 'configSettingContractBandwidthV0':
      return {
        ...settings,
        transaction: { ...transaction, transactionBytes: entry.value.txMaxSizeBytes },
        ledger: { ...ledger, transactionBytes: entry.value.ledgerMaxTxsSizeBytes },
        fees: { ...fees, perBandwidthKb: entry.value.feeTxSize1Kb },
      };
    case 'configSettingStateArchival':
      return {
        ...settings,
        rent: {
          ...rent,
          persistentDenominator: entry.value.persistentRentRateDenominator,
          persistentLedgersMin: entry.value.minPersistentTtl,
        },
        maxEntryTtl: entry.value.maxEntryTtl,
      };
    case 'configSettingLiveSorobanStateSizeWindow':
      return entry.value.length === 0
        ? settings
        : { ...settings, rent: { ...rent, stateBytes: average(entry.value) } };
    default:
      return settings;
  }
}

function withLedgerCost(
  { transaction, ledger, fees, rent, maxEntryTtl }: NetworkSettings,
  cost: xdr.ConfigSettingContractLedgerCostV0,
): NetworkSettings {
  return {
    transaction: {
      ...transaction,
      diskReadEntries: cost.txMaxDiskReadEntries,
      diskReadBytes: cost.txMaxDiskReadBytes,
      writeEntries: cost.txMaxWriteLedgerEntries,
      writeBytes: cost.txMaxWriteBytes,
    },
    ledger: {
      ...ledger,
      diskReadEntries: cost.ledgerMaxDiskReadEntries,
      diskReadBytes: cost.ledgerMaxDiskReadBytes,
      writeEntries: cost.ledgerMaxWriteLedgerEntries,
      writeBytes: cost.ledgerMaxWriteBytes,
    },
    fees: {
      ...fees,
      perDiskReadEntry: cost.feeDiskReadLedgerEntry,
      perDiskReadKb: cost.feeDiskRead1Kb,
      perWriteEntry: cost.feeWriteLedgerEntry,
    },
    rent: {
      ...rent,
      stateTargetBytes: cost.sorobanStateTargetSizeBytes,
      perKbLow: cost.rentFee1KbSorobanStateSizeLow,
      perKbHigh: cost.rentFee1KbSorobanStateSizeHigh,
      growthFactor: BigInt(cost.sorobanStateRentFeeGrowthFactor),
    },
    maxEntryTtl,
  };
}

const average = (samples: readonly bigint[]): bigint =>
  samples.reduce((sum, sample) => sum + sample, 0n) / BigInt(samples.length);
