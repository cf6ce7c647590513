import { describe, expect, it } from '@jest/globals';
import {
  approvedVendorChanges,
  balanceChange,
  deployment,
  depositChanges,
  scoreChange,
} from './deploy.js';
import {
  ADMIN,
  ALICE,
  IDS,
  LendingWorld,
  PROVIDER,
  SHOP,
} from '../../test/support/lending-world.js';
import { account, MemoryNetwork } from '../../test/support/memory-host.js';
import { contractCode } from './registry.js';
import { address, bool, compareScVal, i128, text, u32 } from './scval.js';
import { EMPTY_HOLDING, tokenHolding, tokenKey, tokenMetadata } from './token.contract.js';

const TOKEN = { decimal: 7, name: `USDC:${ADMIN}`, symbol: 'USDC' };
const TREASURY = account(20);

/**
 * State without the reentrancy flags: a call leaves them as false, and a deployment never sets
 * them.
 */
function comparable(network: MemoryNetwork): Readonly<Record<string, string>> {
  const lowered = bool.encode(false).toXdr('base64');
  return Object.fromEntries(
    Object.entries(network.snapshot()).filter(([, value]) => value !== lowered),
  );
}

describe('deployment', () => {
  it.each([
    ['g1', 'set_admin', []],
    ['g2', 'set_admin', []],
    ['g3', 'initialize', [IDS.vendor_registry]],
  ] as const)(
    'of %s is what initialize calls and setters leave behind',
    (generation, first, more) => {
      const called = new MemoryNetwork();
      for (const code of contractCode('stepfi', 7, generation).values())
        called.deploy(code, IDS[code.name as keyof typeof IDS]);
      const invoke = (contract: keyof typeof IDS, fn: string, ...who: string[]): unknown =>
        called.invoke(ADMIN, IDS[contract], { fn, args: who.map(address.encode) });
      invoke('parameters', 'initialize_defaults', ADMIN);
      invoke('reputation', first, ADMIN);
      for (const updater of [IDS.creditline, ADMIN]) {
        called.invoke(ADMIN, IDS.reputation, {
          fn: 'set_updater',
          args: [address.encode(ADMIN), address.encode(updater), bool.encode(true)],
        });
      }
      invoke('vendor_registry', 'initialize', ADMIN);
      invoke('pool', 'initialize', ADMIN, IDS.token, TREASURY, ADMIN, ...more);
      invoke('pool', 'set_creditline', ADMIN, IDS.creditline);
      invoke(
        'creditline',
        'initialize',
        ADMIN,
        IDS.reputation,
        IDS.vendor_registry,
        IDS.pool,
        IDS.token,
      );
      invoke('creditline', 'set_parameters_contract', ADMIN, IDS.parameters);
      // An asset contract starts with its metadata, and accounts open trustlines.
      called.write({
        contract: IDS.token,
        durability: 'instance',
        key: tokenKey.metadata,
        value: tokenMetadata.encode(TOKEN),
      });
      called.write({
        contract: IDS.token,
        durability: 'instance',
        key: tokenKey.admin,
        value: address.encode(ADMIN),
      });
      for (const holder of [TREASURY, ADMIN])
        called.write({
          contract: IDS.token,
          durability: 'persistent',
          key: tokenKey.balance(holder),
          value: tokenHolding.encode(EMPTY_HOLDING),
        });

      const written = new MemoryNetwork();
      const plan = { ids: IDS, admin: ADMIN, token: TOKEN, treasury: TREASURY, generation };
      for (const part of deployment(plan)) written.install(part);
      expect(comparable(written)).toEqual(comparable(called));
    },
  );

  it("lists instance entries in the host's key order", () => {
    for (const part of deployment({ ids: IDS, admin: ADMIN, token: TOKEN })) {
      const keys = part.instance.map(({ key }) => key);
      expect(keys.length).toBeGreaterThan(0);
      expect(keys).toEqual([...keys].sort(compareScVal));
    }
  });
});

describe('state changes', () => {
  it('are what deposit, set_score, mint and the vendor calls do', () => {
    const called = new LendingWorld();
    const written = new LendingWorld();
    for (const world of [called, written])
      world.network.apply(
        balanceChange(IDS, PROVIDER, 0n),
        balanceChange(IDS, ALICE, 0n),
        balanceChange(IDS, SHOP, 0n),
      );
    called.network.timestamp = 4_000n;
    for (const amount of [500n, 700n]) {
      called.call(ADMIN, 'token', {
        fn: 'mint',
        args: [address.encode(PROVIDER), i128.encode(amount)],
      });
      called.call(PROVIDER, 'pool', {
        fn: 'deposit',
        args: [address.encode(PROVIDER), i128.encode(amount)],
      });
    }
    called.call(ADMIN, 'token', { fn: 'mint', args: [address.encode(ALICE), i128.encode(90n)] });
    for (const [who, score] of [
      [ALICE, 75],
      [SHOP, 10],
      [PROVIDER, 99],
    ] as const) {
      called.call(ADMIN, 'reputation', {
        fn: 'set_score',
        args: [address.encode(ADMIN), address.encode(who), u32.encode(score)],
      });
    }
    called.call(ADMIN, 'vendor_registry', {
      fn: 'register_vendor',
      args: [address.encode(ADMIN), address.encode(SHOP), text.encode('Shop')],
    });
    called.call(ADMIN, 'vendor_registry', {
      fn: 'approve_vendor',
      args: [address.encode(ADMIN), address.encode(SHOP)],
    });

    written.network.apply(
      ...depositChanges(IDS, PROVIDER, 500n),
      ...depositChanges(IDS, PROVIDER, 700n),
      balanceChange(IDS, ALICE, 90n),
      scoreChange(IDS, PROVIDER, 99),
      scoreChange(IDS, ALICE, 75),
      scoreChange(IDS, SHOP, 10),
      ...approvedVendorChanges(IDS, { address: SHOP, name: 'Shop', since: 4_000n }),
    );
    expect(comparable(written.network)).toEqual(comparable(called.network));
  });
});
