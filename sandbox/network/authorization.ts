import { Address, xdr } from '@stellar/stellar-sdk';
import { notAuthorized } from './host-failure.js';
import type { NestedCall } from '../contracts/host.js';

/** One contract call on the stack. */
export interface CallFrame {
  readonly contract: string;
  readonly fn: string;
  readonly args: readonly xdr.ScVal[];
  readonly parent: CallFrame | null;
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

/**
 * Decides whether the transaction source authorised a call. A contract authorises by being the
 * caller, which the host checks itself.
 */
export interface Authorization {
  /** @throws HostFailure Error(Auth, InvalidAction) */
  require(address: string, frame: CallFrame): void;
}

const callOf = ({ contract, fn, args }: NestedCall): xdr.InvokeContractArgs =>
  new xdr.InvokeContractArgs({
    contractAddress: new Address(contract).toScAddress(),
    functionName: fn,
    args: [...args],
  });

function invocationOf(
  frame: CallFrame,
  subInvocations: xdr.SorobanAuthorizedInvocation[],
): xdr.SorobanAuthorizedInvocation {
  return new xdr.SorobanAuthorizedInvocation({
    function: xdr.SorobanAuthorizedFunction.sorobanAuthorizedFunctionTypeContractFn(callOf(frame)),
    subInvocations,
  });
}

function nearest<T>(frame: CallFrame, found: ReadonlyMap<CallFrame, T>): T | undefined {
  for (let above = frame.parent; above; above = above.parent) {
    const match = found.get(above);
    if (match) return match;
  }
  return undefined;
}

interface RecordedCall {
  readonly frame: CallFrame;
  readonly children: RecordedCall[];
}

/**
 * Simulation: records the tree that the source must sign. Other accounts would need address
 * credentials, which are not modelled and are refused.
 */
export class RecordedAuthorization implements Authorization {
  private readonly calls = new Map<CallFrame, RecordedCall>();
  private readonly roots: RecordedCall[] = [];

  constructor(private readonly source: string) {}

  require(address: string, frame: CallFrame): void {
    if (address !== this.source) throw notAuthorized();
    if (this.calls.has(frame)) return;
    const call: RecordedCall = { frame, children: [] };
    (nearest(frame, this.calls)?.children ?? this.roots).push(call);
    this.calls.set(frame, call);
  }
  entries(): xdr.SorobanAuthorizationEntry[] {
    const tree = (call: RecordedCall): xdr.SorobanAuthorizedInvocation =>
      invocationOf(call.frame, call.children.map(tree));
    return this.roots.map(
      (root) =>
        new xdr.SorobanAuthorizationEntry({
          credentials: xdr.SorobanCredentials.sorobanCredentialsSourceAccount(),
          rootInvocation: tree(root),
        }),
    );
  }
}

/** In a ledger: the envelope's entries must contain every required call, each used once. */
export class SourceAuthorization implements Authorization {
  private readonly matched = new Map<CallFrame, xdr.SorobanAuthorizedInvocation>();
  private readonly used = new Set<xdr.SorobanAuthorizedInvocation>();
  private readonly roots: readonly xdr.SorobanAuthorizedInvocation[];

  constructor(
    private readonly source: string,
    entries: readonly xdr.SorobanAuthorizationEntry[],
  ) {
    this.roots = entries
      .filter((entry) => entry.credentials.type === 'sorobanCredentialsSourceAccount')
      .map((entry) => entry.rootInvocation);
  }
  require(address: string, frame: CallFrame): void {
    if (address !== this.source) throw notAuthorized();
    if (this.matched.has(frame)) return;
    const candidates = nearest(frame, this.matched)?.subInvocations ?? this.roots;
    const wanted = invocationOf(frame, []).function;
    const match = candidates.find(
      (candidate) => !this.used.has(candidate) && candidate.function.equals(wanted),
    );
    if (!match) throw notAuthorized();
    this.used.add(match);
    this.matched.set(frame, match);
  }
}
