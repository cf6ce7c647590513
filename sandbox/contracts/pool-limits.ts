import type { xdr } from '@stellar/stellar-sdk';
import { LimitedPoolError as Failure, PoolError } from './error-codes.js';
import { exported, requireAdmin } from './exported-function.js';
import type { ContractFunction, Host } from './host.js';
import { figure, poolKey, poolMath, writeFigure } from './pool-storage.js';
import { address, bool, i128, optional, symbol, u32, vec, voidValue } from './scval.js';

/** What fund_loan checks from the third generation on (docs/stellar.md#contract-generations). */

const BPS = 10_000n;

/** The functions that read and set the limits. */
export const limitFunctions: Readonly<Record<string, ContractFunction>> = {
  set_outflow_cap_bps: exported([address, u32], (host, [admin, bps]) => {
    requireAdmin(host, admin, PoolError);
    if (BigInt(bps) > BPS) return host.fail(Failure.InvalidCap);
    host.write('instance', poolKey.outflowCap, u32.encode(bps));
    return capsChanged(host, admin);
  }),
  set_merchant_exposure_cap: exported([address, i128], (host, [admin, amount]) => {
    requireAdmin(host, admin, PoolError);
    if (amount < 0n) return host.fail(Failure.InvalidCap);
    writeFigure(host, poolKey.exposureCap, amount);
    return capsChanged(host, admin);
  }),
  set_vendor_registry: exported([address, optional(address)], (host, [admin, registry]) => {
    requireAdmin(host, admin, PoolError);
    if (registry === null) host.remove('instance', poolKey.vendorRegistry);
    else host.write('instance', poolKey.vendorRegistry, address.encode(registry));
    host.emit(
      [symbol('VREGUPD'), address.encode(admin)],
      vec([optional(address).encode(registry)]),
    );
    return voidValue();
  }),
  get_outflow_cap_bps: exported([], (host) => u32.encode(Number(outflowCap(host)))),
  get_merchant_exposure_cap: exported([], (host) => i128.encode(figure(host, poolKey.exposureCap))),
  get_merchant_funded: exported([address], (host, [merchant]) =>
    i128.encode(fundedTo(host, merchant)),
  ),
  get_vendor_registry: exported(
    [],
    (host) => host.read('instance', poolKey.vendorRegistry) ?? voidValue(),
  ),
};

/** Where a registry is set, it must know the merchant as active. */
export function requireActiveVendor(host: Host, merchant: string): void {
  const registry = host.read('instance', poolKey.vendorRegistry);
  if (!registry) return;
  const reply = host.tryCall(address.decode(registry), 'is_active', [address.encode(merchant)]);
  if (!reply.ok || reply.value.type !== 'scvBool' || !bool.decode(reply.value))
    host.fail(Failure.VendorNotActive);
}

/**
 * Counts a funding against both caps; a cap of 0 is off.
 * @param available what the pool had before this funding
 * @returns what the caps leave, 0 for a cap that is off
 */
export function countFunding(
  host: Host,
  { merchant, amount, available }: { merchant: string; amount: bigint; available: bigint },
): { readonly outflow: bigint; readonly merchant: bigint } {
  return {
    outflow: countOutflow(host, amount, available),
    merchant: countExposure(host, merchant, amount),
  };
}

/** A ledger may take a share of what is available before each funding (docs/stellar.md#outflow-cap). */
function countOutflow(host: Host, amount: bigint, available: bigint): bigint {
  const bps = outflowCap(host);
  if (bps === 0n) return 0n;
  const math = poolMath(host);
  const cap = math.div(math.mul(available, bps), BPS);
  const window = host.read('instance', poolKey.outflowLedger);
  const isOpen = window !== undefined && u32.decode(window) === host.ledger.sequence;
  const used = math.add(isOpen ? figure(host, poolKey.outflowUsed) : 0n, amount);
  if (used > cap) host.fail(Failure.OutflowCapExceeded);
  host.write('instance', poolKey.outflowLedger, u32.encode(host.ledger.sequence));
  writeFigure(host, poolKey.outflowUsed, used);
  return cap - used;
}

/** What a merchant was ever funded is kept and never lowered. */
function countExposure(host: Host, merchant: string, amount: bigint): bigint {
  const cap = figure(host, poolKey.exposureCap);
  const funded = poolMath(host).add(fundedTo(host, merchant), amount);
  if (cap > 0n && funded > cap) host.fail(Failure.MerchantExposureCapExceeded);
  host.write('persistent', poolKey.funded(merchant), i128.encode(funded));
  return cap > 0n ? cap - funded : 0n;
}

function fundedTo(host: Host, merchant: string): bigint {
  const stored = host.read('persistent', poolKey.funded(merchant));
  return stored ? i128.decode(stored) : 0n;
}

function outflowCap(host: Host): bigint {
  const stored = host.read('instance', poolKey.outflowCap);
  return stored ? BigInt(u32.decode(stored)) : 0n;
}

function capsChanged(host: Host, admin: string): xdr.ScVal {
  host.emit(
    [symbol('CAPSUPD'), address.encode(admin)],
    vec([u32.encode(Number(outflowCap(host))), i128.encode(figure(host, poolKey.exposureCap))]),
  );
  return voidValue();
}
