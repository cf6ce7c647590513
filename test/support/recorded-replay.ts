import { Address, xdr } from '@stellar/stellar-sdk';
import { address } from '../../sandbox/contracts/scval.js';
import {
  EMPTY_HOLDING,
  tokenHolding,
  tokenKey,
  tokenMetadata,
} from '../../sandbox/contracts/token.contract.js';
import type { Authorization } from '../../sandbox/network/authorization.js';
import { ContractRun } from '../../sandbox/network/contract-run.js';
import { EnforcedAuthorization } from '../../sandbox/network/enforced-authorization.js';
import {
  DeclaredFootprint,
  RecordedFootprint,
  type FootprintAccess,
} from '../../sandbox/network/footprint.js';
import { contractEvent, HostFailure, type Diagnostic } from '../../sandbox/network/host-failure.js';
import {
  accountEntry,
  accountKey,
  codeKey,
  contractDataEntry,
  contractDataKey,
  contractDataValue,
  instanceKey,
  instanceValue,
  keyed,
} from '../../sandbox/network/ledger-entries.js';
import { LedgerState, StateOverlay, type EntryReader } from '../../sandbox/network/ledger-state.js';
import { RecordedAuthorization } from '../../sandbox/network/recorded-authorization.js';
import { type Code, codeOf, RecordedCode, ROLES, TOKEN_CODE } from './recorded-code.js';
import type { Recording } from './recorded.js';
import { argument, entryBytes, type Envelope, errorName } from './recorded-values.js';

/** The form of a recorded error. */
export interface RaisedError {
  readonly contract: string;
  readonly error: string;
  readonly firstError?: Omit<RaisedError, 'firstError'>;
}

export interface RecordedCall {
  readonly source: string;
  readonly contract: string;
  readonly fn: string;
  readonly args: readonly xdr.ScVal[];
  readonly ledger: number;
  readonly closeTime: number;
  /** Recorded nonces, drawn in this order; absent: random ones. */
  readonly nonces?: readonly bigint[] | undefined;
}

/** The model's outcome of a call. `changes` are in the order of the last write. */
export type Replayed =
  | {
      readonly ok: true;
      readonly value: xdr.ScVal;
      readonly events: readonly string[];
      readonly overlay: StateOverlay;
      readonly touched: RecordedFootprint | null;
    }
  | { readonly ok: false; readonly raised: RaisedError };

/** Base reserve of an account without subentries: the native asset cannot be spent below it. */
const RESERVE = 10_000_000n;
const PLENTY = 1_000_000_000_000n;
/**
 * The recorded network with the sandbox's contracts at the recorded addresses. What an account
 * holds of the native asset is a holding of the modelled token. Its account entry exists too, for
 * the bytes of a footprint.
 */
export class RecordedWorld {
  readonly state = new LedgerState();
  private readonly code: RecordedCode;
  private readonly roles: ReadonlyMap<string, string>;

  constructor(
    readonly network: Pick<Recording, 'generation' | 'contracts' | 'accounts'>,
    code: Code = codeOf(network.generation),
  ) {
    this.code = new RecordedCode(network, code);
    this.roles = new Map(Object.entries(network.contracts).map(([role, { id }]) => [id, role]));
    const overlay = new StateOverlay(this.state, 1);
    const token = this.id('token');
    for (const who of Object.values(network.accounts)) {
      overlay.put(accountKey(who).id, accountEntry(who, { balance: PLENTY, sequence: 1n }));
      const holding = contractDataKey(token, tokenKey.balance(who), 'persistent');
      overlay.put(
        holding.id,
        contractDataEntry(holding.key, tokenHolding.encode({ ...EMPTY_HOLDING, amount: PLENTY })),
      );
    }
    for (const role of ROLES) {
      const { id, wasmHash } = this.contract(role);
      const storage =
        role === 'token'
          ? [
              new xdr.ScMapEntry({
                key: tokenKey.metadata,
                val: tokenMetadata.encode({ decimal: 7, name: 'native', symbol: 'native' }),
              }),
            ]
          : [];
      const entry = instanceKey(id);
      overlay.put(
        entry.id,
        contractDataEntry(
          entry.key,
          instanceValue(
            wasmHash === undefined ? TOKEN_CODE : Buffer.from(wasmHash, 'hex'),
            storage,
          ),
        ),
      );
    }
    this.state.apply(overlay.changes());
  }

