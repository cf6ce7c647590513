import { describe, expect, it } from '@jest/globals';
import type { xdr } from '@stellar/stellar-sdk';
import { ADMIN, ALICE, IDS, LendingWorld, SHOP } from '../../test/support/lending-world.js';
import { address, bool, symbol, text, u32, u64, vec } from './scval.js';
import { vendorInfo, VendorStatus } from './vendor-registry.contract.js';

const on = (fn: string, admin = ADMIN, ...more: xdr.ScVal[]) => ({
  fn,
  args: [address.encode(admin), address.encode(SHOP), ...more],
});
const active = (world: LendingWorld): boolean =>
  bool.decode(
    world.call(ALICE, 'vendor_registry', { fn: 'is_active', args: [address.encode(SHOP)] }),
  );

describe('vendor registry', () => {
  it('takes a vendor from unknown to pending to approved to suspended and back', () => {
    const world = new LendingWorld();
    world.network.timestamp = 7_000n;
    expect(active(world)).toBe(false);
    world.call(ADMIN, 'vendor_registry', on('register_vendor', ADMIN, text.encode('Shop')));
    expect(active(world)).toBe(false);
    world.call(ADMIN, 'vendor_registry', on('approve_vendor'));
    expect(active(world)).toBe(true);
    world.call(ADMIN, 'vendor_registry', on('suspend_vendor'));
    expect(active(world)).toBe(false);
    world.call(ADMIN, 'vendor_registry', on('activate_vendor'));
    expect(active(world)).toBe(true);
    const info = world.call(ALICE, 'vendor_registry', {
      fn: 'get_vendor_info',
      args: [address.encode(SHOP)],
    });
    expect(vendorInfo.decode(info)).toEqual({
      name: 'Shop',
      registration_date: 7_000n,
      status: VendorStatus.Approved,
      total_sales: 0n,
    });
    expect(
      u64.decode(world.call(ALICE, 'vendor_registry', { fn: 'get_vendor_count', args: [] })),
    ).toBe(1n);
    expect(world.network.events.map(({ topics, data }) => [topics[0], data])).toEqual([
      [symbol('MERCHTREG'), text.encode('Shop')],
      ...[1, 2, 1].map((status) => [symbol('MERCHTSTATUS'), u32.encode(status)]),
    ]);
  });

  it('refuses by its own numbers', () => {
    const world = new LendingWorld();
    const register = (name: string, admin = ADMIN) =>
      on('register_vendor', admin, text.encode(name));
    expect(
      world.failure(ADMIN, 'vendor_registry', { fn: 'initialize', args: [address.encode(ADMIN)] }),
    ).toBe('vendor_registry #1');
    expect(world.failure(ALICE, 'vendor_registry', register('Shop', ALICE))).toBe(
      'vendor_registry #6',
    );
    expect(world.failure(ALICE, 'vendor_registry', register('Shop'))).toBe('vendor_registry trap');
    expect(world.failure(ADMIN, 'vendor_registry', register(''))).toBe('vendor_registry #5');
    expect(world.failure(ADMIN, 'vendor_registry', register('x'.repeat(65)))).toBe(
      'vendor_registry #5',
    );
    expect(world.failure(ADMIN, 'vendor_registry', on('approve_vendor'))).toBe(
      'vendor_registry #4',
    );
    world.call(ADMIN, 'vendor_registry', register('x'.repeat(64)));
    expect(world.failure(ADMIN, 'vendor_registry', register('Shop'))).toBe('vendor_registry #3');
    world.call(ADMIN, 'vendor_registry', on('approve_vendor'));
    expect(world.failure(ADMIN, 'vendor_registry', on('approve_vendor'))).toBe(
      'vendor_registry #10',
    );
    world.network.write({
      contract: IDS.vendor_registry,
      durability: 'instance',
      key: vec([symbol('Admin')]),
      value: undefined,
    });
    expect(world.failure(ALICE, 'vendor_registry', register('Shop'))).toBe('vendor_registry #2');
  });
});
