import { Keypair } from '@stellar/stellar-sdk';
import { type ActionResult, resultOf, type When } from './action-result.js';
import { landCall } from './contract-call.js';
import type { DevelopmentAccount, DevelopmentAccounts } from './development-accounts.js';
import type { ForeignLoan } from './foreign-loan.js';
import type { LocalChain } from './local-chain.js';
import type { PoolRecord } from './network-notes.js';
import { type DeployedContract, deployment, type DeploymentPlan } from '../contracts/deploy.js';
import { EMPTY_RESERVE, reserveData, reserveKey } from '../contracts/reserve.contract.js';
import { address, i128 } from '../contracts/scval.js';

/** A reserve and its token, as they are after deployment. */
export function reserveDeployment(plan: DeploymentPlan): readonly DeployedContract[] {
  const reserve: DeployedContract = {
    name: 'pool',
    contract: plan.ids.pool,
    instance: [
      { key: reserveKey.admin, value: address.encode(plan.admin) },
      { key: reserveKey.asset, value: address.encode(plan.ids.token) },
      { key: reserveKey.data, value: reserveData.encode(EMPTY_RESERVE) },
    ],
    persistent: [],
  };
  return [...deployment(plan).filter(({ name }) => name === 'token'), reserve];
}

/**
 * Another account borrows from a reserve, as any wallet could.
 * @throws ControlRefusal with the host's message when the contract refuses
 */
export function landBorrow(
  chain: LocalChain,
  request: {
    readonly pool: string;
    readonly total: bigint;
    readonly stranger: DevelopmentAccount;
  } & When,
): ForeignLoan {
  const { hash, succeeded } = landCall(chain, {
    source: Keypair.fromSecret(request.stranger.secret),
    contract: request.pool,
    fn: 'borrow',
    args: [address.encode(request.stranger.address), i128.encode(request.total)],
    close: request.close,
  });
  return { hash, borrower: request.stranger.address, succeeded, loan: null };
}

/** What only borrowers of a reserve do. */
export class ReserveActions {
  constructor(
    private readonly chain: LocalChain,
    private readonly accounts: DevelopmentAccounts,
    private readonly pool: (id: string) => PoolRecord,
  ) {}

  /** The borrower pays a part of its debt back, base units. */
  repay(request: { pool: string; borrower: string; amount: bigint } & When): ActionResult {
    return resultOf(
      this.chain,
      landCall(this.chain, {
        source: this.accounts.keyOf(request.borrower),
        contract: this.pool(request.pool).pool,
        fn: 'repay',
        args: [address.encode(request.borrower), i128.encode(request.amount)],
        close: request.close,
      }),
    );
  }
}
