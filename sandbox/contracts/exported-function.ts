import type { xdr } from '@stellar/stellar-sdk';
import type { ContractFunction, Host } from './host.js';
import {
  address,
  bool,
  type Codec,
  ScValTypeError,
  symbol,
  u32,
  u64,
  vec,
  voidValue,
} from './scval.js';

/**
 * A contract function whose arguments arrive decoded. A wrong number of arguments or a value of
 * another type traps without a contract code, as on the chain.
 */
export function exported<Args extends readonly unknown[]>(
  parameters: { readonly [I in keyof Args]: Codec<Args[I]> },
  run: (host: Host, args: Args) => xdr.ScVal,
): ContractFunction {
  const codecs: readonly Codec<unknown>[] = parameters;
  const decoded: ContractFunction = (host, args) => {
    if (args.length !== codecs.length)
      return host.trap(`the function takes ${codecs.length} arguments, ${args.length} were given`);
    try {
      const values: unknown = codecs.map((codec, at) => codec.decode(args[at] ?? voidValue()));
      return run(host, values as Args);
    } catch (error) {
      if (error instanceof ScValTypeError) return host.trap(error.message);
      throw error;
    }
  };
  return withParameters(decoded, codecs);
}

/** The function with its parameters, for the interface of its contract. */
export const withParameters = (
  run: ContractFunction,
  parameters: ContractFunction['parameters'] = [],
): ContractFunction => Object.assign(run, { parameters });

/** The codes with which an admin check may fail. */
export interface AdminCodes {
  readonly NotAdmin: number;
  readonly NotInitialized: number;
}

const ADMIN = symbol('ADMIN');
const LOCKED = symbol('LOCKED');
const VERSION = symbol('VERSION');

/** Instance key ADMIN, as an address. Fails NotInitialized when no admin is set. */
export function storedAdmin(host: Host, codes: Pick<AdminCodes, 'NotInitialized'>): string {
  const stored = host.read('instance', ADMIN);
  return stored ? address.decode(stored) : host.fail(codes.NotInitialized);
}

/**
 * Checks the caller's signature first, then compares, so another account that signs gets NotAdmin.
 */
export function requireAdmin(host: Host, claimed: string, codes: AdminCodes): void {
  host.requireAuth(claimed);
  if (claimed !== storedAdmin(host, codes)) host.fail(codes.NotAdmin);
}

/** get_admin, set_admin and get_version are alike in creditline and pool. */
export function administration(
  codes: AdminCodes,
): Readonly<Record<'get_admin' | 'set_admin' | 'get_version', ContractFunction>> {
  return {
    get_admin: exported([], (host) => address.encode(storedAdmin(host, codes))),
    set_admin: exported([address], (host, [newAdmin]) => {
      host.requireAuth(storedAdmin(host, codes));
      host.write('instance', ADMIN, address.encode(newAdmin));
      return voidValue();
    }),
    get_version: version,
  };
}

/** 1 until an upgrade writes another number. */
export const version: ContractFunction = exported([], (host) => u32.encode(versionOf(host)));

function versionOf(host: Host): number {
  const stored = host.read('instance', VERSION);
  return stored ? u32.decode(stored) : 1;
}

/** Puts other code under the running contract, and raises its version. */
export function replaceCode(host: Host, wasmHash: Uint8Array): xdr.ScVal {
  const before = versionOf(host);
  host.write('instance', VERSION, u32.encode(before + 1));
  host.replaceCode(wasmHash);
  host.emit(
    [symbol('CONTRACTUPGRADED')],
    vec([u32.encode(before), u32.encode(before + 1), u64.encode(host.ledger.timestamp)]),
  );
  return voidValue();
}

/** `set_<something>(admin, address)`: writes one address under an instance key. */
export function addressSetter(key: xdr.ScVal, codes: AdminCodes): ContractFunction {
  return exported([address, address], (host, [admin, value]) => {
    requireAdmin(host, admin, codes);
    host.write('instance', key, address.encode(value));
    return voidValue();
  });
}

/**
 * Runs the body with the instance flag LOCKED set; a call that finds it set fails with `code`. It
 * is left false, not removed, as on the chain.
 */
export function withoutReentry(
  host: Host,
  code: number,
  body: () => xdr.ScVal,
  flag: xdr.ScVal = LOCKED,
): xdr.ScVal {
  const raised = host.read('instance', flag);
  if (raised?.type === 'scvBool' && raised.value) return host.fail(code);
  host.write('instance', flag, bool.encode(true));
  const result = body();
  host.write('instance', flag, bool.encode(false));
  return result;
}
