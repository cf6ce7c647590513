import { describe, expect, it } from '@jest/globals';
import { xdr } from '@stellar/stellar-sdk';
import { loanRecord, repaymentSchedule } from './creditline-loan.js';
import { creditlineKey } from './creditline-storage.js';
import { approvedVendorChanges, balanceChange, depositChanges, scoreChange } from './deploy.js';
import {
  ALICE,
  BOB,
  IDS,
  LendingWorld,
  loanArguments,
  PROVIDER,
  SHOP,
  SHOP_CONTRACT,
} from '../../test/support/lending-world.js';
import { account, contractId } from '../../test/support/memory-host.js';
import { address, bool, i128, symbol, u32, u64, vec } from './scval.js';
import { EMPTY_HOLDING, tokenHolding, tokenKey } from './token.contract.js';

const instanceWrite = (world: LendingWorld, key: xdr.ScVal, value: xdr.ScVal | undefined): void =>
  world.network.write({ contract: IDS.creditline, durability: 'instance', key, value });

describe('create_loan leaves behind', () => {
  it('the loan, the counter, the index, the debt and moved tokens', () => {
    const world = LendingWorld.ready();
    world.network.timestamp = 5_000n;
    expect(u64.decode(world.createLoan())).toBe(1n);

    const stored = world.network.read(IDS.creditline, 'persistent', creditlineKey.loan(1n));
    expect(stored && loanRecord.decode(stored)).toEqual({
      loan_id: 1n,
      borrower: ALICE,
      vendor: SHOP,
      total_amount: 1_000n,
      guarantee_amount: 200n,
      interest_rate_bps: 400,
      interest_amount: 40n,
      service_fee_amount: 10n,
      principal_outstanding: 1_000n,
      interest_outstanding: 40n,
      service_fee_outstanding: 10n,
      remaining_balance: 1_050n,
      repayment_schedule: [{ amount: 1_000n, due_date: 11_000n, paid: false, paid_at: 0n }],
      status: 'Active',
      loan_type: 'Standard',
      created_at: 5_000n,
      funded_at: 5_000n,
      late_fees_outstanding: 0n,
      late_fee_accrual_timestamp: 0n,
    });
    expect(world.network.read(IDS.creditline, 'instance', symbol('LOANCNT'))).toEqual(
      u64.encode(1n),
    );
    expect(world.network.read(IDS.creditline, 'instance', symbol('LOCKED'))).toEqual(
      bool.encode(false),
    );
    expect([
      world.balance(ALICE),
      world.balance(IDS.creditline),
      world.balance(SHOP),
      world.balance(IDS.pool),
    ]).toEqual([99_800n, 200n, 800n, 9_200n]);
    expect(world.stats()).toMatchObject({
      total_liquidity: 10_000n,
      locked_liquidity: 800n,
      available_liquidity: 9_200n,
    });
  });

  it('keys that carry the loan id, so a transaction simulated for one id cannot land as the next', () => {
    const world = LendingWorld.ready();
    instanceWrite(world, creditlineKey.loanCounter, u64.encode(32n));
    world.createLoan();
    const expected = [
      vec([symbol('Loan'), u32.encode(1), u64.encode(33n)]),
      vec([symbol('UserLoanAt'), address.encode(ALICE), u64.encode(0n)]),
      vec([symbol('UserLoanCount'), address.encode(ALICE)]),
      vec([symbol('UserActiveDebt'), address.encode(ALICE)]),
    ].map((key) => `${IDS.creditline} ${key.toXdr('base64')}`);
    expect(
      [...world.network.written].filter((key) => key.startsWith(IDS.creditline)).sort(),
    ).toEqual(expected.sort());
  });

  it('transfer, transfer, LQFUND and LOANCRTD in that order, with the published topics and data', () => {
    const world = LendingWorld.ready();
    world.createLoan();
    const seen = world.network.events.map(({ contract, topics }) => [
      contract,
      topics[0]?.toXdr('base64'),
    ]);
    expect(seen).toEqual([
      [IDS.token, symbol('transfer').toXdr('base64')],
      [IDS.token, symbol('transfer').toXdr('base64')],
      [IDS.pool, 'AAAADwAAAAZMUUZVTkQAAA=='],
      [IDS.creditline, 'AAAADwAAAAhMT0FOQ1JURA=='],
    ]);
    const [, , funded, created] = world.network.events;
    expect(funded?.topics).toEqual([symbol('LQFUND'), address.encode(IDS.creditline)]);
    expect(funded?.data).toEqual(i128.encode(800n));
    expect(created?.topics).toEqual([
      symbol('LOANCRTD'),
      address.encode(ALICE),
      address.encode(SHOP),
    ]);
    const schedule = repaymentSchedule.encode([
      { amount: 1_000n, due_date: 11_000n, paid: false, paid_at: 0n },
    ]);
    expect(created?.data).toEqual(
      vec([u64.encode(1n), i128.encode(1_000n), i128.encode(200n), schedule]),
    );
  });

  it('nothing in the pool when the guarantee is the total', () => {
    const world = new LendingWorld();
    world.network.apply(
      ...approvedVendorChanges(IDS, { address: SHOP, name: 'Shop', since: 1n }),
      scoreChange(IDS, ALICE, 100),
      balanceChange(IDS, ALICE, 1_000n),
    );
    expect(u64.decode(world.createLoan({ total: 1_000n, guarantee: 1_000n }))).toBe(1n);
    expect(world.network.events.map(({ contract }) => contract)).toEqual([
      IDS.token,
      IDS.creditline,
    ]);
    expect(world.stats().locked_liquidity).toBe(0n);
  });

  it('tokens with a contract vendor that has no trustline', () => {
    const world = LendingWorld.ready();
    const [registration, count] = approvedVendorChanges(IDS, {
      address: SHOP_CONTRACT,
      name: 'Contract shop',
      since: 1n,
    });
    if (registration && count) world.network.apply(registration, count);
    world.createLoan({ vendor: SHOP_CONTRACT });
    expect(world.balance(SHOP_CONTRACT)).toBe(800n);
  });
});

