import createClient, { type Client, type ClientOptions } from 'openapi-fetch';
import type { components, paths } from './api.types.js';

export type { components, operations, paths } from './api.types.js';

/**
 * The API with every path, parameter, body and answer typed by its OpenAPI document; `data` and
 * `error` (a problem, told apart by `code`) exclude each other.
 */
export type HoldfastClient = Client<paths>;
type Schemas = components['schemas'];
/** A schema of the document by its name. */
export type Schema<Name extends keyof Schemas> = Schemas[Name];
/** Any refusal. */
export type Problem = Schemas['Problem'];

/**
 * The Idempotency-Key with which to repeat a request that was refused with this problem: the same
 * one, which cannot make a second hold, unless the refusal sticks to it.
 */
export const keyForRetry = (problem: { readonly newKeyNeeded?: unknown }, key: string): string =>
  problem.newKeyNeeded === true ? crypto.randomUUID() : key;

/**
 * @param options `baseUrl` of the service, `headers` for every request, `fetch` instead of the
 * platform's own
 */
export function holdfastClient(
  options: ClientOptions & { readonly baseUrl: string },
): HoldfastClient {
  return createClient<paths>(options);
}
