import { authorizationVerdict } from '../../src/modules/settlement/authorization-verdict.js';
import type { LiveLanding } from '../../src/modules/liquidity/reservation.js';
import { CONFLICT, created, funded, hold, PARTS, TRAPPED } from '../support/verdict-evidence.js';
import { textOf } from './explore.js';

/**
 * What the service reads about a hold with an authorization, and what the product's own verdict
 * concludes from it. Ledger n closes ten seconds after ledger n - 1. One field of one reply may be
 * wrong.
 */
export type AuthorizationRule =
  /** docs/protocol.md as written */
  | 'protocol'
  /** one reply without the nonce's entry ends the hold (against two replies) */
  | 'oneVote'
  /** replies of ledgers before the fence count (against docs/protocol.md#expired-by-ledger) */
  | 'ignoresFence'
  /** absence counts however long ago the nonce was last known to be unspent */
  | 'ignoresUnspent'
  /** a hold expires although its funding was read */
  | 'ignoresFunding'
  /** only the service's own transactions settle a hold */
  | 'ownLandingsOnly'
  /** a cancellation frees the amount at once (against docs/protocol.md#cancellation) */
  | 'cancelFrees';

/** `ledger`: the latest ledger that the reply names. `spent`: shown although it is not, or hidden. */
interface NonceLie {
  readonly reply: 'nonce' | 'nonceAgain' | 'head' | 'look' | 'funded';
  readonly field: 'ledger' | 'spent' | 'spentLedger' | 'status';
  readonly by: number;
}
/** Ahead, so far ahead that no honest reply could follow, and behind. */
const AMOUNTS = [1, 500, -1];
const FIELDS: Readonly<Record<NonceLie['reply'], readonly NonceLie['field'][]>> = {
  nonce: ['ledger', 'spent', 'spentLedger'],
  nonceAgain: ['ledger', 'spent', 'spentLedger'],
  head: ['ledger'],
  look: ['ledger', 'status'],
  funded: ['ledger', 'status'],
};
const NONCE_LIES: readonly NonceLie[] = Object.entries(FIELDS).flatMap(([reply, fields]) =>
  fields.flatMap((field) =>
    (field === 'spent' || field === 'status' ? [0] : AMOUNTS).map((by) => ({
      reply: reply as NonceLie['reply'],
      field,
      by,
    })),
  ),
);

/** Ledgers that the entry of a spent nonce lives at least. */
export const TTL = 3;
/** Ledgers from the issue to the fence. */
const FENCE_LEDGERS = 3;

interface ModelLanding {
  readonly state: 'open' | 'failed' | 'dead';
  readonly number: number;
  readonly issuedAfter: number;
  readonly maxLedger: number;
  /** The ledger that included it. */ readonly included: number | null;
  readonly succeeded: boolean;
}
/** The truth about a hold's authorization, and what the service has stored of it. */
export interface ModelAuthorization {
  readonly issuedAfter: number;
  readonly spentAt: number | null;
  readonly byStranger: boolean;
  readonly landing: ModelLanding | null;
  readonly cancelled: boolean;
  readonly unspent: number | null;
  readonly vote: number | null;
  readonly spent: { readonly ledger: number; readonly seenLedger: number } | null;
  readonly isSpent: boolean;
  /** Its funding was read from the events. */ readonly funding: boolean;
}
export interface ModelChain {
  readonly ledger: number;
  readonly knownLedger: number;
  /** Transactions up to this ledger are forgotten by the node. */ readonly forgotten: number;
}

type Evidence = Parameters<typeof authorizationVerdict>[0];
export type ModelVerdict = Pick<
  ReturnType<typeof authorizationVerdict>,
  'settlement' | 'expiry' | 'nonce' | 'failures' | 'deaths' | 'alarm'
> & { readonly text: string };
type Report = Evidence['reports'][number]['report'];
type Sighting = NonNullable<Evidence['nonce']>;

export const fenceOf = ({ issuedAfter }: Pick<ModelAuthorization, 'issuedAfter'>): number =>
  issuedAfter + FENCE_LEDGERS;
const timeOf = (ledger: number): bigint => 1_000n + 10n * BigInt(ledger);
const OURS = 'a'.repeat(64);
const STRANGERS = 'b'.repeat(64);

/**
 * Every conclusion from one round's replies: without a lie, then each other one that a lie makes.
 * Half of them are read for their honest one only, so the others are computed when they are asked for.
 */
