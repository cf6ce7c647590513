import { Address, xdr } from '@stellar/stellar-sdk';
import { LEDGER_SECONDS } from '../../common/ledger-time.js';
import { readEntries } from './ledger-entries.js';
import type { RpcClient } from './rpc-client.js';
import { archivedIn, type SorobanData } from './soroban-data.js';

/** Ledgers may close somewhat faster than expected, and the reply may be a few ledgers old. */
const PACE_MARGIN = 1.25;
const LEDGERS_MARGIN = 20;
/** A lifetime never gets shorter, except on a network that began again. */
const TRUSTED_MS = 10 * 60_000;
const KNOWN_MAX = 10_000;

interface Lapsing {
  readonly contract: string | null;
  readonly liveUntil: number;
}

/**
 * Finds the instance or code that may be archived before a transaction's deadline. The restore list
 * is final once the transaction is issued, so it would fail then (docs/stellar.md#restore-list).
 */
export class LifetimeGuard {
  readonly #known = new Map<string, { readonly liveUntil: number; readonly at: number }>();

  constructor(private readonly rpc: RpcClient) {}

  /** @throws HoldfastError CHAIN_UNREACHABLE */
  async lapsing(
    data: SorobanData,
    life: { readonly ledger: number; readonly seconds: number },
  ): Promise<Lapsing | null> {
    const needed =
      life.ledger + Math.ceil((life.seconds / LEDGER_SECONDS) * PACE_MARGIN) + LEDGERS_MARGIN;
    const restored = new Set(archivedIn(data));
    const names = [...data.readOnly, ...data.readWrite]
      .filter((key) => (key.kind === 'instance' || key.kind === 'code') && !restored.has(key))
      .map(({ bytes }) => bytes.toString('base64'))
      .filter((name) => !this.#livesUntil(name, needed));
    if (names.length === 0) return null;
    const keys = names.map((name) => xdr.LedgerKey.fromXdr(name, 'base64'));
    const entries = await readEntries(this.rpc, keys);
    if (this.#known.size > KNOWN_MAX) this.#known.clear();
    for (const key of keys) {
      const liveUntil = entries.liveUntil(key);
      if (liveUntil === undefined) continue;
      if (liveUntil < needed) return { contract: contractOf(key), liveUntil };
      this.#known.set(key.toXdr('base64'), { liveUntil, at: performance.now() });
    }
    return null;
  }

  /** @param name the key's XDR, base64 */
  #livesUntil(name: string, ledger: number): boolean {
    const known = this.#known.get(name);
    return (
      known !== undefined && known.liveUntil >= ledger && performance.now() - known.at < TRUSTED_MS
    );
  }
}

/** Null for code, which several contracts may run. */
const contractOf = (key: xdr.LedgerKey): string | null =>
  key.type === 'contractData' ? Address.fromScAddress(key.value.contract).toString() : null;
