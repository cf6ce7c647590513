import { ControlRefusal } from './control-refusal.js';
import { FAULTS } from './fault-table.js';
import type { ForcedFailure } from './forced-failure.js';
import type { Submitted, LocalChain } from './local-chain.js';
import type { NodeView } from './node-view.js';

export interface RpcCall {
  /** `friendbot` for the faucet, empty for what is no call at all */
  readonly method: string;
}
/** What comes instead of an answer; `hang`: nothing, ever. */
export type HttpFault = 'hang' | { readonly status: number; readonly body: string };
export interface SubmissionFault {
  readonly answer: Submitted;
  /** whether the queue gets it all the same */
  readonly queued: boolean;
}

/** Where a fault may take hold. Every hook is asked for every active fault. */
export interface FaultHooks {
  /** Before an RPC call is carried out. */
  readonly http?: (call: RpcCall) => HttpFault | undefined;
  /** After it was carried out: whether the answer is lost. */
  readonly answerLost?: (call: RpcCall) => boolean;
  /** May throw RpcError. */
  readonly refuses?: (call: RpcCall) => void;
  /** What becomes of the answer of an RPC call; undefined: it stays. */
  readonly reply?: (call: RpcCall, reply: unknown) => unknown;
  /** What the answering node knows. */
  readonly view?: (view: NodeView, place: { readonly chain: LocalChain }) => NodeView;
  readonly submission?: (call: RpcCall) => SubmissionFault | undefined;
  /** Whether the timer may close a ledger. Closing by hand always may. */
  readonly timerMayClose?: () => boolean;
  /** Ledgers a transaction waits in the queue before it may be included. */
  readonly ledgersHeldBack?: () => number;
  /** How a contract call that is about to run fails instead. */
  readonly invocation?: (call: {
    readonly source: string;
    readonly contract: string | null;
  }) => ForcedFailure | undefined;
  /** Whether a transaction is kept for the last ledger it can land in. */
  readonly waitsForDeadline?: () => boolean;
}
export type FaultName = keyof typeof FAULTS;

/** The faults that are switched on. They are not persisted: a restarted node behaves. */
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
  /** The answer as it leaves, with whatever is wrong with it. */
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