export interface Conclusions {
  readonly honest: ModelVerdict;
  readonly lying: () => readonly { readonly lie: NonceLie; readonly verdict: ModelVerdict }[];
}
const known = new WeakMap<ModelAuthorization, Map<string, Conclusions>>();
export function conclusionsOn(
  rule: AuthorizationRule,
  authorization: ModelAuthorization,
  chain: ModelChain,
): Conclusions {
  const ofEntry = known.get(authorization) ?? new Map<string, Conclusions>();
  known.set(authorization, ofEntry);
  const key = `${rule} ${chain.ledger}.${chain.knownLedger}.${chain.forgotten}`;
  const reached = ofEntry.get(key) ?? concluded(rule, authorization, chain);
  ofEntry.set(key, reached);
  return reached;
}

function concluded(
  rule: AuthorizationRule,
  authorization: ModelAuthorization,
  chain: ModelChain,
): Conclusions {
  const on = (lie: NonceLie | null): ModelVerdict =>
    oneOfAKind(ruled(rule, evidenceOf(rule, authorization, chain, lie)));
  const honest = on(null);
  let others: ReturnType<Conclusions['lying']> | undefined;
  const lying = (): ReturnType<Conclusions['lying']> => {
    const first = new Map<ModelVerdict, NonceLie>();
    for (const lie of NONCE_LIES) {
      const verdict = on(lie);
      if (verdict !== honest && !first.has(verdict)) first.set(verdict, lie);
    }
    return [...first].map(([verdict, lie]) => ({ lie, verdict }));
  };
  return { honest, lying: () => (others ??= lying()) };
}

const kinds = new Map<string, ModelVerdict>();
/** The same object for the same conclusion. */
function oneOfAKind(verdict: ReturnType<typeof authorizationVerdict>): ModelVerdict {
  const { settlement, expiry, nonce, failures, deaths, alarm } = verdict;
  const text = textOf([settlement, expiry, nonce, failures, deaths, alarm]);
  const one = kinds.get(text) ?? { settlement, expiry, nonce, failures, deaths, alarm, text };
  kinds.set(text, one);
  return one;
}

function ruled(
  rule: AuthorizationRule,
  evidence: Evidence,
): ReturnType<typeof authorizationVerdict> {
  const { authorization, hold: held } = evidence;
  switch (rule) {
    case 'oneVote':
      return authorizationVerdict({
        ...evidence,
        authorization: { ...authorization, voteLedger: authorization.expirationLedger },
      });
    case 'ignoresFence':
      return authorizationVerdict({
        ...evidence,
        authorization: { ...authorization, expirationLedger: authorization.issuedAfterLedger },
      });
    case 'ignoresUnspent':
      return authorizationVerdict({
        ...evidence,
        authorization: { ...authorization, unspentLedger: authorization.expirationLedger },
      });
    case 'ignoresFunding':
      return authorizationVerdict({
        ...evidence,
        hold: { ...held, funding: null },
      });
    case 'ownLandingsOnly':
      return authorizationVerdict({
        ...evidence,
        funded: null,
        reports: evidence.reports.filter(({ report }) => report.status !== 'not_found'),
      });
    default:
      return authorizationVerdict(evidence);
  }
}

function evidenceOf(
  rule: AuthorizationRule,
  model: ModelAuthorization,
  chain: ModelChain,
  lie: NonceLie | null,
): Evidence {
  const wrong = (reply: NonceLie['reply'], field: NonceLie['field']): number =>
    lie?.reply === reply && lie.field === field ? lie.by : 0;
  const head = chain.ledger + wrong('head', 'ledger');
  const nonce = sightingOf('nonce', { model, chain, lie });
  const expirationLedger = fenceOf(model);
  const isAging =
    nonce.spent === null &&
    nonce.ledger <= expirationLedger &&
    nonce.ledger - (model.unspent ?? model.issuedAfter) > TTL / 3;
  const landing = model.landing?.state === 'open' ? model.landing : null;
  const report = landing && reportOf('look', { landing, chain, lie });
  const ofStranger = model.funding && model.byStranger && rule !== 'ownLandingsOnly';
  const stranger =
    ofStranger && model.spentAt !== null
      ? reportOf('funded', { landing: { included: model.spentAt, succeeded: true }, chain, lie })
      : null;
  return {
    hold: {
      ...hold([]),
      envelopeVersion: 1,
      knownLedger: chain.knownLedger,
      cancelRequested: model.cancelled,
      funding: model.funding
        ? {
            txHash: model.byStranger ? STRANGERS : OURS,
            envelopeHash: model.byStranger ? STRANGERS : OURS,
            ledger: model.spentAt ?? 0,
            loanId: 9n,
          }
        : null,
    },
    authorization: {
      hash: 'f'.repeat(64),
      address: hold([]).borrower,
      nonce: 7n,
      expirationLedger,
      issuedAfterLedger: model.issuedAfter,
      signedAt: new Date(0),
      state: model.isSpent ? 'spent' : 'open',
      unspentLedger: model.unspent,
      voteLedger: model.vote,
      spent: model.spent,
    },
    pool: PARTS,
    head: { ledger: head, closeTime: timeOf(head), oldestLedger: 1 },
    times: [{ ledger: chain.knownLedger, closeTime: timeOf(chain.knownLedger) }],
    nonce,
    nonceAgain: isAging ? sightingOf('nonceAgain', { model, chain, lie }) : null,
    minTemporaryTtl: TTL,
    reports: landing && report ? [{ landing: liveLanding(landing, chain), report }] : [],
    funded: stranger && { hash: STRANGERS, report: stranger },
  };
}

