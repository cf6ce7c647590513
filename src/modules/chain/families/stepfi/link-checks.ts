import type { ContractName, ContractRefusal } from '../../chain.js';
import { storedAddress } from '../../ledger-entries.js';
import type { FamilyContracts, LinkCheck, LinkedInstances } from '../contract-family.js';
import { refusalBy } from '../error-tables.js';
import type { Traits } from './generations.js';

/** A link that no error number names. */
const unnumbered = (name: string, sentence: string): ContractRefusal => ({
  contract: 'lending_contract',
  contractId: null,
  number: null,
  name,
  sentence,
  kind: 'links',
});
const OTHER_POOL = unnumbered('OtherPool', 'The lending contract names another pool, or none.');
export const REPUTATION_MISSING = unnumbered(
  'ReputationMissing',
  'The lending contract names a reputation contract that does not exist or is something else.',
);

/** What create_loan needs (docs/stellar.md#create-loan-checks), in the order of its checks. */
export function linkChecks(
  { errors, parametersOptional }: Traits,
  { poolContract, lendingContract }: FamilyContracts,
  { pool, lending_contract: creditline }: LinkedInstances,
): readonly LinkCheck[] {
  const refusal = (number: number, sentence?: string): ContractRefusal => ({
    ...refusalBy(errors, 'lending_contract', number),
    ...(sentence !== undefined && { sentence }),
  });
  const called = (
    key: string,
    name: string,
    { unset, dead }: { readonly unset: LinkCheck; readonly dead: ContractRefusal },
  ): LinkCheck => {
    const contract = storedAddress(creditline, key);
    return contract === undefined ? unset : { refusal: dead, callee: { contract, function: name } };
  };
  const parameters: ContractName = 'parameters';
  return [
    ...(storedAddress(pool, 'CRDTLIN') === lendingContract
      ? []
      : [{ refusal: refusalBy(errors, 'pool', 9) }]),
    ...(storedAddress(creditline, 'LIQPOOL') === poolContract ? [] : [{ refusal: OTHER_POOL }]),
    ...(storedAddress(creditline, 'TOKEN') === undefined ? [{ refusal: refusal(15) }] : []),
    called('MERCHANT', 'is_active', { unset: { refusal: refusal(16) }, dead: refusal(17) }),
    called('REPCONT', 'get_score', {
      unset: {
        refusal: refusal(20, 'The creditline contract has no reputation contract configured.'),
      },
      dead: REPUTATION_MISSING,
    }),
    ...(parametersOptional
      ? []
      : [
          called('PARAMS', 'get_parameters', {
            // a deployment that never had one lends by the published defaults
            unset: {
              refusal: refusal(
                20,
                'The creditline contract no longer has a parameters contract, so that it lends by other terms.',
              ),
              lost: parameters,
            },
            dead: refusal(20),
          }),
        ]),
  ];
}
