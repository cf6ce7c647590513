import { StrKey, xdr } from '@stellar/stellar-sdk';
import { verifyEd25519 } from './account-signatures.js';
import {
  NestedAuthorizations,
  type Authorization,
  type AuthorizationPlace,
  type CallFrame,
} from './authorization.js';
import type { CodeRegistry } from './code-registry.js';
import { ContractStorage } from './contract-storage.js';
import { executableValue } from './executable-reference.js';
import type { FootprintAccess } from './footprint.js';
import {
  contractError,
  depthExceeded,
  HostFailure,
  noSuchFunction,
  reservedFunction,
  trapped,
  type Diagnostic,
} from './host-failure.js';
import type { SignatureKind } from './instruction-model.js';
import { accountKey, instanceKey } from './ledger-entries.js';
import { StateOverlay } from './ledger-state.js';
import type { ContractCode, Durability, Host, NestedCall } from '../contracts/host.js';

export interface RunEnvironment {
  readonly code: CodeRegistry;
  readonly networkPassphrase: string;
  readonly ledger: Host['ledger'];
  readonly access: FootprintAccess;
  readonly authorization: Authorization;
}

const CALL_DEPTH_MAX = 10;
const CHECK_AUTH = '__check_auth';
const symbol = (text: string): xdr.ScVal => xdr.ScVal.scvSymbol(text);
const text = (value: string): xdr.ScVal => xdr.ScVal.scvString(value);

/**
 * Runs one top-level invocation. After it returns, state changes, events and diagnostics are here;
 * after it throws, only diagnostics.
 */
export class ContractRun {
  /** Contract events of calls that were not rolled back, in order of emission. */
  readonly events: Diagnostic[] = [];
  readonly log: Diagnostic[] = [];
  readonly nested = new NestedAuthorizations();
  /** Contracts that were entered, in order of their first call. */
  readonly called = new Set<ContractCode['name']>();
  /** Signatures that were checked, beside those of the transaction. */
  readonly signatures: SignatureKind[] = [];
  /** Of the contract that was called first. */
  generation: ContractCode['generation'];
  private noted: HostFailure | undefined;

  constructor(private readonly environment: RunEnvironment) {}

  /**
   * @param state receives the writes when the invocation succeeds
   * @throws HostFailure
   */
  invoke(state: StateOverlay, call: Pick<CallFrame, 'contract' | 'fn' | 'args'>): xdr.ScVal {
    return this.enter(state, { ...call, parent: null });
  }

  /** A call at any depth: its writes reach `state`, and its events stay, only if it returns. */
  enter(state: StateOverlay, frame: CallFrame): xdr.ScVal {
    const own = state.nested();
    const eventsBefore = this.events.length;
    // A call that cannot start is the caller's failure.
    let failing = frame.parent?.contract ?? frame.contract;
    this.note(
      frame.parent?.contract ?? null,
      [
        symbol('fn_call'),
        xdr.ScVal.scvBytes(StrKey.decodeContract(frame.contract)),
        symbol(frame.fn),
      ],
      xdr.ScVal.scvVec([...frame.args]),
    );
    try {
      if (depth(frame) > CALL_DEPTH_MAX) throw depthExceeded();
      if (frame.fn.startsWith('__') && !frame.byHost) throw reservedFunction(frame.fn);
      const storage = new ContractStorage(own, this.environment.access, frame.contract);
      const code = storage.code(this.environment.code);
      failing = frame.contract;
      const run = Object.hasOwn(code.functions, frame.fn) ? code.functions[frame.fn] : undefined;
      if (!run) throw noSuchFunction();
      this.generation ??= code.generation;
      this.called.add(code.name);
      const value = run(new FrameHost(this, this.environment, storage, frame), frame.args);
      this.note(frame.contract, [symbol('fn_return'), symbol(frame.fn)], value);
      own.mergeInto(state);
      return value;
    } catch (thrown) {
      this.events.length = eventsBefore;
      const failure = thrown instanceof HostFailure ? thrown : this.crashed(frame, thrown);
      this.noteFailure(frame, failure, failing);
      throw failure;
    }
  }

  emit(
    contract: string,
    topics: readonly xdr.ScVal[],
    data: xdr.ScVal,
    type: 'contract' | 'system' = 'contract',
  ): void {
    const event: Diagnostic = { contract, type, topics, data, successful: true };
    this.events.push(event);
    this.log.push(event);
  }
  note(contract: string | null, topics: readonly xdr.ScVal[], data: xdr.ScVal): void {
    this.log.push({ contract, type: 'diagnostic', topics, data, successful: false });
  }

  /**
   * Writes the origin first, then every caller that the failure passes. Read newest first, the log
   * ends with the origin.
   */
  private noteFailure(frame: CallFrame, failure: HostFailure, contract: string): void {
    const error = [symbol('error'), xdr.ScVal.scvError(failure.error)];
    const passedOn = this.noted === failure;
    this.noted = failure;
    if (!passedOn)
      this.note(
        contract,
        error,
        failure.origin?.data ?? xdr.ScVal.scvVec([text(explanation(failure)), symbol(frame.fn)]),
      );
    const hostFunction = passedOn ? 'call' : (failure.origin?.hostFunction ?? null);
    if (hostFunction === null) return;
    this.note(
      contract,
      error,
      text(`escalating error to VM trap from failed host function call: ${hostFunction}`),
    );
    this.note(
      contract,
      [symbol('log')],
      xdr.ScVal.scvVec([
        text('VM call trapped with HostError'),
        symbol(frame.fn),
        xdr.ScVal.scvError(failure.error),
      ]),
    );
  }

