import { z } from 'zod';
import { ControlRefusal } from './control-refusal.js';

/** Where a fault may take hold. Every hook is asked for every active fault. */
interface FaultHooks<P> {
  /** Before an RPC call is read: a reply to give instead. */
  readonly http?: (parameters: P) => { readonly status: number; readonly body: string };
  /** Whether the timer may close a ledger. Closing by hand always may. */
  readonly timerMayClose?: (parameters: P) => boolean;
  /** Ledgers a transaction waits in the queue before it may be included. */
  readonly ledgersHeldBack?: (parameters: P) => number;
}
interface FaultKind { read(parameters: unknown): FaultHooks<void> }

function fault<S extends z.ZodType>(shape: S, hooks: FaultHooks<z.output<S>>): FaultKind {
  return {
    read: (raw) => {
      const parameters = shape.parse(raw);
      const { http, timerMayClose, ledgersHeldBack } = hooks;
      return {
        ...(http && { http: () => http(parameters) }),
        ...(timerMayClose && { timerMayClose: () => timerMayClose(parameters) }),
        ...(ledgersHeldBack && { ledgersHeldBack: () => ledgersHeldBack(parameters) }),
      };
    },
  };
}
const none = z.strictObject({});

/** Every misbehaviour the network can be told to show. A new one is one line here, and a hook above if it takes hold in a new place. */
export const FAULTS = {
  late_inclusion: fault(z.strictObject({ ledgers: z.int().min(1).max(1000) }), { ledgersHeldBack: ({ ledgers }) => ledgers }),
  stop_closing: fault(none, { timerMayClose: () => false }),
  node_down: fault(none, { http: () => ({ status: 503, body: 'service unavailable' }) }),
} satisfies Readonly<Record<string, FaultKind>>;
export type FaultName = keyof typeof FAULTS;

/** The faults that are switched on. They are not persisted: a restarted node behaves. */
export class ActiveFaults {
  private readonly active = new Map<FaultName, FaultHooks<void>>();

  /** @throws ControlRefusal or ZodError when there is no such fault or its parameters are wrong */
  set(name: string, parameters: unknown): void {
    if (!isFault(name)) throw new ControlRefusal(`no such fault: ${name}; there are ${Object.keys(FAULTS).join(', ')}`);
    this.active.set(name, FAULTS[name].read(parameters));
  }
  /** @param name absent: all of them */
  clear(name?: string): void {
    if (name === undefined) this.active.clear();
    else if (isFault(name)) this.active.delete(name);
  }
  names(): readonly FaultName[] { return [...this.active.keys()]; }

  httpReply(): { readonly status: number; readonly body: string } | undefined { return [...this.active.values()].map((hooks) => hooks.http?.()).find((reply) => reply !== undefined); }
  timerMayClose(): boolean { return [...this.active.values()].every((hooks) => hooks.timerMayClose?.() ?? true); }
  ledgersHeldBack(): number { return Math.max(0, ...[...this.active.values()].map((hooks) => hooks.ledgersHeldBack?.() ?? 0)); }
}

const isFault = (name: string): name is FaultName => Object.hasOwn(FAULTS, name);
