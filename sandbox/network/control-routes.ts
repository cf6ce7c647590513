import { z } from 'zod';
import { CONDITION_ROUTES } from './condition-routes.js';
import { baseUnits } from './control-amounts.js';
import type { NetworkControl } from './network-control.js';
import { SIGNER_ROUTES } from './signer-routes.js';
import { GENERATIONS, STEPFI_GENERATIONS } from '../contracts/generations.js';
import { POOL_CONTRACTS, PROFILES } from '../contracts/host.js';

export type Route = (control: NetworkControl, body: unknown, query: URLSearchParams) => unknown;

const DECIMALS_MAX = 18;
const contract = z.string().regex(/^C[A-Z2-7]{55}$/, 'must be a contract address (C...)');
const account = z.string().regex(/^G[A-Z2-7]{55}$/, 'must be an account address (G...)');
const loanId = z
  .union([z.string().regex(/^[0-9]{1,20}$/, 'must be a loan id'), z.int().min(0)])
  .transform(BigInt);
const many = (most: number): z.ZodDefault<z.ZodInt> => z.int().min(1).max(most).default(1);
/** False leaves the transaction waiting, to land together with others. */
const close = z.boolean().default(true);
/** Token units, as on Holdfast's own wire. */
const amount = z.string();
const governed = z.enum(['pool', 'creditline']).default('pool');

const shapes = {
  ledgers: z.strictObject({ count: many(10_000) }),
  time: z.strictObject({ seconds: z.int().min(1).max(1_000_000_000) }),
  timer: z.strictObject({ seconds: z.number().min(0).max(3600) }),
  pools: z.strictObject({
    profile: z.enum(PROFILES).optional(),
    generation: z.enum(GENERATIONS).optional(),
    decimals: z.int().min(0).max(DECIMALS_MAX).default(7),
    deposit: amount.default('0'),
  }),
  borrowers: z.strictObject({
    pool: contract,
    count: many(5000),
    tokens: amount.default('10000'),
    score: z.int().min(0).max(100).default(80),
  }),
  vendors: z.strictObject({ pool: contract, count: many(1000) }),
  foreignLoans: z.strictObject({
    pool: contract,
    count: many(100),
    total: amount.default('100'),
    guarantee: amount.default('20'),
    dueInSeconds: z.int().min(-1_000_000_000).max(1_000_000_000).default(2_592_000),
    close,
  }),
  footprintShifts: z.strictObject({ pool: contract, count: many(100) }),
  deposits: z.strictObject({ pool: contract, amount, provider: account.optional(), close }),
  withdrawals: z.strictObject({
    pool: contract,
    shares: amount.optional(),
    provider: account.optional(),
    close,
  }),
  repayments: z.strictObject({
    pool: contract,
    loan: loanId,
    amount: amount.optional(),
    installment: z.int().min(0).optional(),
    close,
  }),
  reserveRepayments: z.strictObject({ pool: contract, borrower: account, amount, close }),
  defaults: z.strictObject({
    pool: contract,
    loan: loanId,
    deed: z
      .enum(['mark_defaulted', 'warn_grace_period', 'apply_late_fees'])
      .default('mark_defaulted'),
    close,
  }),
  interest: z.strictObject({
    pool: contract,
    amount,
    via: z.enum(['distribute_interest', 'accumulate_interest']).default('distribute_interest'),
    by: z.enum(['stranger', 'admin']).default('stranger'),
    close,
  }),
  transfers: z.strictObject({
    pool: contract,
    amount,
    direction: z.enum(['in', 'out']).default('in'),
    close,
  }),
  upgrades: z.strictObject({
    pool: contract,
    contract: governed,
    generation: z.enum(STEPFI_GENERATIONS).optional(),
    close,
  }),
  caps: z
    .strictObject({
      pool: contract,
      outflowBps: z.int().min(0).max(4_294_967_295).optional(),
      exposureCap: amount.optional(),
      utilisationBps: z.int().min(0).max(10_000).optional(),
      close,
    })
    .refine(
      ({ outflowBps, exposureCap, utilisationBps }) =>
        [outflowBps, exposureCap, utilisationBps].some((limit) => limit !== undefined),
      'must name outflowBps, exposureCap or utilisationBps',
    ),
  vendorChecks: z.strictObject({
    pool: contract,
    registry: z.enum(['own', 'none', 'unreadable']).default('own'),
    close,
  }),
  vendorStatus: z.strictObject({ pool: contract, vendor: account, active: z.boolean(), close }),
  approvals: z.strictObject({ pool: contract, loan: loanId, close }),
  cancellations: z.strictObject({
    pool: contract,
    loan: loanId,
    by: z.enum(['borrower', 'admin']).default('borrower'),
    close,
  }),
  archivals: z.strictObject({
    pool: contract,
    contracts: z.array(z.enum(POOL_CONTRACTS)).default(['pool']),
    loans: z.array(loanId).max(100).default([]),
  }),
  pauses: z.strictObject({
    pool: contract,
    contract: governed,
    paused: z.boolean().default(true),
    close,
  }),
  feeBumps: z.strictObject({
    envelope: z.string(),
    baseFee: z
      .string()
      .regex(/^[1-9][0-9]{0,17}$/, 'must be stroops')
      .optional(),
    close,
  }),
  faults: z.strictObject({ name: z.string(), parameters: z.unknown().default({}) }),
};

const unitsOf = (control: NetworkControl, pool: string, text: string): bigint =>
  baseUnits(text, control.pool(pool).decimals);

