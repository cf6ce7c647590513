import type { ContractName, ContractRefusal } from '../chain.js';

/**
 * What an error number means, by the contract it starts in, because numbers collide between
 * contracts (docs/stellar.md#error-numbers).
 * Kinds (docs/stellar.md#reply-meanings): liquidity is the pool's shortage, caller the terms or the
 * parties, paused an administrator's pause, outflow and vendor_cap a limit of the pool's contract,
 * links a deployment that does not work together, protocol any other failure.
 */
type Kind = ContractRefusal['kind'];
export interface ContractError {
  readonly name: string;
  readonly kind: Kind;
  readonly sentence: string;
}
export type ErrorTable = Readonly<Record<number, ContractError>>;
/** What the numbers of each contract of a deployment mean. */
export type ErrorTables = Readonly<Record<ContractName, ErrorTable>>;

export const entry = (name: string, kind: Kind, sentence: string): ContractError => ({
  name,
  kind,
  sentence,
});
export const broken = (name: string, sentence: string): ContractError =>
  entry(name, 'protocol', sentence);

/** A link between contracts is missing or wrong, which lasts until an administrator repairs it. */
export const unlinked = (name: string, sentence: string): ContractError =>
  entry(name, 'links', sentence);

/**
 * The meaning of a number in a contract; a number nobody published is a deployment we do not
 * understand, so nothing sticks to the caller.
 */
export function contractError(
  tables: ErrorTables,
  contract: ContractName,
  number: number,
): ContractError {
  const where =
    contract === 'unknown'
      ? 'A contract we cannot name'
      : `The ${contract.replace(/_contract$/, '').replace('_', ' ')} contract`;
  return (
    tables[contract][number] ??
    broken(
      `Error${number}`,
      `${where} refused with error #${number}, which its published source does not name.`,
    )
  );
}

/** What a contract answers with this number, as a refusal. */
export const refusalBy = (
  tables: ErrorTables,
  contract: ContractName,
  number: number,
): ContractRefusal => ({
  contract,
  contractId: null,
  number,
  ...contractError(tables, contract, number),
});

/** Failures without a contract number, by `type/code` of the host's error. */
const HOST: Readonly<Record<string, string>> = {
  'Storage/MissingValue': 'A contract or one of its entries is missing on the chain.',
  'Storage/ExceededLimit': 'The simulation touched an entry outside of its footprint.',
  'WasmVm/InvalidAction': 'A contract stopped without giving a reason.',
  'Budget/ExceededLimit':
    'The loan needs more computing than the network allows for one transaction.',
  'Auth/InvalidAction':
    "A contract asked for an authorisation that the borrower's signature does not give.",
};

export function hostError(kind: string): ContractError {
  return broken(
    kind,
    HOST[kind] ?? 'The contracts could not run this loan; the deployment looks broken.',
  );
}