  /** A caller logs the call that failed in its own name. */
  noteFailedCall(by: string, failure: HostFailure, called: Pick<CallFrame, 'fn' | 'args'>): void {
    this.note(
      by,
      [symbol('error'), xdr.ScVal.scvError(failure.error)],
      xdr.ScVal.scvVec([
        text('contract call failed'),
        symbol(called.fn),
        xdr.ScVal.scvVec([...called.args]),
      ]),
    );
  }

  /** An exception in the model's code is a trap. Its text is kept in the diagnostics. */
  private crashed(frame: CallFrame, thrown: unknown): HostFailure {
    this.note(
      frame.contract,
      [symbol('log')],
      text(thrown instanceof Error ? thrown.message : String(thrown)),
    );
    return trapped();
  }
}

const depth = (frame: CallFrame): number => (frame.parent ? 1 + depth(frame.parent) : 1);

function explanation(failure: HostFailure): string {
  return failure.error.type === 'sceStorage'
    ? 'trying to get non-existing value for contract instance'
    : 'VM call trapped: UnreachableCodeReached';
}

class FrameHost implements Host {
  readonly self: string;
  readonly caller: string | null;
  readonly ledger: Host['ledger'];
  readonly networkPassphrase: string;
  private agreed: readonly NestedCall[] = [];

  constructor(
    private readonly run: ContractRun,
    private readonly environment: RunEnvironment,
    private readonly storage: ContractStorage,
    private readonly frame: CallFrame,
  ) {
    this.self = frame.contract;
    this.caller = frame.parent?.contract ?? null;
    this.ledger = environment.ledger;
    this.networkPassphrase = environment.networkPassphrase;
  }

  read(durability: Durability, key: xdr.ScVal): xdr.ScVal | undefined {
    return this.storage.read(durability, key);
  }
  write(durability: Durability, key: xdr.ScVal, value: xdr.ScVal): void {
    this.storage.write(durability, key, value);
  }
  remove(durability: Durability, key: xdr.ScVal): void {
    this.storage.write(durability, key, null);
  }

  requireAuth(address: string): void {
    if (address === this.caller || this.run.nested.use(address, this.frame)) return;
    this.environment.authorization.require(address, this.frame, this.place());
  }
  private place(): AuthorizationPlace {
    const { run, environment, frame } = this;
    const { state } = this.storage;
    return {
      state,
      access: environment.access,
      ledger: environment.ledger.sequence,
      networkPassphrase: environment.networkPassphrase,
      noteError: (error, data) =>
        run.note(this.self, [symbol('error'), xdr.ScVal.scvError(error)], data),
      checkAuth: (contract, args) =>
        run.enter(state, { contract, fn: CHECK_AUTH, args, parent: frame, byHost: true }),
      codeOf: (contract) =>
        state.get(instanceKey(contract).id) &&
        new ContractStorage(state, environment.access, contract).code(environment.code),
      countSignature: (of) => run.signatures.push(of),
    };
  }
  verifySignature(key: Uint8Array, message: Uint8Array, signature: Uint8Array): void {
    verifyEd25519(key, message, signature);
  }
  authorizeNested(calls: readonly NestedCall[]): void {
    this.agreed = calls;
  }
  /** The host emits the event of a code change before the contract can. */
  replaceCode(wasmHash: Uint8Array): void {
    const before = this.storage.replaceCode(this.environment.code, wasmHash);
    const after = xdr.ContractExecutable.contractExecutableWasm(wasmHash);
    this.run.emit(
      this.self,
      [symbol('executable_update'), executableValue(before), executableValue(after)],
      xdr.ScVal.scvVec([]),
      'system',
    );
  }
  call(contract: string, fn: string, args: readonly xdr.ScVal[]): xdr.ScVal {
    const { agreed } = this;
    this.agreed = [];
    try {
      return this.run.enter(this.storage.state, { contract, fn, args, parent: this.frame, agreed });
    } catch (thrown) {
      if (thrown instanceof HostFailure) this.run.noteFailedCall(this.self, thrown, { fn, args });
      throw thrown;
    }
  }
  tryCall(
    contract: string,
    fn: string,
    args: readonly xdr.ScVal[],
  ): { readonly ok: true; readonly value: xdr.ScVal } | { readonly ok: false } {
    try {
      return { ok: true, value: this.call(contract, fn, args) };
    } catch (thrown) {
      if (!(thrown instanceof HostFailure) || !thrown.recoverable) throw thrown;
      return { ok: false };
    }
  }
  emit(topics: readonly xdr.ScVal[], data: xdr.ScVal): void {
    this.run.emit(this.self, topics, data);
  }
  accountExists(address: string): boolean {
    const key = accountKey(address);
    this.environment.access.touch(key, 'read');
    return this.storage.state.get(key.id) !== undefined;
  }
  fail(code: number): never {
    throw contractError(code);
  }
  trap(reason: string): never {
    this.run.note(this.self, [symbol('log')], text(reason));
    throw trapped();
  }
}
