import { creditlineContract } from './creditline.contract.js';
import { type Generation, GENERATION_TRAITS, generationOf } from './generations.js';
import type { ContractCode, Profile } from './host.js';
import { parametersContract } from './parameters.contract.js';
import { poolContract } from './pool.contract.js';
import { reputationContract } from './reputation.contract.js';
import { reserveContract } from './reserve.contract.js';
import { tokenContract } from './token.contract.js';
import {
  trustupCreditline,
  trustupParameters,
  trustupPool,
  trustupRegistry,
} from './trustup-contracts.js';
import { vendorRegistryContract } from './vendor-registry.contract.js';

/**
 * The code of one deployment, by name. Stateless: all state is in the host.
 * @param decimals of the deployment's token; only the profile `scaled` reads it
 * @param generation the one that the profile names when it is left out
 */
export function contractCode(
  profile: Profile,
  decimals: number,
  generation: Generation = generationOf({ profile }),
): ReadonlyMap<ContractCode['name'], ContractCode> {
  if (generation === 'reserve')
    return new Map([reserveContract, tokenContract].map((code) => [code.name, code]));
  const limitScale = profile === 'scaled' ? 10n ** BigInt(decimals) : 1n;
  const traits = GENERATION_TRAITS[generation];
  const own: readonly ContractCode[] =
    generation === 'trustup'
      ? [trustupCreditline(), trustupPool(), trustupRegistry, trustupParameters()]
      : [
          creditlineContract({ ...traits, limitScale }),
          poolContract(traits),
          vendorRegistryContract,
          parametersContract(traits),
        ];
  const contracts = [...own, reputationContract(traits), tokenContract];
  return new Map(contracts.map((contract) => [contract.name, { ...contract, generation }]));
}
