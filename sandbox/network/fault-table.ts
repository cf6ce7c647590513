import { z } from 'zod';
import type { HttpFault, FaultHooks, RpcCall } from './faults.js';
import { forcedFailure, forcedFailureShape } from './forced-failure.js';
import { RPC_CODES, RpcError } from './json-rpc.js';
import { LYING_FIELDS, lying } from './lying-reply.js';
import { withNonceLies } from './nonce-lies.js';
import { withUnknownExecutables } from './unknown-executable.js';
import { restartedAt, keeping, upTo } from './node-view.js';

/** How many ledgers of earlier state are kept. */
const LAG_MAX = 250;
const ledgers = (most: number): z.ZodInt => z.int().min(1).max(most);
const none = z.strictObject({});
/**
 * Which RPC methods it affects (absent: all, friendbot too) and how many calls (absent: no limit).
 */
const limits = z.strictObject({
  methods: z.array(z.string()).min(1).optional(),
  times: z.int().min(1).optional(),
});
const REFUSALS = [
  'txTooEarly',
  'txTooLate',
  'txMissingOperation',
  'txBadSeq',
  'txBadAuth',
  'txInsufficientBalance',
  'txNoAccount',
  'txInsufficientFee',
  'txBadAuthExtra',
  'txNotSupported',
  'txMalformed',
  'txSorobanInvalid',
  'txBadMinSeqAgeOrGap',
] as const;

interface FaultKind {
  read(parameters: unknown): FaultHooks;
}
/** `hooks` is called each time the fault is switched on, so its counts start again. */
const fault = <S extends z.ZodType>(
  shape: S,
  hooks: (parameters: z.output<S>) => FaultHooks,
): FaultKind => ({ read: (raw) => hooks(shape.parse(raw)) });

/** A fault that affects only the calls in its limits. */
function chosen({
  methods,
  times = Infinity,
}: z.output<typeof limits>): (call: RpcCall) => boolean {
  let left = times;
  return ({ method }) => (methods === undefined || methods.includes(method)) && left-- > 0;
}
function instead(reply: HttpFault): FaultKind {
  return fault(limits, (parameters) => {
    const strikes = chosen(parameters);
    return { http: (call) => (strikes(call) ? reply : undefined) };
  });
}

/** Faults of a node: its answers, and the part of the chain that it knows. */
const nodeFaults = {
  node_down: instead({ status: 503, body: 'service unavailable' }),
  node_times_out: instead({ status: 504, body: 'gateway timeout' }),
  node_answers_html: instead({
    status: 200,
    body: '<!doctype html><title>Just a moment</title><h1>Checking your browser</h1>',
  }),
  /** A 200 without a body, as some proxies answer (docs/stellar.md#sdk-client). */
  node_answers_nothing: instead({ status: 200, body: '' }),
  /** The call never gets an answer; the connection stays open. */
  node_hangs: instead('hang'),
  /** The call is carried out, but its answer is lost. */
  answer_lost: fault(limits, (parameters) => {
    const strikes = chosen(parameters);
    return { answerLost: (call) => strikes(call) };
  }),
  node_errors: fault(
    limits.extend({
      code: z.int().default(RPC_CODES.internal),
      message: z.string().default('internal error'),
    }),
    ({ code, message, ...parameters }) => {
      const strikes = chosen(parameters);
      return {
        refuses: (call) => {
          if (strikes(call)) throw new RpcError(code, message);
        },
      };
    },
  ),
  node_lags: fault(z.strictObject({ ledgers: ledgers(LAG_MAX) }), (lag) => ({
    view: (view, { chain }) => upTo(chain, view, view.head.sequence - lag.ledgers),
  })),
  /**
   * Each answer is one ledger older than the previous one, down to this many ledgers, where it
   * stays.
   */
  node_goes_backwards: fault(z.strictObject({ ledgers: ledgers(LAG_MAX).default(10) }), (least) => {
    let start: number | undefined;
    let steps = 0;
    return {
      view: (view, { chain }) => {
        start ??= view.head.sequence;
        return upTo(chain, view, start - Math.min(steps++, least.ledgers));
      },
    };
  }),
  /**
   * A load balancer: each call reaches the next node, and each node lags by its own number of
   * ledgers.
   */
  several_nodes: fault(
    z.strictObject({ lags: z.array(z.int().min(0).max(LAG_MAX)).min(1).max(10).default([0, 3]) }),
    ({ lags }) => {
      let calls = 0;
      return {
        view: (view, { chain }) =>
          upTo(chain, view, view.head.sequence - (lags[calls++ % lags.length] ?? 0)),
      };
    },
  ),
  node_forgets: fault(z.strictObject({ ledgers: ledgers(1_000_000) }), (kept) => ({
    view: (view, { chain }) => keeping(chain, view, kept.ledgers),
  })),
  /**
   * The first look-ups of an existing transaction return NOT_FOUND with a range that has moved on
   * (docs/stellar.md#not-found-proves-little).
   */
  look_up_race: fault(
    z.strictObject({ times: z.int().min(1).max(100).default(1) }),
    ({ times }) => {
      const lies = new Map<string, number>();
      return {
        view: (view) => ({
          ...view,
          transaction: (hash) => {
            const kept = view.transaction(hash);
            const lieCount = lies.get(hash) ?? 0;
            if (!kept || lieCount >= times) return kept;
            lies.set(hash, lieCount + 1);
            return undefined;
          },
        }),
      };
    },
  ),
  /**
   * One field of an answer is wrong; all other fields are true. The first `after` answers with the
   * field are true; `times` answers are wrong.
   */
  reply_lies: fault(
    limits.extend({
      after: z.int().min(0).default(0),
      field: z.enum(LYING_FIELDS),
      by: z.int().min(-1_000_000).max(1_000_000).default(0),
      status: z.string().default('NOT_FOUND'),
    }),
    ({ methods, times = Infinity, after, ...lie }) => {
      let left = times;
      let spared = after;
      return {
        reply: ({ method }, reply) => {
          if (left <= 0 || (methods !== undefined && !methods.includes(method))) return undefined;
          const changed = lying(reply, lie);
          if (changed === null || spared-- > 0) return undefined;
          left--;
          return changed;
        },
      };
    },
  ),
  network_reset: fault(none, () => {
    let at: number | undefined;
    return {
      view: (view, { chain }) => {
        at ??= view.head.sequence;
        return restartedAt(chain, view, at);
      },
    };
  }),
  other_network: fault(
    z.strictObject({ passphrase: z.string().min(1).default('Some Other Network ; 2026') }),
    ({ passphrase }) => ({ view: (view) => ({ ...view, passphrase }) }),
  ),
  no_diagnostics: fault(none, () => ({ view: (view) => ({ ...view, diagnostics: false }) })),
  /** Instances have an executable that a later protocol version may have, and no SDK reads. */
  unknown_executable: fault(
    z.strictObject({ contracts: z.array(z.string()).min(1).optional() }),
    ({ contracts }) => ({
      reply: ({ method }, reply) =>
        method === 'getLedgerEntries' ? withUnknownExecutables(reply, contracts) : undefined,
    }),
  ),
  /** `times`: how many nonces are shown wrongly; absent: no limit. */
  nonce_lies: fault(
    z.strictObject({ spent: z.boolean(), times: z.int().min(1).optional() }),
    ({ spent, times = Infinity }) => {
      let left = times;
      return { view: (view) => withNonceLies(view, spent, () => left-- > 0) };
    },
  ),
  duplicate_event_pages: fault(
    z.strictObject({ events: z.int().min(1).max(1000).default(10) }),
    ({ events }) => ({ view: (view) => ({ ...view, eventsRepeated: events }) }),
  ),
} satisfies Readonly<Record<string, FaultKind>>;

