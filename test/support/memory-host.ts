import { StrKey, type xdr } from '@stellar/stellar-sdk';
import { isSignatureBy } from '../../src/common/ed25519.js';
import type { DeployedContract, StateChange } from '../../sandbox/contracts/deploy.js';
import type { ContractCode, Durability, Host, NestedCall } from '../../sandbox/contracts/host.js';

/** A failed invocation: the contract that failed, and its code; null for a trap without one. */
export class InvocationFailure extends Error {
  constructor(
    readonly contract: string,
    readonly code: number | null,
    reason: string,
  ) {
    super(`${contract}: ${code === null ? reason : `Error(Contract, #${code})`}`);
  }
}

export interface RecordedEvent {
  readonly contract: string;
  readonly topics: readonly xdr.ScVal[];
  readonly data: xdr.ScVal;
}

interface Agreement {
  readonly by: string;
  readonly call: NestedCall;
}
interface Frame {
  readonly contract: string;
  readonly caller: string | null;
  readonly source: string;
  /** the calls that callers further up authorised */
  readonly agreed: readonly Agreement[];
  readonly own: string;
}

/** Addresses with a valid checksum that differ in one byte. */
export const account = (seed: number): string =>
  StrKey.encodeEd25519PublicKey(new Uint8Array(32).fill(seed));
export const contractId = (seed: number): string =>
  StrKey.encodeContract(new Uint8Array(32).fill(seed));

/**
 * The smallest network that can run the contracts: no footprint, no fees, no ledgers; state,
 * authorisation, rollback and events only.
 */
export class MemoryNetwork {
  readonly events: RecordedEvent[] = [];
  /** Persistent keys written since the last clear, `<contract> <base64 key>`. */
  readonly written = new Set<string>();
  readonly accounts = new Set<string>();
  timestamp = 1_000n;
  /** Contract to the hex of the code it was upgraded to. */
  readonly replaced = new Map<string, string>();
  private readonly code = new Map<string, ContractCode>();
  private state = new Map<string, xdr.ScVal>();

  deploy(code: ContractCode, at: string): void {
    this.code.set(at, code);
  }

  write(entry: {
    contract: string;
    durability: Durability;
    key: xdr.ScVal;
    value: xdr.ScVal | undefined;
  }): void {
    const slot = this.slot(entry.contract, entry.durability, entry.key);
    if (entry.value) this.state.set(slot, entry.value);
    else this.state.delete(slot);
  }

  install(contract: DeployedContract): void {
    for (const { key, value } of contract.instance)
      this.write({ contract: contract.contract, durability: 'instance', key, value });
    for (const { key, value } of contract.persistent)
      this.write({ contract: contract.contract, durability: 'persistent', key, value });
  }

  apply(...changes: readonly StateChange[]): void {
    for (const { contract, durability, key, next } of changes) {
      this.write({ contract, durability, key, value: next(this.read(contract, durability, key)) });
    }
  }

  read(contract: string, durability: Durability, key: xdr.ScVal): xdr.ScVal | undefined {
    return this.state.get(this.slot(contract, durability, key));
  }

  /** All state as text, for comparison. */
  snapshot(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...this.state].map(([slot, value]) => [slot, value.toXdr('base64')]),
    );
  }

  /** Runs one transaction of `source`. Throws InvocationFailure after rolling everything back. */
  invoke(
    source: string,
    contract: string,
    call: { fn: string; args: readonly xdr.ScVal[] },
  ): xdr.ScVal {
    return this.atomically(() =>
      this.run({ contract, caller: null, source, agreed: [] }, call.fn, call.args),
    );
  }

  private run(frame: Omit<Frame, 'own'>, fn: string, args: readonly xdr.ScVal[]): xdr.ScVal {
    const body = this.code.get(frame.contract)?.functions[fn];
    if (!body) throw new InvocationFailure(frame.contract, null, `no function ${fn}`);
    return body(this.host({ ...frame, own: nameOf({ contract: frame.contract, fn, args }) }), args);
  }

  private atomically<T>(work: () => T): T {
    const [before, events] = [new Map(this.state), this.events.length];
    try {
      return work();
    } catch (error) {
      this.state = before;
      this.events.length = events;
      throw error;
    }
  }

  private host(frame: Frame): Host {
    const self = frame.contract;
    const fail = (code: number | null, reason: string): never => {
      throw new InvocationFailure(self, code, reason);
    };
    let agreed: Agreement[] = [];
    const call: Host['call'] = (contract, fn, args) => {
      const passed = [...frame.agreed, ...agreed];
      agreed = [];
      return this.run({ contract, caller: self, source: frame.source, agreed: passed }, fn, args);
    };
    return {
      self,
      caller: frame.caller,
      ledger: { sequence: 1, timestamp: this.timestamp },
      networkPassphrase: 'memory',
      read: (durability, key) => this.read(self, durability, key),
      write: (durability, key, value) => {
        if (durability === 'persistent') this.written.add(`${self} ${key.toXdr('base64')}`);
        this.write({ contract: self, durability, key, value });
      },
      remove: (durability, key) =>
        this.write({ contract: self, durability, key, value: undefined }),
      requireAuth: (who) => {
        const nested = frame.agreed.some(
          (agreement) => agreement.by === who && nameOf(agreement.call) === frame.own,
        );
        if (who !== frame.source && who !== frame.caller && !nested)
          fail(null, `${who} did not authorise`);
      },
      authorizeNested: (calls) => {
        agreed = calls.map((one) => ({ by: self, call: one }));
      },
      verifySignature: (key, message, signature) => {
        if (!isSignatureBy(key, message, signature)) fail(null, 'the signature is wrong');
      },
      replaceCode: (hash) => {
        this.replaced.set(self, Buffer.from(hash).toString('hex'));
      },
      call,
      tryCall: (contract, fn, args) => {
        try {
          return { ok: true, value: this.atomically(() => call(contract, fn, args)) };
        } catch (error) {
          if (error instanceof InvocationFailure) return { ok: false };
          throw error;
        }
      },
      emit: (topics, data) => this.events.push({ contract: self, topics, data }),
      accountExists: (who) => this.accounts.has(who),
      fail: (code) => fail(code, ''),
      trap: (reason) => fail(null, reason),
    };
  }

  private slot(contract: string, durability: Durability, key: xdr.ScVal): string {
    return `${contract} ${durability} ${key.toXdr('base64')}`;
  }
}

const nameOf = ({ contract, fn, args }: NestedCall): string =>
  [contract, fn, ...args.map((arg) => arg.toXdr('base64'))].join(' ');

/**
 * The failure of `work`, as `<contract> #<code>` or `<contract> trap`; throws when it succeeds or
 * fails otherwise.
 */
export function failureOf(work: () => unknown, names: Readonly<Record<string, string>>): string {
  try {
    work();
  } catch (error) {
    if (!(error instanceof InvocationFailure)) throw error;
    const name =
      Object.entries(names).find(([, at]) => at === error.contract)?.[0] ?? error.contract;
    return error.code === null ? `${name} trap` : `${name} #${error.code}`;
  }
  throw new Error('the invocation succeeded');
}
