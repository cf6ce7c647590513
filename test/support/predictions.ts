import { xdr } from '@stellar/stellar-sdk';
import {
  loanKeyInstructions,
  SIMULATION_ACCOUNT_BYTES,
  SIMULATION_INSTRUCTIONS_FACTOR,
} from '../../src/modules/chain/resources.js';
import { TESTNET_SETTINGS } from '../../src/modules/chain/network-settings.js';
import { familyOf } from '../../src/modules/chain/families/families.js';
import { recorded, type RecordedGeneration, type RecordedStep } from './recorded.js';

type PredictedEnd = 'landed' | 'key_missing' | 'bytes' | 'instructions' | 'archived' | 'invalid';
export interface Prediction {
  readonly generation: RecordedGeneration;
  readonly name: string;
  /** Loans of others that landed between simulation and landing. */
  readonly ahead: number;
  readonly bytes: {
    readonly predicted: number;
    readonly declared: number;
    /** null: the recording does not say */ readonly recorded: number | null;
  };
  readonly instructions: { readonly predicted: number; readonly declared: number };
  readonly end: { readonly predicted: PredictedEnd; readonly recorded: PredictedEnd };
  /**
   * How far the instructions are outside of the recorded bounds, as a share: a landing used at most
   * what was declared, an exhausted budget more.
   */
  readonly instructionsOff: number;
}

/**
 * Failures that no figure of the transaction decided: a contract's own error, or other contracts
 * than simulated.
 */
const DECIDED_ELSEWHERE = new Set([
  'fee-leaves-too-little',
  'stale-vendor-suspended',
  'stale-score-lowered',
  'stale-liquidity-gone',
  'stale-parameters-guarantee',
  'stale-creditline-changed',
  'stale-upgrade',
]);
/** Entry and instructions of the borrower's own other loan (`same-borrower-fourth`, `-third`). */
const USER_LOAN_BYTES = 156;
const OTHER_LOAN_INSTRUCTIONS = 271_000;

interface Terms {
  readonly user?: string;
  readonly repayment_schedule?: readonly unknown[];
  readonly loan_type?: readonly string[];
}
interface Landed {
  readonly id: bigint;
  readonly ledger: number;
  readonly order: number;
  readonly bytes: number;
  readonly borrower: string;
}

const termsOf = ({ args }: RecordedStep): Terms => (args ?? {}) as unknown as Terms;
const bytesOf = (step: RecordedStep): number => {
  const { repayment_schedule: schedule = [], loan_type: type } = termsOf(step);
  return familyOf('g1').lending.loanEntryBytes({
    instalments: schedule.length,
    loanType: type?.[0] === 'LearnerInstallment' ? 'learner_installment' : 'standard',
  });
};
const orderOf = ({ applicationOrder = 1 }: RecordedStep): number => applicationOrder;

/** Every recorded create_loan that landed, or failed because of what it declared. */
export function predictions(generation: RecordedGeneration): Prediction[] {
  const { steps } = recorded(generation);
  return steps.flatMap((step) => {
    const { function: name, simulation, transaction } = step;
    if (
      name !== 'create_loan' ||
      !simulation?.ok ||
      !transaction ||
      DECIDED_ELSEWHERE.has(step.name)
    )
      return [];
    return [predictionOf(generation, step, landedBefore(steps, step))];
  });
}

/** Loans that took an id after this one's simulation and before its landing. */
function landedBefore(
  steps: readonly RecordedStep[],
  { network, ledger = 0, simulatedAtLedger = ledger - 1, ...step }: RecordedStep,
): Landed[] {
  return steps.flatMap((other) => {
    const id = other.transaction?.returnValue;
    if (
      other.network !== network ||
      other.transaction?.status !== 'SUCCESS' ||
      (other.function !== 'create_loan' && other.function !== 'request_loan')
    )
      return [];
    const landed: Landed = {
      id: BigInt(String(id)),
      ledger: other.ledger ?? 0,
      order: orderOf(other),
      bytes: bytesOf(other),
      borrower: termsOf(other).user ?? '',
    };
    const after = landed.ledger > simulatedAtLedger;
    const before =
      landed.ledger < ledger ||
      (landed.ledger === ledger && landed.order < (step.applicationOrder ?? 1));
    return after && before && other.name !== step.name ? [landed] : [];
  });
}

