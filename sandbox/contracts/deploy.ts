import type { xdr } from '@stellar/stellar-sdk';
import { creditlineKey } from './creditline-storage.js';
import { GENERATION_TRAITS, type StepFiGeneration } from './generations.js';
import type { Durability, PoolContract } from './host.js';
import { parametersKey } from './parameters.contract.js';
import { poolKey } from './pool-storage.js';
import {
  DEFAULT_LONGER_PARAMETERS,
  type LongerParameters,
  parametersCodec,
} from './protocol-parameters.js';
import { reputationKey } from './reputation.contract.js';
import { address, bool, compareScVal, i128, mapWith, u32, u64 } from './scval.js';
import {
  EMPTY_HOLDING,
  tokenHolding,
  tokenKey,
  tokenMetadata,
  type TokenMetadata,
} from './token.contract.js';
import { vendorInfo, vendorKey, VendorStatus } from './vendor-registry.contract.js';

/** C addresses of one deployment, by the name of the code that runs there. */
export type DeploymentIds = Readonly<Record<PoolContract, string>>;

export interface DeploymentPlan {
  readonly ids: DeploymentIds;
  /** G or C address: admin of every contract, and updater of scores. */
  readonly admin: string;
  readonly token: TokenMetadata;
  /** They receive their share of interest later; default: the admin. Both get a trustline. */
  readonly treasury?: string;
  readonly merchantFund?: string;
  readonly parameters?: Partial<LongerParameters>;
  /** The first one when it is left out. */
  readonly generation?: StepFiGeneration;
}

interface StorageEntry {
  readonly key: xdr.ScVal;
  readonly value: xdr.ScVal;
}

/**
 * The state of a contract right after deployment and set-up. Instance entries are in the host's key
 * order.
 */
export interface DeployedContract {
  readonly name: PoolContract;
  readonly contract: string;
  readonly instance: readonly StorageEntry[];
  readonly persistent: readonly StorageEntry[];
}

/**
 * One entry to write. `next` receives the present value (undefined: no such entry), so that changes
 * to one entry can follow each other.
 */
export interface StateChange {
  readonly contract: string;
  readonly durability: Durability;
  readonly key: xdr.ScVal;
  readonly next: (present: xdr.ScVal | undefined) => xdr.ScVal;
}

/**
 * A whole deployment as the six initialize calls and the setters would leave it: all parts linked,
 * an empty pool, no vendors, no scores.
 */
export function deployment(plan: DeploymentPlan): readonly DeployedContract[] {
  const { ids } = plan;
  const traits = GENERATION_TRAITS[plan.generation ?? 'g1'];
  const treasury = plan.treasury ?? plan.admin;
  const merchantFund = plan.merchantFund ?? plan.admin;
  const admin = address.encode(plan.admin);
  const at = (contract: string): xdr.ScVal => address.encode(contract);
  const updaters = [ids.creditline, plan.admin].reduce<xdr.ScVal | undefined>(
    (map, who) => mapWith(map, at(who), bool.encode(true)),
    undefined,
  );
  const trustlines = [...new Set([treasury, merchantFund])].map(
    (holder) => [tokenKey.balance(holder), tokenHolding.encode(EMPTY_HOLDING)] as const,
  );
  return [
    contract(
      'token',
      ids.token,
      [
        [tokenKey.metadata, tokenMetadata.encode(plan.token)],
        [tokenKey.admin, admin],
      ],
      trustlines,
    ),
    contract('parameters', ids.parameters, [
      [parametersKey.admin, admin],
      [
        parametersKey.params,
        parametersCodec(traits).encode({ ...DEFAULT_LONGER_PARAMETERS, ...plan.parameters }),
      ],
    ]),
    contract(
      'reputation',
      ids.reputation,
      updaters
        ? [
            [reputationKey.admin, admin],
            [reputationKey.updaters, updaters],
          ]
        : [],
    ),
    contract('vendor_registry', ids.vendor_registry, [[vendorKey.admin, admin]]),
    contract('pool', ids.pool, [
      [poolKey.admin, admin],
      [poolKey.token, at(ids.token)],
      [poolKey.creditline, at(ids.creditline)],
      [poolKey.treasury, at(treasury)],
      [poolKey.merchantFund, at(merchantFund)],
      ...(traits.fundingIsLimited
        ? [[poolKey.vendorRegistry, at(ids.vendor_registry)] as const]
        : []),
    ]),
    contract('creditline', ids.creditline, [
      [creditlineKey.admin, admin],
      [creditlineKey.reputation, at(ids.reputation)],
      [creditlineKey.vendorRegistry, at(ids.vendor_registry)],
      [creditlineKey.pool, at(ids.pool)],
      [creditlineKey.token, at(ids.token)],
      [creditlineKey.parameters, at(ids.parameters)],
    ]),
  ];
}

