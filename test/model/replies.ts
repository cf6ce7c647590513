/**
 * The replies that evidence consists of, in a chain whose ledger n closes at time n, and what each
 * rule concludes when one field of one reply is wrong. Ledgers are one apart, because only
 * agreement between replies matters.
 */
export type ReplyName =
  | 'head'
  | 'figures'
  | 'look'
  | 'firstVote'
  | 'secondVote'
  | 'account'
  | 'laterAccount'
  | 'landing'
  | 'laterLanding';
type Field = 'ledger' | 'time' | 'oldest' | 'status' | 'sequence';
export interface Lie {
  readonly reply: ReplyName;
  readonly field: Field;
  readonly by: number;
}
export interface TimeRules {
  /**
   * agree: a head and a look-up are both past the deadline, each vote counts by its own close time,
   * and no ledger has two times. one: the head alone decides, and a vote counts by its ledger.
   */
  readonly replies: 'agree' | 'one';
  /**
   * confirmed: a reply that was read before knows the snapshot's ledger; itself: no other reply
   * does.
   */
  readonly snapshot: 'confirmed' | 'itself';
}

interface Reply {
  readonly ledger: number;
  readonly time: number;
  readonly oldest: number;
  readonly isFound: boolean;
}
export interface Truth {
  readonly ledger: number;
  readonly isFound: boolean;
}

const FIELDS: Readonly<Record<ReplyName, readonly Field[]>> = {
  head: ['ledger', 'time', 'oldest'],
  figures: ['ledger'],
  look: ['ledger', 'time', 'oldest', 'status'],
  firstVote: ['ledger', 'time', 'oldest', 'status'],
  secondVote: ['ledger', 'time', 'oldest', 'status'],
  account: ['ledger', 'sequence'],
  laterAccount: ['ledger', 'sequence'],
  landing: ['ledger', 'status'],
  laterLanding: ['ledger', 'status'],
};
/** A little and a lot, in both directions. */
const AMOUNTS = [1, 9, -1, -9];

export function* lies(replies: readonly ReplyName[]): Generator<Lie> {
  for (const reply of replies)
    for (const field of FIELDS[reply])
      for (const by of field === 'status' ? [0] : AMOUNTS) yield { reply, field, by };
}

/** A reply about the newest ledger, honest except for the lie in it. */
function replyOf(name: ReplyName, { ledger, isFound }: Truth, lie: Lie | null): Reply {
  const honest = { ledger, time: ledger, oldest: 0, isFound };
  if (lie?.reply !== name) return honest;
  if (lie.field === 'status') return { ...honest, isFound: false };
  return lie.field === 'sequence' ? honest : { ...honest, [lie.field]: honest[lie.field] + lie.by };
}

/** A ledger has one close time, and a later ledger a later one. */
const agree = (a: Reply, b: Reply): boolean =>
  a.ledger === b.ledger
    ? a.time === b.time
    : a.ledger < b.ledger
      ? b.time - a.time >= b.ledger - a.ledger
      : a.time - b.time >= a.ledger - b.ledger;

/** @returns the ledger of step one, null when it is not proven */
export function proveStep(
  { replies }: TimeRules,
  truth: Truth & { readonly deadline: number },
  lie: Lie | null,
): number | null {
  const [head, look] = [replyOf('head', truth, lie), replyOf('look', truth, lie)];
  if (look.isFound || look.oldest > 0) return null;
  if (replies === 'one') return head.time >= truth.deadline ? head.ledger : null;
  return agree(head, look) &&
    head.oldest <= 0 &&
    head.time >= truth.deadline &&
    look.time >= truth.deadline
    ? head.ledger
    : null;
}

/** Two votes after step one. In the model they are about one ledger. */
export function proveVotes(
  { replies }: TimeRules,
  truth: Truth & { readonly deadline: number; readonly step: number },
  lie: Lie | null,
): boolean {
  return (['firstVote', 'secondVote'] as const)
    .map((name) => replyOf(name, truth, lie))
    .every(
      (vote) =>
        !vote.isFound &&
        vote.oldest <= 0 &&
        vote.ledger > truth.step &&
        (replies === 'one' || vote.time >= truth.deadline),
    );
}

/** @returns the ledger that a snapshot is stored as, null when it is not stored */
export function readAt({ snapshot }: TimeRules, ledger: number, lie: Lie | null): number | null {
  const truth = { ledger, isFound: false };
  const [head, figures] = [replyOf('head', truth, lie), replyOf('figures', truth, lie)];
  if (snapshot === 'itself') return figures.ledger;
  // the head is two replies that agree: the look-up beside getHealth is honest when getHealth lies
  if (!agree(head, replyOf('look', truth, lie))) return null;
  return figures.ledger === Math.min(head.ledger, ledger) ? figures.ledger : null;
}

/**
 * Two replies about a landing. @returns the ledger that it settles at, null when it is not proven
 */
export function proveLanding(
  replies: TimeRules['replies'],
  landedAt: number,
  lie: Lie | null,
): number | null {
  const [first, second] = (['landing', 'laterLanding'] as const).map((name) =>
    lie?.reply !== name ? landedAt : lie.field === 'ledger' ? landedAt + lie.by : null,
  );
  if (first === undefined || first === null) return null;
  return replies === 'one' || first === second ? first : null;
}

/** Two replies about an account, a ledger apart; a landing would be found by its hash. */
export function proveSequence(
  replies: TimeRules['replies'],
  { consumed, wanted }: { readonly consumed: number; readonly wanted: number },
  lie: Lie | null,
): boolean {
  const [first, second] = (['account', 'laterAccount'] as const).map((name) =>
    lie?.reply === name && lie.field === 'sequence' ? consumed + lie.by : consumed,
  );
  return (first ?? 0) >= wanted && (replies === 'one' || (second ?? 0) >= wanted);
}