function predictionOf(
  generation: RecordedGeneration,
  step: RecordedStep,
  ahead: readonly Landed[],
): Prediction {
  const { simulation, transaction, altered } = step;
  const added = altered?.addedReadWriteKeys ?? [];
  const simulated = {
    instructions: simulation?.instructions ?? 0,
    writeBytes: simulation?.writeBytes ?? 0,
  };
  const declared = {
    instructions: altered?.instructions ?? simulated.instructions,
    writeBytes: altered?.writeBytes ?? simulated.writeBytes,
  };
  const own = BigInt(String(simulation?.result));
  const keys = new Set([
    `"${own}"`,
    ...added.map((key) => /"Loan",\d+,("\d+")/.exec(key)?.[1] ?? ''),
  ]);
  const sameBorrower = ahead.filter(({ borrower }) => borrower === termsOf(step).user).length;
  const missing =
    !keys.has(`"${own + BigInt(ahead.length)}"`) ||
    added.filter((key) => key.includes('UserLoanAt')).length < sameBorrower;
  const bytes = ahead.reduce((sum, loan) => sum + loan.bytes, 0);
  const predicted = {
    bytes:
      simulated.writeBytes -
      accountsOf(step) * SIMULATION_ACCOUNT_BYTES +
      bytes +
      sameBorrower * USER_LOAN_BYTES,
    instructions:
      Math.round(simulated.instructions / SIMULATION_INSTRUCTIONS_FACTOR) +
      loanKeyInstructions(added.length, { loans: ahead.length, bytes }) +
      (sameBorrower > 0 ? OTHER_LOAN_INSTRUCTIONS : 0),
  };
  const end = {
    predicted: predictedEnd(step, { missing, predicted, declared }),
    recorded: recordedEnd(step),
  };
  const over = (predicted.instructions - declared.instructions) / declared.instructions;
  return {
    generation,
    name: step.name,
    ahead: ahead.length,
    end,
    bytes: {
      predicted: predicted.bytes,
      declared: declared.writeBytes,
      recorded: transaction?.writtenBytes ?? transaction?.host?.writtenBytes ?? null,
    },
    instructions: { predicted: predicted.instructions, declared: declared.instructions },
    instructionsOff:
      end.recorded === 'landed'
        ? Math.max(0, over)
        : end.recorded === 'instructions'
          ? Math.max(0, -over)
          : 0,
  };
}

/**
 * Accounts that it writes. Where the recording left the footprint out, by what it reads from disk:
 * 144 bytes for each.
 */
function accountsOf({ simulation }: RecordedStep): number {
  if (simulation?.transactionData === undefined) return (simulation?.readBytes ?? 0) / 144;
  return xdr.SorobanTransactionData.fromXdr(
    simulation.transactionData,
    'base64',
  ).resources.footprint.readWrite.filter(({ type }) => type === 'account').length;
}

interface Figures {
  readonly missing: boolean;
  readonly predicted: { readonly bytes: number; readonly instructions: number };
  readonly declared: { readonly instructions: number; readonly writeBytes: number };
}

function predictedEnd(step: RecordedStep, { missing, predicted, declared }: Figures): PredictedEnd {
  const data =
    step.simulation?.transactionData === undefined
      ? null
      : xdr.SorobanTransactionData.fromXdr(step.simulation.transactionData, 'base64');
  const diskReadBytes = data?.resources.diskReadBytes ?? 0;
  const { transaction } = TESTNET_SETTINGS;
  if (
    declared.writeBytes > transaction.writeBytes ||
    declared.instructions > transaction.instructions ||
    diskReadBytes > transaction.diskReadBytes
  )
    return 'invalid';
  // the one step that was simulated while its entries were live, and lands 2,000 ledgers later,
  // where they live for 1,000
  const outlived =
    step.network !== undefined &&
    (step.ledger ?? 0) - (step.simulatedAtLedger ?? step.ledger ?? 0) > 1_000;
  if (outlived || step.altered?.restoreListRemoved === true) return 'archived';
  if (predicted.instructions > declared.instructions && !missing) return 'instructions';
  if (missing) return 'key_missing';
  return predicted.bytes > declared.writeBytes ? 'bytes' : 'landed';
}

function recordedEnd({ transaction }: RecordedStep): PredictedEnd {
  const code = transaction?.resultCode ?? '';
  if (transaction?.status === 'SUCCESS') return 'landed';
  if (code.includes('SOROBAN_INVALID')) return 'invalid';
  if (code.includes('ENTRY_ARCHIVED')) return 'archived';
  if (code.includes('RESOURCE_LIMIT_EXCEEDED')) return 'bytes';
  return transaction?.host?.refused === 'Error(Budget, ExceededLimit)'
    ? 'instructions'
    : 'key_missing';
}

/**
 * Whether a prediction is wrong: bytes to the byte, instructions within the tolerance, the end
 * wherever the declared figure is further away than that.
 */
export function faultsOf(prediction: Prediction, tolerance: number): string[] {
  const { bytes, end, instructions, instructionsOff } = prediction;
  const close =
    Math.abs(instructions.predicted - instructions.declared) <= tolerance * instructions.declared;
  const comparable = end.recorded === 'landed' || end.recorded === 'bytes';
  return [
    ...(comparable && bytes.recorded !== bytes.predicted
      ? [`bytes ${bytes.predicted}, recorded ${bytes.recorded}`]
      : []),
    ...(instructionsOff > tolerance
      ? [`instructions ${instructions.predicted}, off by ${(instructionsOff * 100).toFixed(2)} %`]
      : []),
    ...(end.predicted === end.recorded ||
    (close && [end.predicted, end.recorded].includes('instructions'))
      ? []
      : [`${end.predicted}, recorded ${end.recorded}`]),
  ];
}

/** The worst of all, for a summary. */
export function worstOf(all: readonly Prediction[]): {
  readonly bytes: number;
  readonly instructions: number;
} {
  const bytes = all.flatMap(({ bytes: { predicted, recorded: seen }, end }) =>
    seen === null || end.recorded === 'key_missing' || end.recorded === 'instructions'
      ? []
      : [Math.abs(predicted - seen)],
  );
  return {
    bytes: Math.max(0, ...bytes),
    instructions: Math.max(0, ...all.map(({ instructionsOff }) => instructionsOff)),
  };
}
