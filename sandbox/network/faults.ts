import { ControlRefusal } from './control-refusal.js';
import { FAULTS } from './fault-table.js';
import type { ForcedFailure } from './forced-failure.js';
import type { Submitted, LocalChain } from './local-chain.js';
import type { NodeView } from './node-view.js';

export interface RpcCall {
  /** `friendbot` for the faucet, empty when it is no call at all. */
  readonly method: string;
}
/** What is sent instead of an answer; `hang` sends none. */
export type HttpFault = 'hang' | { readonly status: number; readonly body: string };
export interface SubmissionFault {
  readonly answer: Submitted;
  /** Whether the transaction still reaches the queue. */
  readonly queued: boolean;
}

/** The places where a fault may act. Every hook of every active fault is called. */
export interface FaultHooks {
  /** Before an RPC call is carried out. */
  readonly http?: (call: RpcCall) => HttpFault | undefined;
  /** Called after it was carried out. @returns whether the answer is lost */
  readonly answerLost?: (call: RpcCall) => boolean;
  /** May throw RpcError. */
  readonly refuses?: (call: RpcCall) => void;
  /** Changes the answer of an RPC call; undefined keeps it. */
  readonly reply?: (call: RpcCall, reply: unknown) => unknown;
  /** The part of the chain that the answering node knows. */
  readonly view?: (view: NodeView, place: { readonly chain: LocalChain }) => NodeView;
  readonly submission?: (call: RpcCall) => SubmissionFault | undefined;
  /** Whether the timer may close a ledger. The control port always may. */
  readonly timerMayClose?: () => boolean;
  /** Ledgers a transaction waits in the queue before it may be included. */
  readonly ledgersHeldBack?: () => number;
  /** How a contract call that is about to run fails instead. */
  readonly invocation?: (call: {
    readonly source: string;
    readonly contract: string | null;
  }) => ForcedFailure | undefined;
  /** Whether a transaction is kept for the last ledger in which it can land. */
  readonly waitsForDeadline?: () => boolean;
}
export type FaultName = keyof typeof FAULTS;

/** The active faults. They are not stored, so a restarted node has none. */
export class ActiveFaults {
  private readonly active = new Map<FaultName, FaultHooks>();

  /** @throws ControlRefusal or ZodError when there is no such fault or its parameters are wrong */
  set(name: string, parameters: unknown): void {
    if (!isFault(name))
      throw new ControlRefusal(
        `no such fault: ${name}; there are ${Object.keys(FAULTS).join(', ')}`,
      );
    this.active.set(name, FAULTS[name].read(parameters));
  }
  /** @param name absent: all of them */
  clear(name?: string): void {
    if (name === undefined) this.active.clear();
    else if (isFault(name)) this.active.delete(name);
  }
  names(): readonly FaultName[] {
    return [...this.active.keys()];
  }

  http(call: RpcCall): HttpFault | undefined {
    return this.first((hooks) => hooks.http?.(call));
  }
  answerLost(call: RpcCall): boolean {
    return this.first((hooks) => hooks.answerLost?.(call) || undefined) ?? false;
  }
  /** @throws RpcError when the node refuses the call */
  admit(call: RpcCall): void {
    for (const hooks of this.active.values()) hooks.refuses?.(call);
  }
  /** The answer as it is sent, changed by the active faults. */
  reply(call: RpcCall, reply: unknown): unknown {
    return [...this.active.values()].reduce(
      (reply, hooks) => hooks.reply?.(call, reply) ?? reply,
      reply,
    );
  }
  view(view: NodeView, place: { readonly chain: LocalChain }): NodeView {
    return [...this.active.values()].reduce(
      (seen, hooks) => hooks.view?.(seen, place) ?? seen,
      view,
    );
  }
  submission(): SubmissionFault | undefined {
    return this.first((hooks) => hooks.submission?.({ method: 'sendTransaction' }));
  }
  timerMayClose(): boolean {
    return [...this.active.values()].every((hooks) => hooks.timerMayClose?.() ?? true);
  }
  ledgersHeldBack(): number {
    return Math.max(0, ...[...this.active.values()].map((hooks) => hooks.ledgersHeldBack?.() ?? 0));
  }
  waitsForDeadline(): boolean {
    return [...this.active.values()].some((hooks) => hooks.waitsForDeadline?.() ?? false);
  }

  invocation(call: {
    readonly source: string;
    readonly contract: string | null;
  }): ForcedFailure | undefined {
    return this.first((hooks) => hooks.invocation?.(call));
  }

  private first<T>(ask: (hooks: FaultHooks) => T | undefined): T | undefined {
    for (const hooks of this.active.values()) {
      const found = ask(hooks);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

export const FAULT_NAMES: readonly string[] = Object.keys(FAULTS);
const isFault = (name: string): name is FaultName => Object.hasOwn(FAULTS, name);