  id(role: string): string {
    return this.contract(role).id;
  }
  roleOf(contract: string | null): string {
    return this.roles.get(contract ?? '') ?? String(contract);
  }
  account(name: string): string {
    return this.network.accounts[name] ?? name;
  }

  /** A call of a recorded story. */
  callOf(row: {
    readonly caller?: unknown;
    readonly contract?: unknown;
    readonly function?: unknown;
    readonly args?: unknown;
    readonly ledger?: unknown;
    readonly closeTime?: unknown;
  }): RecordedCall {
    const args = Object.entries((row.args ?? {}) as Readonly<Record<string, unknown>>).map(
      ([name, value]) => argument(name, value),
    );
    return {
      source: this.account(String(row.caller)),
      contract: this.id(String(row.contract)),
      fn: String(row.function),
      args,
      ledger: Number(row.ledger),
      closeTime: Number(row.closeTime),
    };
  }

  /**
   * Runs a call as a simulation does and records what it touches. Nothing is kept until `keep`.
   * @param at the latest ledger when it was simulated; absent: what was kept last
   */
  simulate(call: RecordedCall, at?: number): Replayed {
    const footprint = new RecordedFootprint();
    const state = at === undefined ? this.state : this.state.at(at);
    const nonces = call.nonces?.values();
    const draw = nonces && ((): bigint => nonces.next().value ?? 0n);
    return this.run(call, {
      state,
      access: footprint,
      authorization: new RecordedAuthorization(call.source, draw),
      touched: footprint,
    });
  }

  /**
   * Runs a call as a ledger does, inside the footprint and with the signatures of a recorded
   * envelope.
   */
  apply(call: RecordedCall, envelope: Envelope): Replayed {
    return this.run(call, {
      state: this.state,
      access: new DeclaredFootprint(this.modelled(envelope.footprint)),
      authorization: new EnforcedAuthorization(call.source, envelope.auth),
      touched: null,
    });
  }

  keep(replayed: Replayed): void {
    if (replayed.ok) this.state.apply(replayed.overlay.changes(), replayed.overlay.ledger);
  }

  /** Sets what an account may spend of the native asset: its recorded balance above the reserve. */
  setHolding(who: string, balance: bigint): void {
    const key = contractDataKey(this.id('token'), tokenKey.balance(who), 'persistent');
    const overlay = new StateOverlay(this.state, 1);
    overlay.put(
      key.id,
      contractDataEntry(
        key.key,
        tokenHolding.encode({ ...EMPTY_HOLDING, amount: balance - RESERVE }),
      ),
    );
    this.state.apply(overlay.changes());
  }

  /** The account whose native balance a key of the modelled token stands for. */
  holderOf(key: xdr.LedgerKey): string | undefined {
    if (
      key.type !== 'contractData' ||
      Address.fromScAddress(key.value.contract).toString() !== this.id('token')
    )
      return undefined;
    const parts = key.value.key.type === 'scvVec' ? (key.value.key.value ?? []) : [];
    const holder = parts[1] && address.decode(parts[1]);
    return holder?.startsWith('G') ? holder : undefined;
  }

  /**
   * Our footprint in the recorded form: native balances are account entries, and the built-in token
   * has no code entry.
   */
  recordedForm(keys: readonly xdr.LedgerKey[]): string[] {
    const code = codeKey(TOKEN_CODE).id;
    return keys
      .map((key) => {
        const holder = this.holderOf(key);
        return holder === undefined ? keyed(key).id : accountKey(holder).id;
      })
      .filter((id) => id !== code)
      .sort();
  }