/** Faults of transactions submitted by RPC. Actions of the control port are not affected. */
const inclusionFaults = {
  late_inclusion: fault(z.strictObject({ ledgers: ledgers(1000) }), (late) => ({
    ledgersHeldBack: () => late.ledgers,
  })),
  /** It lands in a ledger whose close time is its maxTime, the last possible one. */
  include_at_max_time: fault(none, () => ({ waitsForDeadline: () => true })),
  /** ERROR with that code. `queued`: another node accepted the transaction. */
  submission_error: fault(
    limits
      .pick({ times: true })
      .extend({ code: z.enum(REFUSALS).default('txTooLate'), queued: z.boolean().default(false) }),
    ({ code, queued, ...parameters }) => {
      const strikes = chosen(parameters);
      return {
        submission: (call) =>
          strikes(call)
            ? { answer: { status: 'ERROR', refusal: { code, ofInner: false } }, queued }
            : undefined,
      };
    },
  ),
  submission_try_again: fault(limits.pick({ times: true }), (parameters) => {
    const strikes = chosen(parameters);
    return {
      submission: (call) =>
        strikes(call) ? { answer: { status: 'TRY_AGAIN_LATER' }, queued: false } : undefined,
    };
  }),
  /** PENDING, and the transaction is dropped. */
  drop_after_pending: fault(limits.pick({ times: true }), (parameters) => {
    const strikes = chosen(parameters);
    return {
      submission: (call) =>
        strikes(call) ? { answer: { status: 'PENDING' }, queued: false } : undefined,
    };
  }),
  /**
   * A contract call lands and fails with that result without running; fee and sequence are
   * consumed.
   */
  invocation_fails: fault(forcedFailureShape, (failure) => {
    let left = failure.times ?? Infinity;
    return {
      invocation: ({ source, contract }) =>
        (failure.source === undefined || failure.source === source) && left-- > 0
          ? forcedFailure(failure, contract)
          : undefined,
    };
  }),
  stop_closing: fault(none, () => ({ timerMayClose: () => false })),
} satisfies Readonly<Record<string, FaultKind>>;

/**
 * Every fault of the network (docs/stellar.md#local-model). A new fault is one entry here, and a
 * hook in `faults.ts` if it acts in a new place.
 */
export const FAULTS: typeof nodeFaults & typeof inclusionFaults = {
  ...nodeFaults,
  ...inclusionFaults,
};
