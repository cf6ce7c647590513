import type { xdr } from '@stellar/stellar-sdk';
import {
  type LoanTypeName,
  loanType,
  repaymentSchedule,
} from '../../sandbox/contracts/creditline-loan.js';
import {
  approvedVendorChanges,
  balanceChange,
  type DeploymentIds,
  deployment,
  depositChanges,
  scoreChange,
} from '../../sandbox/contracts/deploy.js';
import type { Profile } from '../../sandbox/contracts/host.js';
import { account, contractId, failureOf, MemoryNetwork } from './memory-host.js';
import { type PoolStats, poolStats } from '../../sandbox/contracts/pool-storage.js';
import { contractCode } from '../../sandbox/contracts/registry.js';
import { address, i128 } from '../../sandbox/contracts/scval.js';
import { tokenHolding, tokenKey } from '../../sandbox/contracts/token.contract.js';

export const IDS: DeploymentIds = {
  creditline: contractId(1),
  pool: contractId(2),
  vendor_registry: contractId(3),
  reputation: contractId(4),
  parameters: contractId(5),
  token: contractId(6),
};
export const ADMIN = account(10);
export const ALICE = account(11);
export const BOB = account(12);
export const PROVIDER = account(13);
export const SHOP = account(14);
export const SHOP_CONTRACT = contractId(15);

export interface LoanArguments {
  user?: string;
  vendor?: string;
  total?: bigint;
  guarantee?: bigint;
  dueAt?: bigint;
  type?: LoanTypeName;
}

/** The figures of the published unit tests: total 1000, guarantee 200, one instalment. */
export function loanArguments({
  user = ALICE,
  vendor = SHOP,
  total = 1_000n,
  guarantee = 200n,
  dueAt = 11_000n,
  type = 'Standard',
}: LoanArguments = {}): xdr.ScVal[] {
  const schedule = [{ amount: total, due_date: dueAt, paid: false, paid_at: 0n }];
  return [
    address.encode(user),
    address.encode(vendor),
    i128.encode(total),
    i128.encode(guarantee),
    repaymentSchedule.encode(schedule),
    loanType.encode(type),
  ];
}

/** A deployment on a memory network, with short names for what the specs call. */
export class LendingWorld {
  readonly network = new MemoryNetwork();

  constructor(profile: Profile = 'stepfi', decimals = 7) {
    const code = contractCode(profile, decimals);
    for (const part of deployment({
      ids: IDS,
      admin: ADMIN,
      token: { decimal: decimals, name: `USDC:${ADMIN}`, symbol: 'USDC' },
    })) {
      const body = code.get(part.name);
      if (!body) throw new Error(`no code for ${part.name}`);
      this.network.deploy(body, part.contract);
      this.network.install(part);
    }
    for (const who of [ADMIN, ALICE, BOB, PROVIDER, SHOP]) this.network.accounts.add(who);
  }

  /**
   * A pool of 10000, an approved shop, and two borrowers with a score of 100 and enough for any
   * guarantee.
   */
  static ready(profile: Profile = 'stepfi', decimals = 7): LendingWorld {
    const world = new LendingWorld(profile, decimals);
    world.network.apply(
      ...depositChanges(IDS, PROVIDER, 10_000n),
      ...approvedVendorChanges(IDS, { address: SHOP, name: 'Shop', since: 1n }),
    );
    for (const who of [ALICE, BOB])
      world.network.apply(scoreChange(IDS, who, 100), balanceChange(IDS, who, 100_000n));
    return world;
  }

  call(
    source: string,
    contract: keyof DeploymentIds,
    call: { fn: string; args: readonly xdr.ScVal[] },
  ): xdr.ScVal {
    return this.network.invoke(source, IDS[contract], call);
  }

  failure(
    source: string,
    contract: keyof DeploymentIds,
    call: { fn: string; args: readonly xdr.ScVal[] },
  ): string {
    return failureOf(() => this.call(source, contract, call), IDS);
  }

  createLoan(loan: LoanArguments = {}): xdr.ScVal {
    return this.call(loan.user ?? ALICE, 'creditline', {
      fn: 'create_loan',
      args: loanArguments(loan),
    });
  }

  refusal(loan: LoanArguments = {}): string {
    return failureOf(() => this.createLoan(loan), IDS);
  }

  stats(): PoolStats {
    return poolStats.decode(this.call(ADMIN, 'pool', { fn: 'get_pool_stats', args: [] }));
  }

  balance(holder: string): bigint {
    const stored = this.network.read(IDS.token, 'persistent', tokenKey.balance(holder));
    return stored ? tokenHolding.decode(stored).amount : 0n;
  }
}