describe('create_loan checks', () => {
  it('no schedule at all: an empty one, or a date long past, is accepted', () => {
    const world = LendingWorld.ready();
    const args = loanArguments();
    args[4] = xdr.ScVal.scvVec([]);
    expect(u64.decode(world.call(ALICE, 'creditline', { fn: 'create_loan', args }))).toBe(1n);
    expect(u64.decode(world.createLoan({ dueAt: 1n }))).toBe(2n);
  });

  it('the sum of debts, up to the limit and exactly to it', () => {
    const world = LendingWorld.ready();
    world.createLoan({ total: 9_000n, guarantee: 1_800n });
    expect(
      i128.decode(
        world.call(ALICE, 'creditline', {
          fn: 'get_user_active_debt',
          args: [address.encode(ALICE)],
        }),
      ),
    ).toBe(9_450n);
    expect(world.refusal({ total: 525n, guarantee: 105n })).toBe('creditline #18');
    world.createLoan({ total: 524n, guarantee: 105n });
    world.createLoan({ total: 1n, guarantee: 1n });
    expect(
      i128.decode(
        world.call(ALICE, 'creditline', {
          fn: 'get_user_active_debt',
          args: [address.encode(ALICE)],
        }),
      ),
    ).toBe(10_000n);
    expect(world.refusal({ total: 1n, guarantee: 1n })).toBe('creditline #18');
  });

  it('the least guarantee, floored: one unit less is #2', () => {
    const world = LendingWorld.ready();
    expect(world.refusal({ total: 999n, guarantee: 198n })).toBe('creditline #2');
    world.createLoan({ total: 999n, guarantee: 199n });
  });

  it.each([
    ['a wrong number of arguments', loanArguments().slice(0, 5)],
    ['text for an address', [symbol('x'), ...loanArguments().slice(1)]],
    [
      'u64 for an amount',
      [...loanArguments().slice(0, 2), u64.encode(1_000n), ...loanArguments().slice(3)],
    ],
    ['an unknown loan type', [...loanArguments().slice(0, 5), vec([symbol('Other')])]],
  ])('argument types, by a trap without a code: %s', (_what, args) => {
    expect(LendingWorld.ready().failure(ALICE, 'creditline', { fn: 'create_loan', args })).toBe(
      'creditline trap',
    );
  });
});

describe('create_loan refuses in the published order', () => {
  it('shows the next failure when the one before it is repaired', () => {
    const world = new LendingWorld();
    const unknownContract = contractId(99);
    instanceWrite(world, creditlineKey.parameters, address.encode(unknownContract));
    instanceWrite(world, creditlineKey.vendorRegistry, undefined);
    instanceWrite(world, symbol('LOCKED'), bool.encode(true));
    world.network.apply(scoreChange(IDS, ALICE, 49));
    const wrong = { total: 10_000n, guarantee: 1_999n };
    const seen: string[] = [];
    const step = (
      repair: () => void,
      asked: { total: bigint; guarantee: bigint } = wrong,
    ): void => {
      repair();
      seen.push(world.refusal(asked));
    };

    seen.push(
      world.failure(BOB, 'creditline', { fn: 'create_loan', args: loanArguments({ total: 0n }) }),
    );
    for (const asked of [
      { total: 0n, guarantee: 0n },
      { total: 10n, guarantee: -1n },
      { total: 10n, guarantee: 11n },
    ])
      step(() => undefined, asked);
    step(() => undefined);
    step(() => instanceWrite(world, creditlineKey.parameters, address.encode(IDS.parameters)));
    const right = { total: 10_000n, guarantee: 2_000n };
    step(() => undefined, right);
    step(
      () => instanceWrite(world, creditlineKey.vendorRegistry, address.encode(unknownContract)),
      right,
    );
    step(
      () => instanceWrite(world, creditlineKey.vendorRegistry, address.encode(IDS.vendor_registry)),
      right,
    );
    step(
      () =>
        world.network.apply(
          ...approvedVendorChanges(IDS, { address: SHOP, name: 'Shop', since: 1n }),
        ),
      right,
    );
    step(() => world.network.apply(scoreChange(IDS, ALICE, 100)), right);
    step(() => world.network.apply(...depositChanges(IDS, PROVIDER, 8_000n)), right);
    step(() => instanceWrite(world, symbol('LOCKED'), bool.encode(false)), right);
    const within = { total: 9_524n, guarantee: 1_904n };
    step(() => undefined, within);
    step(() => world.network.apply(balanceChange(IDS, ALICE, 1_903n)), within);
    step(() => {
      world.network.apply(balanceChange(IDS, ALICE, 1n));
      world.network.write({
        contract: IDS.token,
        durability: 'persistent',
        key: tokenKey.balance(SHOP),
        value: undefined,
      });
    }, within);
    step(
      () =>
        world.network.apply(balanceChange(IDS, SHOP, 0n), balanceChange(IDS, IDS.pool, -1_000n)),
      within,
    );
    world.network.apply(balanceChange(IDS, IDS.pool, 1_000n));
    world.createLoan(within);

    expect(seen).toEqual([
      'creditline trap',
      'creditline #9',
      'creditline #9',
      'creditline #9',
      'creditline #20',
      'creditline #2',
      'creditline #16',
      'creditline #17',
      'creditline #3',
      'creditline #4',
      'creditline #5',
      'creditline #21',
      'creditline #18',
      'token #13',
      'token #10',
      'token #13',
      'token #10',
    ]);
  });
});

