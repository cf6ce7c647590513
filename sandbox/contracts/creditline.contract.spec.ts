import { describe, expect, it } from '@jest/globals';
import type { xdr } from '@stellar/stellar-sdk';
import { type Loan, loanRecord } from './creditline-loan.js';
import { ADMIN, ALICE, BOB, IDS, LendingWorld } from '../../test/support/lending-world.js';
import { contractId } from '../../test/support/memory-host.js';
import { address, symbol, u32, u64, vecOf } from './scval.js';

const loansOf = (
  world: LendingWorld,
  borrower: string,
  page: { start: bigint; limit: number },
): readonly Loan[] =>
  vecOf(loanRecord).decode(
    world.call(BOB, 'creditline', {
      fn: 'get_user_loans',
      args: [address.encode(borrower), u64.encode(page.start), u32.encode(page.limit)],
    }),
  );
const read = (world: LendingWorld, fn: string, ...args: xdr.ScVal[]): xdr.ScVal =>
  world.call(BOB, 'creditline', { fn, args });

describe('creditline readers', () => {
  it('answers a loan by id, and #6 for an unknown one', () => {
    const world = LendingWorld.ready();
    world.createLoan({ type: 'LearnerInstallment' });
    expect(loanRecord.decode(read(world, 'get_loan', u64.encode(1n)))).toMatchObject({
      loan_id: 1n,
      borrower: ALICE,
      loan_type: 'LearnerInstallment',
    });
    expect(world.failure(BOB, 'creditline', { fn: 'get_loan', args: [u64.encode(999n)] })).toBe(
      'creditline #6',
    );
  });

  it('pages through the loans of one borrower only', () => {
    const world = LendingWorld.ready();
    for (const user of [ALICE, BOB, ALICE, ALICE])
      world.createLoan({ user, total: 100n, guarantee: 20n });
    const ids = (page: { start: bigint; limit: number }): bigint[] =>
      loansOf(world, ALICE, page).map((loan) => loan.loan_id);
    expect(ids({ start: 0n, limit: 10 })).toEqual([1n, 3n, 4n]);
    expect(ids({ start: 1n, limit: 1 })).toEqual([3n]);
    expect(ids({ start: 3n, limit: 5 })).toEqual([]);
    expect(ids({ start: 0n, limit: 0 })).toEqual([]);
    expect(u64.decode(read(world, 'get_user_loan_count', address.encode(ALICE)))).toBe(3n);
    expect(u64.decode(read(world, 'get_user_loan_count', address.encode(ADMIN)))).toBe(0n);
  });

  it('is version 1 until upgraded', () => {
    expect(u32.decode(read(new LendingWorld(), 'get_version'))).toBe(1);
  });
});

describe('creditline administration', () => {
  it.each([
    'set_reputation_contract',
    'set_vendor_registry',
    'set_liquidity_pool',
    'set_parameters_contract',
  ])('%s is for the admin', (fn) => {
    const world = LendingWorld.ready();
    const args = (who: string): xdr.ScVal[] => [
      address.encode(who),
      address.encode(contractId(90)),
    ];
    expect(world.failure(ALICE, 'creditline', { fn, args: args(ALICE) })).toBe('creditline #1');
    expect(world.failure(ALICE, 'creditline', { fn, args: args(ADMIN) })).toBe('creditline trap');
    const before = world.network.snapshot();
    world.call(ADMIN, 'creditline', { fn, args: args(ADMIN) });
    const after = world.network.snapshot();
    const changed = Object.keys(after).filter((slot) => after[slot] !== before[slot]);
    expect(changed.map((slot) => after[slot])).toEqual([
      address.encode(contractId(90)).toXdr('base64'),
    ]);
  });

  it('changes the admin on the signature of the old one', () => {
    const world = LendingWorld.ready();
    expect(
      world.failure(ALICE, 'creditline', { fn: 'set_admin', args: [address.encode(ALICE)] }),
    ).toBe('creditline trap');
    world.call(ADMIN, 'creditline', { fn: 'set_admin', args: [address.encode(ALICE)] });
    expect(address.decode(read(world, 'get_admin'))).toBe(ALICE);
  });

  it('panics without a code when initialised twice, and answers #26 before', () => {
    const world = new LendingWorld();
    const args = [ADMIN, IDS.reputation, IDS.vendor_registry, IDS.pool, IDS.token].map(
      address.encode,
    );
    expect(world.failure(ADMIN, 'creditline', { fn: 'initialize', args })).toBe('creditline trap');
    world.network.write({
      contract: IDS.creditline,
      durability: 'instance',
      key: symbol('ADMIN'),
      value: undefined,
    });
    expect(world.failure(ADMIN, 'creditline', { fn: 'get_admin', args: [] })).toBe(
      'creditline #26',
    );
    world.call(ADMIN, 'creditline', { fn: 'initialize', args });
    expect(address.decode(read(world, 'get_admin'))).toBe(ADMIN);
  });

  it('has no function it was not given', () => {
    expect(new LendingWorld().failure(ALICE, 'creditline', { fn: 'repay', args: [] })).toBe(
      'creditline trap',
    );
  });
});