interface Read {
  readonly chain: ModelChain;
  readonly lie: NonceLie | null;
}

function sightingOf(
  reply: 'nonce' | 'nonceAgain',
  { model, chain, lie }: Read & { readonly model: ModelAuthorization },
): Sighting {
  const wrong = lie?.reply === reply ? lie : null;
  const liveUntil = Math.max(fenceOf(model), (model.spentAt ?? 0) + TTL - 1);
  const isShown = model.spentAt !== null && chain.ledger <= liveUntil;
  const shown = wrong?.field === 'spent' ? !isShown : isShown;
  const spentAt = model.spentAt ?? chain.ledger;
  return {
    address: hold([]).borrower,
    nonce: 7n,
    ledger: chain.ledger + (wrong?.field === 'ledger' ? wrong.by : 0),
    spent: shown
      ? { ledger: spentAt + (wrong?.field === 'spentLedger' ? wrong.by : 0), liveUntil }
      : null,
  };
}

/**
 * A landed transaction is looked up twice, so a wrong ledger of it makes no report. @returns null
 * then
 */
function reportOf(
  reply: 'look' | 'funded',
  {
    landing: { included, succeeded },
    chain,
    lie,
  }: Read & { readonly landing: Pick<ModelLanding, 'included' | 'succeeded'> },
): Report | null {
  const wrong = lie?.reply === reply ? lie : null;
  const latestLedger = chain.ledger + (wrong?.field === 'ledger' ? wrong.by : 0);
  const range = {
    latestLedger,
    latestCloseTime: timeOf(latestLedger),
    oldestLedger: chain.forgotten + 1,
  };
  const isFound = included !== null && included > chain.forgotten && wrong?.field !== 'status';
  if (!isFound) return { ...range, status: 'not_found' };
  const found = {
    ledger: included,
    closeTime: timeOf(included),
    feeBump: false,
    feeCharged: 100n,
  };
  return succeeded
    ? { ...range, ...found, status: 'success', events: [created, funded] }
    : { ...range, ...found, status: 'failed', applied: true, resultCode: TRAPPED, cause: CONFLICT };
}

/** The first steps of a landing's own proofs are stored as soon as they can be. */
function liveLanding(landing: ModelLanding, { ledger, forgotten }: ModelChain): LiveLanding {
  const { included, number, maxLedger, issuedAfter, succeeded } = landing;
  const hasPassed = ledger > maxLedger;
  const hasFailed = included !== null && included > forgotten && !succeeded;
  return {
    number,
    hash: OURS,
    channel: 'channel',
    sequence: 1n,
    maxTime: timeOf(maxLedger),
    issuedAfterLedger: issuedAfter,
    fee: 100n,
    loanIdFirst: 1n,
    loanIdLast: 9n,
    state: 'open',
    createdAt: new Date(0),
    submission: null,
    passedLedger: hasPassed ? maxLedger + 1 : null,
    passedCloseTime: hasPassed ? timeOf(maxLedger + 1) : null,
    voteLedger: null,
    sighting: hasFailed
      ? {
          seenLedger: included,
          ledger: included,
          closeTime: timeOf(included),
          resultCode: TRAPPED,
          cause: CONFLICT,
        }
      : null,
    foundLedger: null,
    resultCode: null,
    cause: null,
    feeCharged: null,
  };
}
