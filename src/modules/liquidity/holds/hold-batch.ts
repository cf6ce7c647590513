import { setImmediate } from 'node:timers/promises';
import { reached } from '../../../common/steps.js';
import { asOnePacket } from '../../../database/one-packet.js';
import type { Transaction } from '../../../database/transaction.js';
import { LEDGER_BEGIN } from '../ledger-transactions.js';
import type { HoldOutcome, HoldRequest } from '../reservation.js';
import { packXdr } from './envelope-packing.js';
import { type Decision, decideHolds } from './hold-decision.js';
import { readHoldFacts } from './hold-facts.sql.js';
import { issuedOf } from './taken-in-batch.js';
import type { HoldFollowUp, NewHolds } from './hold-follow-up.js';
import { noteWait } from './refusal-waits.js';
import type { CompressedRequest } from './hold-rows.sql.js';
import { encodeWrites, type HoldWrites } from './hold-writes.sql.js';

export interface HoldRules {
  /** How long an idempotency key is kept. */
  readonly keyHours: number;
  /** No deadline is issued when the chain lags by more than this, seconds. */
  readonly chainLagSeconds: number;
}

function xdrOf({ ask }: HoldRequest): Buffer | null {
  if (ask.kind === 'hold') return packXdr(ask.envelope.xdr);
  return ask.kind === 'hold-authorization' ? packXdr(ask.authorization.entryXdr) : null;
}
export const compressed = (request: HoldRequest): CompressedRequest => ({
  request,
  xdr: xdrOf(request),
});

/**
 * Applies until the transaction ends: a statement on a batch gets one plan for every size and finds
 * each row by its key. A plan that reads a whole table would conflict with every other serializable
 * transaction.
 */
export const HOLD_PLANNING = [
  'plan_cache_mode = force_generic_plan',
  'enable_seqscan = off',
  'enable_bitmapscan = off',
  'enable_hashjoin = off',
  'enable_mergejoin = off',
]
  .map((setting) => `SET LOCAL ${setting}`)
  .join('; ');
/** Begins the transaction of a batch. The settings travel with BEGIN, so they cost no statement. */
export const HOLD_BEGIN = `${LEDGER_BEGIN}; ${HOLD_PLANNING}`;

/**
 * Reads the facts and locks the pool rows, decides, then writes the rows with their follow-up job,
 * inside one ledger transaction that the caller begins with `HOLD_BEGIN` and commits
 * (docs/protocol.md#ledger-transaction). Nothing is held unless it commits.
 * @returns one outcome for each request, in their order
 */
export async function holdBatch(
  tx: Transaction,
  batch: readonly CompressedRequest[],
  rules: HoldRules,
  followUp?: HoldFollowUp,
): Promise<HoldOutcome[]> {
  const requests = batch.map(({ request }) => request);
  const { facts, clock, versions, rowType } = await readHoldFacts(tx, requests);
  const decisions = decideHolds(requests, facts, rules.chainLagSeconds);
  if (clock === null) return decisions.map(({ outcome }) => outcome); // no pool, nothing to write
  const { keyHours } = rules;
  reached('hold.decided');
  // before anything is sent: what fails in this process must not meet a COMMIT that is on its way
  const writes = encodeWrites({
    batch,
    facts,
    versions,
    decisions,
    clock,
    keyHours,
    rowType,
  });
  const holds = followUp ? newHoldsIn(requests, decisions) : null;
  const outcomes = await (followUp && holds
    ? sendWithFollowUp(tx, writes, followUp.afterHolds(tx, holds))
    : sendWithCommit(tx, writes));
  for (const [index, outcome] of outcomes.entries()) {
    const pool = facts.pools.get(requests[index]?.poolId ?? '');
    const decision = decisions[index];
    if (pool && decision) noteWait(outcome, decision, pool);
  }
  return outcomes;
}

/** COMMIT travels with the rows. */
const sendWithCommit = (tx: Transaction, writes: HoldWrites): Promise<HoldOutcome[]> =>
  asOnePacket(tx.client, () => {
    const sent = writes.send(tx);
    tx.commitBehind?.();
    return sent;
  });

/** COMMIT travels behind the rows when the follow-up was still under way. */
async function sendWithFollowUp(
  tx: Transaction,
  writes: HoldWrites,
  following: Promise<void>,
): Promise<HoldOutcome[]> {
  let followed = false;
  const ended = Promise.allSettled([
    following.then(() => {
      followed = true;
    }),
  ]);
  // its statement goes first, so that it is answered while the server writes the rows
  await Promise.race([ended, setImmediate()]);
  const atOnce = followed;
  const writing = asOnePacket(tx.client, () => {
    const sent = Promise.allSettled([writes.send(tx)]);
    if (atOnce) tx.commitBehind?.();
    return sent;
  });
  const [follow] = await ended;
  if (!atOnce && follow.status === 'fulfilled') tx.commitBehind?.();
  // both must end before the transaction does, whichever of them fails
  const [written] = await writing;
  if (written.status === 'rejected') throw written.reason;
  if (follow.status === 'rejected') throw follow.reason;
  return written.value;
}

/** @returns null when the batch makes none */
function newHoldsIn(
  requests: readonly HoldRequest[],
  decisions: readonly Decision[],
): NewHolds | null {
  const held = requests.filter((_, index) => {
    const decision = decisions[index];
    return decision?.writes === true && decision.outcome.kind === 'held';
  });
  const deadlines = held.flatMap((request) => issuedOf(request)?.deadline ?? []);
  if (deadlines.length === 0) return null;
  return {
    poolIds: [...new Set(held.map(({ poolId }) => poolId))],
    firstDeadline: deadlines.reduce((one, other) => (other < one ? other : one)),
  };
}
