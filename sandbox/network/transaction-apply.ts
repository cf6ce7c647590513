import { xdr } from '@stellar/stellar-sdk';
import type { CodeRegistry } from './code-registry.js';
import { applyClassic } from './classic-operations.js';
import type { ActiveFaults } from './faults.js';
import { contractEvent, type Diagnostic } from './host-failure.js';
import { applyInvocation } from './invocation-apply.js';
import { base64 } from './ledger-entries.js';
import type { StateOverlay } from './ledger-state.js';
import { applyExtend, extendResult } from './extend-operation.js';
import { applyRestore, restoreResult } from './restore-operation.js';
import { chargedFee, keptFee, refundableFee } from './transaction-fees.js';
import { keptChanges, transactionMeta } from './transaction-meta.js';
import { operationSource, type TransactionInput } from './transaction-input.js';
import {
  applied,
  inner,
  invokeFailed,
  invokeSucceeded,
  refused,
  type RefusalCode,
} from './transaction-results.js';
import { signaturesOf } from './transaction-validation.js';
import { calledContract } from './simulation.js';

export interface ApplyContext {
  readonly code: CodeRegistry;
  readonly networkPassphrase: string;
  readonly sequence: number;
  readonly closeTime: number;
  /** Least lifetime of new and restored entries, in ledgers; absent: the network's own. */
  readonly leastLifetime?: number | undefined;
  /** A fault that fails a call. */
  readonly failing?: ActiveFaults['invocation'];
}

/** Where a transaction stands in its ledger. */
export interface LedgerPlace extends ApplyContext {
  /** 1-based. */
  readonly order: number;
  /** Stroops that the ledger takes for one operation of its phase. */
  readonly price: bigint;
}

/** A transaction as a ledger keeps it. XDR in base64. */
export interface TransactionRecord {
  readonly hash: string;
  /** For a fee bump: the hash of the inner transaction, by which it is found too. */
  readonly innerHash?: string;
  /** 1-based place in its ledger. */
  readonly order: number;
  readonly succeeded: boolean;
  readonly envelope: string;
  readonly result: string;
  readonly meta: string;
  readonly diagnostics: readonly string[];
  /** Contract events of each operation. */
  readonly events: readonly (readonly string[])[];
}

/**
 * The result of one transaction in a ledger: what the ledger stores, and the stroops refunded to
 * the payer.
 */
export interface AppliedTransaction {
  readonly record: TransactionRecord;
  readonly refund: bigint;
}

interface OperationOutcome {
  readonly ok: boolean;
  readonly result: xdr.OperationResult;
  readonly returnValue?: xdr.ScVal;
  readonly events: readonly Diagnostic[];
  readonly log: readonly Diagnostic[];
  /** Stroops of the refundable fee that were used. */
  readonly used?: { readonly rent: bigint; readonly events: bigint };
}

/**
 * Runs one transaction whose fee is already charged: consumes its sequence, then runs all of its
 * operations or none.
 * @param state keeps the sequence even when the operations fail
 */
export function applyTransaction(
  input: TransactionInput,
  state: StateOverlay,
  place: LedgerPlace,
): AppliedTransaction {
  const account = state.account(input.source);
  if (account) state.putAccount(input.source, { ...account, sequence: input.sequence });
  const work = state.nested();
  const signatures = signaturesOf(input);
  const outcomes: OperationOutcome[] = [];
  const changes: xdr.LedgerEntryChange[][] = [];
  for (const operation of input.operations) {
    const step = work.nested();
    const source = operationSource(operation, input);
    const outcome = signatures.signedBy(source)
      ? applyOperation(operation, source, step, { input, place })
      : unsigned();
    changes.push(keptChanges(step));
    outcomes.push(outcome);
    step.mergeInto(work);
  }
  const succeeded = outcomes.every((outcome) => outcome.ok);
  if (succeeded) work.mergeInto(state);
  return recorded(input, { succeeded, outcomes, changes: succeeded ? changes : [] }, place);
}

/**
 * A transaction that became invalid in its ledger: it pays for its declared resources and changes
 * nothing else.
 */
export function applyRefused(
  input: TransactionInput,
  code: RefusalCode,
  { order, price }: Pick<LedgerPlace, 'order' | 'price'>,
): AppliedTransaction {
  const meta = transactionMeta({ changes: [], events: [], diagnostics: [] });
  const refund = refundableFee(input);
  const result = base64(
    refused({ code, ofInner: true }, chargeOf(input, chargedFee(input, price) - refund)),
  );
  return {
    refund,
    record: {
      ...named(input),
      order,
      succeeded: false,
      envelope: input.envelope,
      result,
      meta: base64(meta),
      diagnostics: [],
      events: [],
    },
  };
}

