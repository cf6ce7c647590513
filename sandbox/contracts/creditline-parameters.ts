import { creditlineKey, linkedContract } from './creditline-storage.js';
import { CreditlineError as Failure } from './error-codes.js';
import type { Host } from './host.js';
import {
  DEFAULT_PARAMETERS,
  type ProtocolParameters,
  protocolParameters,
} from './protocol-parameters.js';
import { ScValTypeError } from './scval.js';

/**
 * The published defaults while no parameters contract is set; ParametersUnavailable when one is set
 * and fails.
 */
export function parametersOf(host: Host): ProtocolParameters {
  const contract = linkedContract(host, creditlineKey.parameters);
  if (contract === undefined) return DEFAULT_PARAMETERS;
  const reply = host.tryCall(contract, 'get_parameters', []);
  return reply.ok
    ? decodedOr(host, Failure.ParametersUnavailable, () => protocolParameters.decode(reply.value))
    : host.fail(Failure.ParametersUnavailable);
}

/** A try call whose answer has another type counts as failed. */
export function decodedOr<T>(host: Host, code: number, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof ScValTypeError) return host.fail(code);
    throw error;
  }
}