  /**
   * Entries of the read-write footprint that the call did not change. A ledger writes them again,
   * with its own number.
   */
  writtenAgain(
    footprint: xdr.LedgerFootprint,
    overlay: StateOverlay,
  ): ReadonlyMap<string, xdr.LedgerEntryData> {
    const again = new Map<string, xdr.LedgerEntryData>();
    for (const { id } of footprint.readWrite.map(keyed)) {
      const entry = overlay.get(id);
      if (
        entry &&
        !overlay.changes().has(id) &&
        entry.modified !== overlay.ledger &&
        entry.data.type === 'contractData'
      )
        again.set(id, entry.data);
    }
    return again;
  }

  /**
   * Bytes of all entries of the read-write footprint that exist: what a validator compares with the
   * declared write bytes.
   */
  writtenBytes(footprint: xdr.LedgerFootprint, reader: EntryReader): number {
    return footprint.readWrite
      .map((key) => reader.get(keyed(key).id))
      .reduce((sum, entry) => sum + (entry ? entryBytes(entry.data) : 0), 0);
  }

  /** A value as the last kept call left it. */
  stored(role: string, key: xdr.ScVal): xdr.ScVal | undefined {
    const entry = this.state.get(contractDataKey(this.id(role), key, 'persistent').id);
    return entry && contractDataValue(entry.data);
  }

  private contract(role: string): Recording['contracts'][string] {
    const found = this.network.contracts[role];
    if (!found) throw new Error(`the recording has no contract ${role}`);
    return found;
  }

  private modelled({ readOnly, readWrite }: xdr.LedgerFootprint): xdr.LedgerFootprint {
    const token = this.id('token');
    const holdings = (keys: readonly xdr.LedgerKey[]): xdr.LedgerKey[] =>
      keys.flatMap((key) =>
        key.type === 'account'
          ? [
              contractDataKey(
                token,
                tokenKey.balance(
                  new Address(
                    Address.account(key.value.accountId.value.toBytes()).toString(),
                  ).toString(),
                ),
                'persistent',
              ).key,
            ]
          : [],
      );
    return new xdr.LedgerFootprint({
      readOnly: [...readOnly, ...holdings(readOnly), codeKey(TOKEN_CODE).key],
      readWrite: [...readWrite, ...holdings(readWrite)],
    });
  }

  private run(
    call: RecordedCall,
    how: {
      state: EntryReader;
      access: FootprintAccess;
      authorization: Authorization;
      touched: RecordedFootprint | null;
    },
  ): Replayed {
    const run = new ContractRun({
      code: this.code,
      networkPassphrase: 'recorded',
      ledger: { sequence: call.ledger, timestamp: BigInt(call.closeTime) },
      access: how.access,
      authorization: how.authorization,
    });
    const overlay = new StateOverlay(how.state, call.ledger);
    try {
      const value = run.invoke(overlay, call);
      return {
        ok: true,
        value,
        events: run.events.map((event) => contractEvent(event).toXdr('base64')),
        overlay,
        touched: how.touched,
      };
    } catch (thrown) {
      if (!(thrown instanceof HostFailure)) throw thrown;
      return { ok: false, raised: this.raised(thrown, run.log) };
    }
  }

  /** The contract that raised the reported error, and the first error if it was another. */
  private raised(failure: HostFailure, log: readonly Diagnostic[]): RaisedError {
    const errors = log.flatMap(({ contract, topics: [topic, value] }) =>
      topic?.type === 'scvSymbol' &&
      topic.value.toString() === 'error' &&
      value?.type === 'scvError'
        ? [{ contract: this.roleOf(contract), error: errorName(value.value) }]
        : [],
    );
    const error = errorName(failure.error);
    const from = errors.find((each) => each.error === error);
    const [first] = errors;
    if (!from || !first) throw new Error('a failure without an error event');
    return { ...from, ...(first !== from && { firstError: first }) };
  }
}