const named = ({
  hash,
  bump,
}: TransactionInput): Pick<TransactionRecord, 'hash' | 'innerHash'> => ({
  hash,
  ...(bump && { innerHash: bump.innerHash }),
});
const chargeOf = ({ bump }: TransactionInput, fee: bigint): Parameters<typeof applied>[1] => ({
  fee,
  innerHash: bump?.innerHash ?? null,
});
const unsigned = (): OperationOutcome => ({
  ok: false,
  result: xdr.OperationResult.opBadAuth(),
  events: [],
  log: [],
});

/** An operation that only pays rent. */
const paidFor = (ok: boolean, result: xdr.OperationResult, rent: bigint): OperationOutcome => ({
  ok,
  result,
  events: [],
  log: [],
  used: { rent, events: 0n },
});

function applyOperation(
  operation: xdr.Operation,
  source: string,
  state: StateOverlay,
  from: { input: TransactionInput; place: ApplyContext },
): OperationOutcome {
  const { sorobanData } = from.input;
  if (operation.body.type === 'extendFootprintTtl' && sorobanData) {
    const { failure, rent } = applyExtend(operation.body.value, sorobanData, {
      state,
      ledger: from.place.sequence,
      refundable: refundableFee(from.input),
    });
    return paidFor(failure === undefined, inner(extendResult(failure)), rent);
  }
  if (operation.body.type === 'restoreFootprint' && sorobanData) {
    const { failure, rent } = applyRestore(sorobanData, state, {
      ledger: from.place.sequence,
      refundable: refundableFee(from.input),
    });
    return paidFor(failure === undefined, inner(restoreResult(failure)), rent);
  }
  if (operation.body.type !== 'invokeHostFunction')
    return { ...applyClassic(operation.body, source, state), events: [], log: [] };
  const call = calledContract(operation.body.value);
  if (!call || !sorobanData)
    return { ok: false, result: xdr.OperationResult.opNotSupported(), events: [], log: [] };
  const forced = from.place.failing?.({ source: from.input.source, contract: call.contract });
  if (forced) return { ok: false, result: forced.result, events: [], log: forced.log };
  const { failure, returnValue, events, log, used } = applyInvocation(
    {
      call,
      auth: operation.body.value.auth,
      source,
      data: sorobanData,
      refundable: refundableFee(from.input),
    },
    state,
    from.place,
  );
  if (failure !== undefined || returnValue === undefined)
    return { ok: false, result: invokeFailed(failure ?? 'Trapped'), events: [], log };
  return {
    ok: true,
    result: invokeSucceeded(returnValue, events.map(contractEvent)),
    returnValue,
    events,
    log,
    used,
  };
}

interface Verdict {
  readonly succeeded: boolean;
  readonly outcomes: readonly OperationOutcome[];
  readonly changes: readonly xdr.LedgerEntryChange[][];
}

/** Rent and events are paid for only when the transaction succeeds. */
function recorded(
  input: TransactionInput,
  verdict: Verdict,
  { order, price }: Pick<LedgerPlace, 'order' | 'price'>,
): AppliedTransaction {
  const { succeeded, outcomes, changes } = verdict;
  const events = succeeded ? outcomes.map((outcome) => outcome.events.map(contractEvent)) : [];
  const diagnostics = outcomes.flatMap((outcome) => outcome.log);
  const used = succeeded ? outcomes.find((outcome) => outcome.used)?.used : undefined;
  const spent = used ? used.rent + used.events : 0n;
  const refund = refundableFee(input) - spent;
  const charged = input.sorobanData
    ? { kept: keptFee(input), refundable: spent, rent: used?.rent ?? 0n }
    : undefined;
  const meta = transactionMeta({
    changes,
    events,
    diagnostics,
    returnValue: succeeded ? outcomes[0]?.returnValue : undefined,
    charged,
  });
  const result = applied(
    succeeded,
    chargeOf(input, chargedFee(input, price) - refund),
    outcomes.map((outcome) => outcome.result),
  );
  return {
    refund,
    record: {
      ...named(input),
      order,
      succeeded,
      envelope: input.envelope,
      result: base64(result),
      meta: base64(meta),
      diagnostics: meta.type === 'v4' ? meta.value.diagnosticEvents.map(base64) : [],
      events: events.map((list) => list.map(base64)),
    },
  };
}
