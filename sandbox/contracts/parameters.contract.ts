import { ParametersError } from './error-codes.js';
import { exported, storedAdmin, version } from './exported-function.js';
import type { GenerationTraits } from './generations.js';
import type { ContractCode, Host } from './host.js';
import {
  configureMultisig,
  confirmMultisig,
  parametersKey,
  proposals,
} from './parameters-proposals.js';
import {
  DEFAULT_LONGER_PARAMETERS,
  type LongerParameters,
  parametersCodec,
} from './protocol-parameters.js';
import { address, type Codec, u32, u64, vecOf, voidValue } from './scval.js';

export { parametersKey };

/** Protocol parameters, all in instance storage. Signers change them by a proposal. */
export function parametersContract(traits: GenerationTraits): ContractCode {
  const codec = parametersCodec(traits);
  const { actionCodec, propose, approve, execute } = proposals(traits);
  return {
    name: 'parameters',
    errors: ParametersError,
    events: ['MSCONFIG', 'PROPNEW', 'PROPAPPR', 'PROPEXEC', 'PARMUPDT'],
    functions: {
      initialize: exported([address, codec], (host, [admin, params]) =>
        initialize(host, admin, [params, codec]),
      ),
      initialize_defaults: exported([address], (host, [admin]) =>
        initialize(host, admin, [DEFAULT_LONGER_PARAMETERS, codec]),
      ),
      get_parameters: exported(
        [],
        (host) =>
          host.read('instance', parametersKey.params) ?? host.fail(ParametersError.NotInitialized),
      ),
      get_admin: exported([], (host) => address.encode(storedAdmin(host, ParametersError))),
      get_version: version,
      configure_multisig: exported([vecOf(address), u32], (host, [signers, threshold]) =>
        configureMultisig(host, { signers, threshold }, traits),
      ),
      ...(traits.longerParameters && { confirm_multisig: exported([], confirmMultisig) }),
      propose: exported([address, actionCodec], (host, [proposer, action]) =>
        propose(host, proposer, action),
      ),
      approve: exported([address, u64], (host, [signer, id]) => approve(host, signer, id)),
      execute: exported([u64], (host, [id]) => execute(host, id)),
    },
  };
}

function initialize(
  host: Host,
  admin: string,
  [params, codec]: readonly [LongerParameters, Codec<LongerParameters>],
) {
  if (host.read('instance', parametersKey.admin))
    return host.fail(ParametersError.AlreadyInitialized);
  const valid =
    params.min_guarantee_percent > 0n &&
    params.min_guarantee_percent <= 100n &&
    params.large_loan_threshold > 0n;
  if (!valid) return host.fail(ParametersError.InvalidParameters);
  host.requireAuth(admin);
  host.write('instance', parametersKey.admin, address.encode(admin));
  host.write('instance', parametersKey.params, codec.encode(params));
  return voidValue();
}
