import { Address, xdr } from '@stellar/stellar-sdk';
import type { FootprintAccess } from './footprint.js';
import type { SignatureKind } from './instruction-model.js';
import type { StateOverlay } from './ledger-state.js';
import type { ContractCode, NestedCall } from '../contracts/host.js';

/** One contract call on the stack. */
export interface CallFrame {
  readonly contract: string;
  readonly fn: string;
  readonly args: readonly xdr.ScVal[];
  readonly parent: CallFrame | null;
  /** The host's own call of `__check_auth`. */
  readonly byHost?: boolean;
  /** Calls below this one that the calling contract authorised in its own name. */
  readonly agreed?: readonly NestedCall[];
}

/** Calls that contracts authorised further down; each authorisation is used once. */
export class NestedAuthorizations {
  private readonly used = new Set<NestedCall>();

  /**
   * Whether the contract `address`, further up, authorised exactly this call. A true answer uses up
   * the authorisation.
   */
  use(address: string, frame: CallFrame): boolean {
    const wanted = callOf(frame);
    for (let above = frame.parent; above; above = above.parent) {
      if (above.parent?.contract !== address) continue;
      const found = above.agreed?.find(
        (call) => !this.used.has(call) && callOf(call).equals(wanted),
      );
      if (found) this.used.add(found);
      if (found) return true;
    }
    return false;
  }
}

/** Where a call asks for a signature: what an authorization may read, write, call and log. */
export interface AuthorizationPlace {
  /** Of the call that asks: what it writes is undone when the call fails. */
  readonly state: StateOverlay;
  readonly access: FootprintAccess;
  readonly ledger: number;
  readonly networkPassphrase: string;
  /** Logs an error in the name of the contract that asks. */
  noteError(error: xdr.ScError, data: xdr.ScVal): void;
  /** Calls `__check_auth` of a contract account. */
  checkAuth(contract: string, args: readonly xdr.ScVal[]): void;
  /** The code of a contract, for its entries in the footprint; undefined: there is none. */
  codeOf(contract: string): ContractCode | undefined;
  /** Counts a signature for the instructions that it takes. */
  countSignature(of: SignatureKind): void;
}

/**
 * Decides whether an address authorised a call. A contract authorises by being the caller, which
 * the host checks itself.
 */
export interface Authorization {
  /** @throws HostFailure such as Error(Auth, InvalidAction) */
  require(address: string, frame: CallFrame, place: AuthorizationPlace): void;
}

const callOf = ({ contract, fn, args }: NestedCall): xdr.InvokeContractArgs =>
  new xdr.InvokeContractArgs({
    contractAddress: new Address(contract).toScAddress(),
    functionName: fn,
    args: [...args],
  });

export function invocationOf(
  frame: CallFrame,
  subInvocations: xdr.SorobanAuthorizedInvocation[],
): xdr.SorobanAuthorizedInvocation {
  return new xdr.SorobanAuthorizedInvocation({
    function: xdr.SorobanAuthorizedFunction.sorobanAuthorizedFunctionTypeContractFn(callOf(frame)),
    subInvocations,
  });
}

/** What the closest caller of a frame was found as. */
export function nearest<T>(frame: CallFrame, found: ReadonlyMap<CallFrame, T>): T | undefined {
  for (let above = frame.parent; above; above = above.parent) {
    const match = found.get(above);
    if (match) return match;
  }
  return undefined;
}
