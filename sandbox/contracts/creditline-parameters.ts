import { creditlineKey, linkedContract } from './creditline-storage.js';
import { CreditlineError as Failure } from './error-codes.js';
import type { CreditlineRules } from './generations.js';
import type { Host } from './host.js';
import {
  DEFAULT_LONGER_PARAMETERS,
  type LongerParameters,
  parametersCodec,
} from './protocol-parameters.js';
import { ScValTypeError } from './scval.js';

/**
 * The published defaults while no parameters contract is set. When one is set and fails,
 * ParametersUnavailable, or the defaults as well.
 */
export function parametersOf(host: Host, rules: CreditlineRules): LongerParameters {
  const contract = linkedContract(host, creditlineKey.parameters);
  if (contract === undefined) return DEFAULT_LONGER_PARAMETERS;
  const unreadable = (): LongerParameters =>
    rules.unreadableParameters === 'defaults'
      ? DEFAULT_LONGER_PARAMETERS
      : host.fail(Failure.ParametersUnavailable);
  const reply = host.tryCall(contract, 'get_parameters', []);
  if (!reply.ok) return unreadable();
  return decodedOr(unreadable, () => parametersCodec(rules).decode(reply.value));
}

/** A try call whose answer has another type counts as failed. */
export function decodedOr<T>(otherwise: () => T, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof ScValTypeError) return otherwise();
    throw error;
  }
}
