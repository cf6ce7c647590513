import { ParametersError } from './error-codes.js';
import { exported, storedAdmin, version } from './exported-function.js';
import type { ContractCode, Host } from './host.js';
import {
  approve,
  configureMultisig,
  execute,
  parametersKey,
  proposalAction,
  propose,
} from './parameters-proposals.js';
import {
  DEFAULT_PARAMETERS,
  type ProtocolParameters,
  protocolParameters,
} from './protocol-parameters.js';
import { address, u32, u64, vecOf, voidValue } from './scval.js';

export { parametersKey };

/** Protocol parameters, all in instance storage. Signers change them by a proposal. */
export const parametersContract: ContractCode = {
  name: 'parameters',
  functions: {
    initialize: exported([address, protocolParameters], (host, [admin, params]) =>
      initialize(host, admin, params),
    ),
    initialize_defaults: exported([address], (host, [admin]) =>
      initialize(host, admin, DEFAULT_PARAMETERS),
    ),
    get_parameters: exported(
      [],
      (host) =>
        host.read('instance', parametersKey.params) ?? host.fail(ParametersError.NotInitialized),
    ),
    get_admin: exported([], (host) => address.encode(storedAdmin(host, ParametersError))),
    get_version: version,
    configure_multisig: exported([vecOf(address), u32], (host, [signers, threshold]) =>
      configureMultisig(host, { signers, threshold }),
    ),
    propose: exported([address, proposalAction], (host, [proposer, action]) =>
      propose(host, proposer, action),
    ),
    approve: exported([address, u64], (host, [signer, id]) => approve(host, signer, id)),
    execute: exported([u64], (host, [id]) => execute(host, id)),
  },
};

function initialize(host: Host, admin: string, params: ProtocolParameters) {
  if (host.read('instance', parametersKey.admin))
    return host.fail(ParametersError.AlreadyInitialized);
  const valid =
    params.min_guarantee_percent > 0n &&
    params.min_guarantee_percent <= 100n &&
    params.large_loan_threshold > 0n;
  if (!valid) return host.fail(ParametersError.InvalidParameters);
  host.requireAuth(admin);
  host.write('instance', parametersKey.admin, address.encode(admin));
  host.write('instance', parametersKey.params, protocolParameters.encode(params));
  return voidValue();
}
