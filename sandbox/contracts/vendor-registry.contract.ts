import type { xdr } from '@stellar/stellar-sdk';
import { checkedMath, U64 } from './checked-math.js';
import { VendorRegistryError as Failure } from './error-codes.js';
import { exported, version, withoutReentry } from './exported-function.js';
import type { ContractCode, ContractFunction, Host } from './host.js';
import { address, bool, struct, symbol, text, u32, u64, vec, voidValue } from './scval.js';

/** Keys are enum variants here, not short symbols as in the other contracts. */
export const vendorKey = {
  admin: vec([symbol('Admin')]),
  locked: vec([symbol('Locked')]),
  count: vec([symbol('VendorCount')]),
  vendor: (vendor: string): xdr.ScVal => vec([symbol('Vendor'), address.encode(vendor)]),
} as const;

/** An enum with numbers: plain U32 on the chain. */
export const VendorStatus = { Pending: 0, Approved: 1, Suspended: 2, Rejected: 3 } as const;

export interface VendorInfo {
  readonly name: string;
  readonly registration_date: bigint;
  readonly status: number;
  readonly total_sales: bigint;
}
export const vendorInfo = struct<VendorInfo>({
  name: text,
  registration_date: u64,
  status: u32,
  total_sales: u64,
});

const LONGEST_NAME_BYTES = 64;

/**
 * The vendors that may receive loans. Events still have merchants in their names
 * (docs/stellar.md#other-contracts).
 */
export const vendorRegistryContract: ContractCode = {
  name: 'vendor_registry',
  functions: {
    initialize: exported([address], (host, [admin]) => {
      if (host.read('instance', vendorKey.admin)) return host.fail(Failure.AlreadyInitialized);
      host.write('instance', vendorKey.admin, address.encode(admin));
      return voidValue();
    }),
    register_vendor: exported([address, address, text], (host, [admin, vendor, name]) =>
      register(host, admin, { vendor, name }),
    ),
    approve_vendor: statusChange(VendorStatus.Approved, VendorStatus.Pending),
    suspend_vendor: statusChange(VendorStatus.Suspended),
    activate_vendor: statusChange(VendorStatus.Approved),
    deactivate_vendor: statusChange(VendorStatus.Suspended),
    is_active: exported([address], (host, [vendor]) =>
      bool.encode(find(host, vendor)?.status === VendorStatus.Approved),
    ),
    get_vendor_info: exported([address], (host, [vendor]) => {
      storedAdmin(host);
      return vendorInfo.encode(find(host, vendor) ?? host.fail(Failure.VendorNotFound));
    }),
    get_vendor_count: exported([], (host) => {
      storedAdmin(host);
      return u64.encode(countOf(host));
    }),
    get_version: version,
  },
};

function register(host: Host, admin: string, asked: { vendor: string; name: string }): xdr.ScVal {
  requireAdmin(host, admin);
  if (find(host, asked.vendor)) return host.fail(Failure.VendorAlreadyRegistered);
  const bytes = Buffer.byteLength(asked.name);
  if (bytes === 0 || bytes > LONGEST_NAME_BYTES) return host.fail(Failure.InvalidName);
  return withoutReentry(
    host,
    Failure.ReentrancyDetected,
    () => {
      const info = {
        name: asked.name,
        registration_date: host.ledger.timestamp,
        status: VendorStatus.Pending,
        total_sales: 0n,
      };
      host.write('persistent', vendorKey.vendor(asked.vendor), vendorInfo.encode(info));
      const count = checkedMath(
        host,
        { overflow: Failure.Overflow, underflow: Failure.Underflow },
        U64,
      ).add(countOf(host), 1n);
      host.write('persistent', vendorKey.count, u64.encode(count));
      host.emit([symbol('MERCHTREG'), address.encode(asked.vendor)], text.encode(asked.name));
      return voidValue();
    },
    vendorKey.locked,
  );
}

function statusChange(status: number, only?: number): ContractFunction {
  return exported([address, address], (host, [admin, vendor]) => {
    requireAdmin(host, admin);
    return withoutReentry(
      host,
      Failure.ReentrancyDetected,
      () => {
        const info = find(host, vendor) ?? host.fail(Failure.VendorNotFound);
        if (only !== undefined && info.status !== only) return host.fail(Failure.VendorNotPending);
        host.write('persistent', vendorKey.vendor(vendor), vendorInfo.encode({ ...info, status }));
        host.emit([symbol('MERCHTSTATUS'), address.encode(vendor)], u32.encode(status));
        return voidValue();
      },
      vendorKey.locked,
    );
  });
}

function find(host: Host, vendor: string): VendorInfo | undefined {
  const stored = host.read('persistent', vendorKey.vendor(vendor));
  return stored && vendorInfo.decode(stored);
}

function countOf(host: Host): bigint {
  const stored = host.read('persistent', vendorKey.count);
  return stored ? u64.decode(stored) : 0n;
}

function storedAdmin(host: Host): string {
  const stored = host.read('instance', vendorKey.admin);
  return stored ? address.decode(stored) : host.fail(Failure.NotInitialized);
}

/** NotInitialized comes before the signature here, unlike in the other contracts. */
function requireAdmin(host: Host, claimed: string): void {
  const admin = storedAdmin(host);
  host.requireAuth(claimed);
  if (claimed !== admin) host.fail(Failure.Unauthorized);
}