describe('create_loan', () => {
  it('rolls everything back when the last step fails', () => {
    const world = LendingWorld.ready();
    world.network.apply(balanceChange(IDS, IDS.pool, -9_500n));
    const before = world.network.snapshot();
    expect(world.refusal()).toBe('token #10');
    expect(world.network.snapshot()).toEqual(before);
    expect(world.network.events).toEqual([]);
  });

  it("meets the pool's own #6 only when another loan took the liquidity between check and funding", () => {
    const world = LendingWorld.ready();
    // The creditline's check calls this stand-in, and the funding calls the real pool: only so can
    // the two disagree.
    const code = {
      name: 'pool',
      functions: { get_pool_stats: () => statsClaiming(1_000_000n), fund_loan: forwardToPool },
    } as const;
    world.network.deploy(code, contractId(50));
    instanceWrite(world, creditlineKey.pool, address.encode(contractId(50)));
    world.network.write({
      contract: IDS.pool,
      durability: 'instance',
      key: symbol('CRDTLIN'),
      value: address.encode(contractId(50)),
    });
    world.network.write({
      contract: IDS.pool,
      durability: 'instance',
      key: symbol('LCKDLIQ'),
      value: i128.encode(9_201n),
    });
    expect(world.refusal()).toBe('pool #6');
  });

  it('passes a failure of the reputation contract on as its own', () => {
    const world = LendingWorld.ready();
    instanceWrite(world, creditlineKey.reputation, address.encode(IDS.token));
    expect(world.refusal()).toBe('token trap');
  });

  it("answers Overflow from the guarantee's percentage and, where that still fits, from the interest", () => {
    const world = LendingWorld.ready();
    const max = (1n << 127n) - 1n;
    expect(world.refusal({ total: max, guarantee: max })).toBe('creditline #10');
    expect(world.refusal({ total: max / 20n + 1n, guarantee: max / 20n + 1n })).toBe(
      'creditline #10',
    );
    expect(world.refusal({ total: max / 20n, guarantee: max / 20n })).toBe('creditline #10');
    expect(world.refusal({ total: max / 400n, guarantee: max / 400n })).toBe('creditline #18');
  });

  it('names a missing account and a deauthorised one', () => {
    const world = LendingWorld.ready();
    const stranger = account(77);
    world.network.apply(scoreChange(IDS, stranger, 100));
    expect(world.refusal({ user: stranger })).toBe('token #6');
    const frozen = tokenHolding.encode({ ...EMPTY_HOLDING, amount: 1_000n, authorized: false });
    world.network.write({
      contract: IDS.token,
      durability: 'persistent',
      key: tokenKey.balance(ALICE),
      value: frozen,
    });
    expect(world.refusal()).toBe('token #11');
  });
});

function statsClaiming(available: bigint): xdr.ScVal {
  const fields = [
    ['available_liquidity', available],
    ['locked_liquidity', 0n],
    ['share_price', 10_000n],
    ['total_liquidity', available],
    ['total_shares', available],
  ] as const;
  return xdr.ScVal.scvMap(
    fields.map(([key, value]) => new xdr.ScMapEntry({ key: symbol(key), val: i128.encode(value) })),
  );
}

function forwardToPool(
  host: { self: string; call(contract: string, fn: string, args: readonly xdr.ScVal[]): xdr.ScVal },
  args: readonly xdr.ScVal[],
): xdr.ScVal {
  return host.call(IDS.pool, 'fund_loan', [address.encode(host.self), ...args.slice(1)]);
}
