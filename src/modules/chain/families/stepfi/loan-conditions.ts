import { Address } from '@stellar/stellar-sdk';
import { unreachable } from '../../chain-trouble.js';
import type { LoanConditions, LendingParameters } from '../../chain.js';
import type { ChainAccess, ConditionsAsked, FamilyContracts } from '../contract-family.js';
import type { Traits } from './generations.js';
import {
  instanceIn,
  instanceKey,
  lenderIn,
  linkedAddress,
  readEntries,
  storedFlag,
  storedInteger,
} from '../../ledger-entries.js';
import { vendorFundedIn, vendorFundedKeys } from '../../vendor-funded.js';
import { vendorFundingsOf } from './vendor-fundings.js';
import { callReader, tryReader } from '../../simulation.js';

const METHOD = 'simulateTransaction';
/**
 * The contract's own value while no parameters contract is set
 * (docs/stellar.md#create-loan-checks).
 */
const DEFAULTS: LendingParameters = {
  baseInterestBps: 0,
  minGuaranteePercent: 20n,
  minReputation: 50,
};

/**
 * What create_loan would read, read the same way: links from the creditline's instance, answers
 * from the contracts themselves.
 */
export async function readLoanConditions(
  traits: Traits,
  { rpc, networkPassphrase }: ChainAccess,
  { lendingContract, poolContract, borrower, vendor }: ConditionsAsked,
): Promise<LoanConditions> {
  if (vendor === null) throw new Error('a loan of these contracts has a vendor');
  const counted = { fundings: vendorFundingsOf(traits), poolContract, vendor };
  const entries = await readEntries(rpc, [
    instanceKey(lendingContract),
    instanceKey(poolContract),
    ...vendorFundedKeys(counted),
  ]);
  const [creditline, pool] = [
    instanceIn(entries, lendingContract),
    instanceIn(entries, poolContract),
  ];
  if (!creditline || !pool)
    throw unreachable(
      'getLedgerEntries',
      `the reply does not carry the ${creditline ? 'pool' : 'creditline'} contract; it ` +
        'does not exist on this network, or the node lags.',
    );
  const links = {
    parameters: linkedAddress(creditline, 'PARAMS'),
    registry: linkedAddress(creditline, 'MERCHANT'),
    reputation: linkedAddress(creditline, 'REPCONT'),
  };
  const ask = (contract: string, fn: string, ...parties: readonly string[]) => ({
    contract,
    fn,
    args: parties.map((party) => new Address(party).toScVal()),
    networkPassphrase,
  });
  const [parameters, active, score, debt] = await Promise.all([
    links.parameters === undefined ? null : tryReader(rpc, ask(links.parameters, 'get_parameters')),
    links.registry === undefined ? null : tryReader(rpc, ask(links.registry, 'is_active', vendor)),
    links.reputation === undefined
      ? null
      : callReader(rpc, ask(links.reputation, 'get_score', borrower)),
    callReader(rpc, ask(lendingContract, 'get_user_active_debt', borrower)),
  ]);
  return {
    ledger: Math.min(
      entries.ledger,
      ...[parameters, active, score, debt].map((reply) => reply?.ledger ?? entries.ledger),
    ),
    parameters:
      parameters === null
        ? DEFAULTS
        : (('failure' in parameters ? null : parametersIn(parameters.value)) ??
          (traits.parametersOptional ? DEFAULTS : null)),
    vendor:
      active === null
        ? 'no_registry'
        : 'failure' in active || typeof active.value !== 'boolean'
          ? 'unanswered'
          : active.value
            ? 'active'
            : 'inactive',
    score: score === null ? null : integer(score.value, 'get_score()'),
    activeDebt: bigInteger(debt.value, 'get_user_active_debt()'),
    poolAvailable:
      linkedAddress(creditline, 'LIQPOOL') === undefined
        ? null
        : storedInteger(pool, 'TOTLIQ', 0n) - storedInteger(pool, 'LCKDLIQ', 0n),
    vendorFunded: vendorFundedIn(entries, counted),
    lendingContractLocked: storedFlag(creditline, 'LOCKED'),
  };
}

/** Null when it is not such a struct, which create_loan treats like no answer. */
function parametersIn(value: unknown): LendingParameters | null {
  const fields = new Map<string, unknown>(
    typeof value === 'object' && value !== null ? Object.entries(value) : [],
  );
  const [base, percent, reputation] = [
    fields.get('base_interest_bps'),
    fields.get('min_guarantee_percent'),
    fields.get('min_reputation_threshold'),
  ];
  if (typeof base !== 'number' || typeof percent !== 'bigint' || typeof reputation !== 'number')
    return null;
  return { baseInterestBps: base, minGuaranteePercent: percent, minReputation: reputation };
}

function integer(value: unknown, what: string): number {
  if (typeof value !== 'number') throw unreachable(METHOD, `${what} is not a number.`);
  return value;
}
function bigInteger(value: unknown, what: string): bigint {
  if (typeof value !== 'bigint') throw unreachable(METHOD, `${what} is not an amount.`);
  return value;
}

/** floor(total * percent / 100), at least 1 (docs/stellar.md#create-loan-checks). */
export async function leastGuarantee(
  traits: Traits,
  { rpc, networkPassphrase }: ChainAccess,
  { lendingContract }: FamilyContracts,
  total: bigint,
): Promise<bigint> {
  const creditline = lenderIn(
    await readEntries(rpc, [instanceKey(lendingContract)]),
    lendingContract,
  );
  const contract = linkedAddress(creditline, 'PARAMS');
  const percent =
    contract === undefined
      ? DEFAULTS.minGuaranteePercent
      : await guaranteePercent(traits, { rpc, networkPassphrase }, contract);
  const least = (total * percent) / 100n;
  return least > 1n ? least : 1n;
}

async function guaranteePercent(
  { parametersOptional }: Traits,
  { rpc, networkPassphrase }: ChainAccess,
  contract: string,
): Promise<bigint> {
  const call = { contract, fn: 'get_parameters', args: [], networkPassphrase };
  if (parametersOptional) {
    const answer = await tryReader(rpc, call);
    if ('failure' in answer) return DEFAULTS.minGuaranteePercent;
  }
  const { value } = await callReader(rpc, call);
  const percent =
    typeof value === 'object' && value !== null && 'min_guarantee_percent' in value
      ? value.min_guarantee_percent
      : undefined;
  if (typeof percent !== 'bigint' || percent < 0n)
    throw unreachable(METHOD, `get_parameters() of ${contract} has no min_guarantee_percent.`);
  return percent;
}