/** A borrower's score, 0 to 100. */
export function scoreChange(ids: DeploymentIds, borrower: string, score: number): StateChange {
  const next: StateChange['next'] = (scores) =>
    mapWith(scores, address.encode(borrower), u32.encode(score));
  return { contract: ids.reputation, durability: 'instance', key: reputationKey.scores, next };
}

/**
 * Creates tokens for the holder and opens the trustline; an amount of 0n only opens it. A negative
 * amount takes tokens away.
 */
export function balanceChange(ids: DeploymentIds, holder: string, amount: bigint): StateChange {
  const next: StateChange['next'] = (present) => {
    const holding = present ? tokenHolding.decode(present) : EMPTY_HOLDING;
    return tokenHolding.encode({ ...holding, amount: holding.amount + amount });
  };
  return { contract: ids.token, durability: 'persistent', key: tokenKey.balance(holder), next };
}

/**
 * Marks a holding that the issuer may claw back, as if the asset had allowed it when the holding
 * was opened.
 */
export function clawbackChange(ids: DeploymentIds, holder: string): StateChange {
  const next: StateChange['next'] = (present) =>
    tokenHolding.encode({
      ...(present ? tokenHolding.decode(present) : EMPTY_HOLDING),
      clawback: true,
    });
  return { contract: ids.token, durability: 'persistent', key: tokenKey.balance(holder), next };
}

/**
 * A vendor that is registered, approved and able to receive the token. `since` is unix seconds.
 * Only for a new vendor.
 */
export function approvedVendorChanges(
  ids: DeploymentIds,
  vendor: { address: string; name: string; since: bigint },
): readonly StateChange[] {
  const info = vendorInfo.encode({
    name: vendor.name,
    registration_date: vendor.since,
    status: VendorStatus.Approved,
    total_sales: 0n,
  });
  return [
    {
      contract: ids.vendor_registry,
      durability: 'persistent',
      key: vendorKey.vendor(vendor.address),
      next: () => info,
    },
    {
      contract: ids.vendor_registry,
      durability: 'persistent',
      key: vendorKey.count,
      next: (count) => u64.encode((count ? u64.decode(count) : 0n) + 1n),
    },
    balanceChange(ids, vendor.address, 0n),
  ];
}

/**
 * A provider's deposit at a share price of 1.0, so only before the pool has earned interest: total,
 * shares and tokens all rise by the amount.
 */
export function depositChanges(
  ids: DeploymentIds,
  provider: string,
  amount: bigint,
): readonly StateChange[] {
  const raised: StateChange['next'] = (present) =>
    i128.encode((present ? i128.decode(present) : 0n) + amount);
  return [
    { contract: ids.pool, durability: 'instance', key: poolKey.totalLiquidity, next: raised },
    { contract: ids.pool, durability: 'instance', key: poolKey.totalShares, next: raised },
    { contract: ids.pool, durability: 'persistent', key: poolKey.shares(provider), next: raised },
    balanceChange(ids, ids.pool, amount),
  ];
}

type Pair = readonly [xdr.ScVal, xdr.ScVal];

function contract(
  name: PoolContract,
  at: string,
  ...storage: readonly [instance: readonly Pair[], persistent?: readonly Pair[]]
): DeployedContract {
  const entries = (pairs: readonly Pair[]): StorageEntry[] =>
    pairs.map(([key, value]) => ({ key, value }));
  const instance = entries(storage[0]).sort((a, b) => compareScVal(a.key, b.key));
  return { name, contract: at, instance, persistent: entries(storage[1] ?? []) };
}
