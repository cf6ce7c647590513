import { xdr } from '@stellar/stellar-sdk';
import { readEntries } from './ledger.entries.js';
import type { RpcClient } from './rpc.client.js';

/** What the network charges and allows, as far as widening a footprint is concerned. Fees in stroops. */
export interface NetworkSettings {
  readonly instructionsMax: number;
  readonly writeBytesMax: number;
  /** The smaller of the limits of one transaction and of one ledger. */
  readonly writeEntriesMax: number;
  readonly footprintEntriesMax: number;
  readonly feePerWriteEntry: bigint;
  /** Per 1024 bytes of transaction. */
  readonly feePerHistoryKb: bigint;
  /** Per 1024 bytes of transaction. */
  readonly feePerBandwidthKb: bigint;
}

/**
 * For a node that does not hand out config entries: published testnet settings (stellar-core soroban-settings), of `stellar.md` A.6 the
 * limits and of an older file the price of a written entry, which was four times as high: too much fee is safe, too little is txSOROBAN_INVALID.
 */
const UNKNOWN: NetworkSettings = {
  instructionsMax: 100_000_000, writeBytesMax: 132_096, writeEntriesMax: 200, footprintEntriesMax: 400, feePerWriteEntry: 10_000n,
  feePerHistoryKb: 16_235n, feePerBandwidthKb: 1_624n,
};
const TRUSTED_MS = 10 * 60_000;

const ID = xdr.ConfigSettingId;
const KEYS = [
  ID.configSettingContractComputeV0, ID.configSettingContractLedgerCostV0, ID.configSettingContractLedgerCostExtV0,
  ID.configSettingContractHistoricalDataV0, ID.configSettingContractBandwidthV0,
].map((configSettingId) => xdr.LedgerKey.configSetting(new xdr.LedgerKeyConfigSetting({ configSettingId })));

/** Reads the network's own settings: they differ between networks and are voted on, so constants would end as txSOROBAN_INVALID. Kept for ten minutes. */
export class NetworkSettingsReader {
  #known: { readonly settings: NetworkSettings; readonly until: number } | null = null;

  constructor(private readonly rpc: RpcClient) {}

  /** @throws HoldfastError CHAIN_UNREACHABLE */
  async read(): Promise<NetworkSettings> {
    if (this.#known && performance.now() < this.#known.until) return this.#known.settings;
    const reading = await readEntries(this.rpc, KEYS);
    const entries = KEYS.flatMap((key) => {
      const entry = reading.entry(key);
      return entry?.type === 'configSetting' ? [entry.value] : [];
    });
    const settings = entries.reduce(taken, UNKNOWN);
    this.#known = { settings, until: performance.now() + TRUSTED_MS };
    return settings;
  }
}

function taken(settings: NetworkSettings, entry: xdr.ConfigSettingEntry): NetworkSettings {
  switch (entry.type) {
    case 'configSettingContractComputeV0':
      return { ...settings, instructionsMax: Number(entry.value.txMaxInstructions) };
    case 'configSettingContractLedgerCostV0':
      return {
        ...settings, writeBytesMax: entry.value.txMaxWriteBytes, feePerWriteEntry: entry.value.feeWriteLedgerEntry,
        writeEntriesMax: Math.min(entry.value.txMaxWriteLedgerEntries, entry.value.ledgerMaxWriteLedgerEntries),
      };
    case 'configSettingContractLedgerCostExtV0':
      return { ...settings, footprintEntriesMax: entry.value.txMaxFootprintEntries };
    case 'configSettingContractHistoricalDataV0':
      return { ...settings, feePerHistoryKb: entry.value.feeHistorical1Kb };
    case 'configSettingContractBandwidthV0':
      return { ...settings, feePerBandwidthKb: entry.value.feeTxSize1Kb };
    default:
      return settings;
  }
}
