import type { xdr } from '@stellar/stellar-sdk';
import { ReputationError } from './error-codes.js';
import {
  exported,
  requireAdmin,
  storedAdmin,
  version,
  withoutReentry,
} from './exported-function.js';
import type { GenerationTraits } from './generations.js';
import type { ContractCode, ContractFunction, Host } from './host.js';
import { address, bool, mapGet, mapWith, symbol, u32, vec, voidValue } from './scval.js';

const MAX_SCORE = 100;

/**
 * Scores and updaters are two maps inside the instance entry: reading any score reads that one
 * ledger entry.
 */
export const reputationKey = {
  admin: symbol('ADMIN'),
  scores: symbol('SCORES'),
  updaters: symbol('UPDATERS'),
} as const;

/**
 * Borrower scores, 0 to 100; 0 for an unknown borrower. Before the third generation there is no
 * initialize: the first set_admin needs no signature.
 */
export function reputationContract({
  longerParameters,
}: Pick<GenerationTraits, 'longerParameters'>): ContractCode {
  return {
    name: 'reputation',
    errors: ReputationError,
    events: ['SCORECHGD', 'UPDCHGD', 'ADMINCHGD'],
    functions: longerParameters ? { ...functions, initialize } : functions,
  };
}

/** From the third generation on the admin is named at once. */
const initialize = exported([address], (host, [admin]) => {
  if (host.read('instance', reputationKey.admin)) return host.trap('Already initialized');
  host.requireAuth(admin);
  host.write('instance', reputationKey.admin, address.encode(admin));
  return voidValue();
});

const functions: ContractCode['functions'] = {
  get_score: exported([address], (host, [user]) => u32.encode(scoreOf(host, user))),
  set_score: exported([address, address, u32], (host, [updater, user, score]) => {
    requireUpdater(host, updater);
    if (score > MAX_SCORE) return host.fail(ReputationError.OutOfBounds);
    return changeScore(host, user, score, 'set');
  }),
  increase_score: scoreStep('increase', (host, score, amount) =>
    score + amount > MAX_SCORE ? host.fail(ReputationError.Overflow) : score + amount,
  ),
  decrease_score: scoreStep('decrease', (host, score, amount) =>
    amount > score ? host.fail(ReputationError.Underflow) : score - amount,
  ),
  set_updater: exported([address, address, bool], (host, [admin, updater, allowed]) => {
    requireAdmin(host, admin, ReputationError);
    return withoutReentry(host, ReputationError.ReentrancyDetected, () => {
      const updaters = host.read('instance', reputationKey.updaters);
      host.write(
        'instance',
        reputationKey.updaters,
        mapWith(updaters, address.encode(updater), allowed ? bool.encode(true) : undefined),
      );
      host.emit([symbol('UPDCHGD'), address.encode(updater)], bool.encode(allowed));
      return voidValue();
    });
  }),
  is_updater: exported([address], (host, [who]) => bool.encode(isUpdater(host, who))),
  set_admin: exported([address], (host, [newAdmin]) => setAdmin(host, newAdmin)),
  get_admin: exported([], (host) => address.encode(storedAdmin(host, ReputationError))),
  get_version: version,
};

function scoreStep(
  reason: string,
  next: (host: Host, score: number, amount: number) => number,
): ContractFunction {
  return exported([address, address, u32], (host, [updater, user, amount]) => {
    requireUpdater(host, updater);
    return changeScore(host, user, next(host, scoreOf(host, user), amount), reason);
  });
}

function changeScore(host: Host, user: string, score: number, reason: string): xdr.ScVal {
  return withoutReentry(host, ReputationError.ReentrancyDetected, () => {
    const before = scoreOf(host, user);
    const scores = host.read('instance', reputationKey.scores);
    host.write(
      'instance',
      reputationKey.scores,
      mapWith(scores, address.encode(user), u32.encode(score)),
    );
    host.emit(
      [symbol('SCORECHGD'), address.encode(user)],
      vec([u32.encode(before), u32.encode(score), symbol(reason)]),
    );
    return voidValue();
  });
}

function scoreOf(host: Host, user: string): number {
  const stored = mapGet(host.read('instance', reputationKey.scores), address.encode(user));
  return stored ? u32.decode(stored) : 0;
}

function isUpdater(host: Host, who: string): boolean {
  const stored = mapGet(host.read('instance', reputationKey.updaters), address.encode(who));
  return stored ? bool.decode(stored) : false;
}

function requireUpdater(host: Host, updater: string): void {
  host.requireAuth(updater);
  if (!isUpdater(host, updater)) host.fail(ReputationError.NotUpdater);
}

function setAdmin(host: Host, newAdmin: string): xdr.ScVal {
  const present = host.read('instance', reputationKey.admin);
  const before = present ? address.decode(present) : newAdmin;
  if (present) host.requireAuth(before);
  host.write('instance', reputationKey.admin, address.encode(newAdmin));
  host.emit([symbol('ADMINCHGD')], vec([address.encode(before), address.encode(newAdmin)]));
  return voidValue();
}
