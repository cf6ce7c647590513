import { StrKey } from '@stellar/stellar-sdk';
import type { ContractName, ContractRefusal } from './chain.js';
import {
  contractError,
  hostError,
  type ContractError,
  type ErrorTables,
} from './families/error-tables.js';
import { POOL_TOKENS_SHORT } from './families/token-errors.js';

const TOKEN_BALANCE_ERROR = 10;

/** Contract names by id, from the request and from the lending contract's own storage. */
export type ContractNames = ReadonlyMap<string, ContractName>;

/** A simulation's failure, from its log: the contract where it began, and the call. */
export interface HostFailure {
  /** Contract error number, or null for a host error such as Storage/MissingValue. */
  readonly number: number | null;
  /** `type/code` of the host's error. */
  readonly kind: string;
  /** The contract in which the failure began; null when the log does not show it. */
  readonly origin: string | null;
  /**
   * The payer of the failed transfer, otherwise the caller of the token; null when the log does not
   * show it.
   */
  readonly payer: string | null;
}

interface LogLine {
  readonly contract: string | null;
  readonly topics: string;
  readonly data: string;
}

const TOP = /Error\((\w+), (#\d+|\w+)\)/;
/**
 * ` 1: [Diagnostic Event] contract:C..., topics:[...], data:...`; the top-level call has no
 * contract.
 */
const LINE = /^\s*\d+: \[[^\]]*\] (?:contract:(\w+), )?topics:\[(.*?)\](?:, data:(.*))?$/;
const CALL = /^fn_call, (?:Bytes\((\w+)\)|(\w+)), (\w+)$/;
const ADDRESS = /\b[GC][A-Z2-7]{55}\b/;

/**
 * Reads the log of a failed simulation, which is newest first. The origin is the last error line of
 * the unbroken run with the top error: older lines with another error were caught by a contract
 * (try_invoke) and replaced.
 */
export function hostFailure(text: string): HostFailure {
  const [, type = 'Unknown', code = 'Unknown'] = TOP.exec(text) ?? [];
  const number = code.startsWith('#') ? Number(code.slice(1)) : null;
  const lines = text.split('\n').flatMap((line) => readLine(line));
  const wanted = `error, Error(${type}, ${code})`;
  let originAt = -1;
  for (const [index, line] of lines.entries()) {
    if (!line.topics.startsWith('error, ')) continue;
    if (line.topics !== wanted) break;
    if (line.contract !== null) originAt = index;
  }
  const kind = number === null ? `${type}/${code}` : `Contract/${number}`;
  return {
    number,
    kind,
    origin: lines[originAt]?.contract ?? null,
    payer: originAt < 0 ? null : payerBelow(lines, originAt),
  };
}

function readLine(line: string): LogLine[] {
  const match = LINE.exec(line);
  return match
    ? [{ contract: contractId(match[1]), topics: match[2] ?? '', data: match[3] ?? '' }]
    : [];
}

/** Older nodes print ids as hex. */
function contractId(text: string | undefined): string | null {
  if (text === undefined) return null;
  return /^[0-9a-f]{64}$/.test(text) ? StrKey.encodeContract(Buffer.from(text, 'hex')) : text;
}

/**
 * The newest call older than the error is the failed call, because a token makes no calls. Its
 * first argument pays; without one, its caller counts as the payer.
 */
function payerBelow(lines: readonly LogLine[], originAt: number): string | null {
  for (const line of lines.slice(originAt + 1)) {
    const call = CALL.exec(line.topics);
    if (!call) continue;
    if (contractId(call[1] ?? call[2]) !== lines[originAt]?.contract) return null;
    return ADDRESS.exec(line.data)?.[0] ?? line.contract;
  }
  return null;
}

/** True for the token's balance error, the only one for which the short party matters. */
export const isTokenShortage = (failure: HostFailure, names: ContractNames): boolean =>
  failure.number === TOKEN_BALANCE_ERROR &&
  failure.origin !== null &&
  names.get(failure.origin) === 'token';

/** Whether the pool paid in the failed transfer; null when only the balances can show it. */
export function poolPaid(failure: HostFailure, names: ContractNames): boolean | null {
  if (failure.payer === null) return null;
  return names.get(failure.payer) === 'pool';
}

export function refusalOf(
  failure: HostFailure,
  deployment: { readonly names: ContractNames; readonly errors: ErrorTables },
  poolIsShort: boolean,
): ContractRefusal {
  const { names, errors } = deployment;
  const contract = (failure.origin === null ? undefined : names.get(failure.origin)) ?? 'unknown';
  const meaning =
    failure.number === null
      ? hostError(failure.kind)
      : contractError(errors, contract, failure.number);
  const shortage = isTokenShortage(failure, names) && poolIsShort;
  return refusal(shortage ? POOL_TOKENS_SHORT : meaning, contract, failure.origin, failure.number);
}

const refusal = (
  { name, kind, sentence }: ContractError,
  contract: ContractName,
  contractId: string | null,
  number: number | null,
): ContractRefusal => ({ contract, contractId, number, name, sentence, kind });