const networkRoutes: Readonly<Record<string, Route>> = {
  'GET /state': (control) => control.state(),
  'POST /ledgers': (control, body) => control.closeLedgers(shapes.ledgers.parse(body).count),
  'POST /time': (control, body) => control.travel(shapes.time.parse(body).seconds),
  'POST /timer': (control, body) => {
    const { seconds } = shapes.timer.parse(body);
    control.setTimer(seconds);
    return { seconds };
  },
  'GET /faults': (control) => control.faults(),
  'POST /faults': (control, body) => {
    const { name, parameters } = shapes.faults.parse(body);
    control.setFault(name, parameters);
    return control.state();
  },
  'DELETE /faults': (control, _body, query) => {
    control.clearFaults(query.get('name') ?? undefined);
    return control.state();
  },
};

const setupRoutes: Readonly<Record<string, Route>> = {
  'POST /pools': (control, body) => {
    const request = shapes.pools.parse(body);
    return control.deployPool({
      ...request,
      deposit: baseUnits(request.deposit, request.decimals),
    });
  },
  'POST /borrowers': (control, body) => {
    const { tokens, ...request } = shapes.borrowers.parse(body);
    return control.makeBorrowers({ ...request, tokens: unitsOf(control, request.pool, tokens) });
  },
  'POST /vendors': (control, body) => control.makeVendors(shapes.vendors.parse(body)),
  'POST /archivals': (control, body) => control.archive(shapes.archivals.parse(body)),
  'GET /loans': (control, _body, query) => ({
    loans: control.loans(contract.parse(query.get('pool'))),
  }),
};

function strangersLoans(
  control: NetworkControl,
  body: unknown,
  fn: 'create_loan' | 'request_loan',
): readonly unknown[] {
  const { count, total, guarantee, dueInSeconds, ...request } = shapes.foreignLoans.parse(body);
  const terms = {
    ...request,
    total: unitsOf(control, request.pool, total),
    guarantee: unitsOf(control, request.pool, guarantee),
    dueIn: dueInSeconds,
    fn,
  };
  return Array.from({ length: count }, () => control.foreignLoan(terms));
}

/** Each lands one signed transaction of another account (`count` of them for loans). */
const actionRoutes: Readonly<Record<string, Route>> = {
  'POST /foreign-loans': (control, body) => ({
    loans: strangersLoans(control, body, 'create_loan'),
  }),
  'POST /loan-requests': (control, body) => ({
    loans: strangersLoans(control, body, 'request_loan'),
  }),
  'POST /footprint-shifts': (control, body) =>
    control.shiftFootprints(shapes.footprintShifts.parse(body)),
  'POST /deposits': (control, body) => {
    const request = shapes.deposits.parse(body);
    return control.actions.deposit({
      ...request,
      amount: unitsOf(control, request.pool, request.amount),
    });
  },
  'POST /withdrawals': (control, body) => {
    const request = shapes.withdrawals.parse(body);
    return control.actions.withdraw({
      ...request,
      shares:
        request.shares === undefined ? undefined : unitsOf(control, request.pool, request.shares),
    });
  },
  'POST /repayments': (control, body) => {
    const request = shapes.repayments.parse(body);
    return control.actions.repay({
      ...request,
      amount:
        request.amount === undefined ? undefined : unitsOf(control, request.pool, request.amount),
    });
  },
  'POST /reserve-repayments': (control, body) => {
    const request = shapes.reserveRepayments.parse(body);
    return control.reserve.repay({
      ...request,
      amount: unitsOf(control, request.pool, request.amount),
    });
  },
  'POST /defaults': (control, body) => control.actions.overdue(shapes.defaults.parse(body)),
  'POST /interest': (control, body) => {
    const request = shapes.interest.parse(body);
    return control.actions.interest({
      ...request,
      amount: unitsOf(control, request.pool, request.amount),
    });
  },
  'POST /transfers': (control, body) => {
    const request = shapes.transfers.parse(body);
    return control.actions.transfer({
      ...request,
      amount: unitsOf(control, request.pool, request.amount),
    });
  },
  'POST /fee-bumps': (control, body) => control.feeBump(shapes.feeBumps.parse(body)),
};

/** Each lands a transaction of the pool's admin, or of the borrower who cancels a request. */
const adminRoutes: Readonly<Record<string, Route>> = {
  'POST /pauses': ({ actions }, body) => actions.admin.pause(shapes.pauses.parse(body)),
  'POST /caps': (control, body) => {
    const { exposureCap, ...request } = shapes.caps.parse(body);
    return control.actions.admin.setCaps({
      ...request,
      exposureCap:
        exposureCap === undefined ? undefined : unitsOf(control, request.pool, exposureCap),
    });
  },
  'POST /vendor-checks': ({ actions }, body) =>
    actions.admin.setVendorCheck(shapes.vendorChecks.parse(body)),
  'POST /vendor-status': ({ actions }, body) =>
    actions.admin.setVendorStatus(shapes.vendorStatus.parse(body)),
  'POST /approvals': ({ actions }, body) => actions.admin.approve(shapes.approvals.parse(body)),
  'POST /cancellations': ({ actions }, body) =>
    actions.admin.cancelRequest(shapes.cancellations.parse(body)),
  'POST /upgrade-proposals': ({ actions }, body) =>
    actions.admin.proposeUpgrade(shapes.upgrades.parse(body)),
  'POST /upgrades': ({ actions }, body) => actions.admin.upgrade(shapes.upgrades.parse(body)),
};

/** The control port's actions, by method and path. */
export const CONTROL_ROUTES: Readonly<Record<string, Route>> = {
  ...networkRoutes,
  ...setupRoutes,
  ...actionRoutes,
  ...adminRoutes,
  ...SIGNER_ROUTES,
  ...CONDITION_ROUTES,
};
