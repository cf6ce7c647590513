import { ParametersError } from './error-codes.js';
import { exported, storedAdmin, version } from './exported-function.js';
import type { ContractCode, Host } from './host.js';
import { DEFAULT_PARAMETERS, type ProtocolParameters, protocolParameters } from './protocol-parameters.js';
import { address, symbol, voidValue } from './scval.js';

export const parametersKey = { admin: symbol('ADMIN'), params: symbol('PARAMS') } as const;

/** Protocol parameters, all in instance storage. The multisig that changes them later is not modelled. */
export const parametersContract: ContractCode = {
  name: 'parameters',
  functions: {
    initialize: exported([address, protocolParameters], (host, [admin, params]) => initialize(host, admin, params)),
    initialize_defaults: exported([address], (host, [admin]) => initialize(host, admin, DEFAULT_PARAMETERS)),
    get_parameters: exported([], (host) => host.read('instance', parametersKey.params) ?? host.fail(ParametersError.NotInitialized)),
    get_admin: exported([], (host) => address.encode(storedAdmin(host, ParametersError))),
    get_version: version,
  },
};

function initialize(host: Host, admin: string, params: ProtocolParameters) {
  if (host.read('instance', parametersKey.admin)) return host.fail(ParametersError.AlreadyInitialized);
  const valid = params.min_guarantee_percent > 0n && params.min_guarantee_percent <= 100n && params.large_loan_threshold > 0n;
  if (!valid) return host.fail(ParametersError.InvalidParameters);
  host.requireAuth(admin);
  host.write('instance', parametersKey.admin, address.encode(admin));
  host.write('instance', parametersKey.params, protocolParameters.encode(params));
  return voidValue();
}
