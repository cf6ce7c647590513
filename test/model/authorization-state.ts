import type {
  AuthorizationRule,
  ModelAuthorization,
  ModelChain,
  ModelVerdict,
} from './authorization-replies.js';
import { fenceOf } from './authorization-replies.js';
import { replaced, type Step } from './explore.js';

/** The states of `authorizationWorld`, and how they change. */
export interface AuthorizationWorldOptions {
  /** Requests of one unit each; default 1. A second one shows what a wrong end leads to. */
  readonly requests?: 1 | 2;
  /** Wrong fields in replies about one hold. */
  readonly liesMost?: number;
  /** Begins where a first lie has hidden a landing that the events have shown. */
  readonly afterLie?: boolean;
}

export interface Ground {
  readonly rule: AuthorizationRule;
  readonly liesMost: number;
}
type HoldState = 'none' | 'held' | 'settled' | 'expired';
export interface Hold {
  readonly signing: 'transaction' | 'authorization';
  readonly state: HoldState;
  /** The ledger that a settled hold was settled at. */ readonly settledAt: number;
  readonly lies: number;
  readonly entry: ModelAuthorization;
}
interface View {
  readonly locked: number;
  readonly ledger: number;
}
interface AuthorizationState {
  readonly ledger: number;
  readonly locked: number;
  readonly forgotten: number;
  readonly snapshot: View;
  readonly verdict: { readonly index: number; readonly verdict: ModelVerdict } | null;
  readonly holds: readonly Hold[];
}
export type State = AuthorizationState;

export const NO_ENTRY: ModelAuthorization = {
  issuedAfter: 0,
  spentAt: null,
  byStranger: false,
  landing: null,
  cancelled: false,
  unspent: null,
  vote: null,
  spent: null,
  isSpent: false,
  funding: false,
};
export const NO_HOLD: Hold = {
  signing: 'authorization',
  state: 'none',
  settledAt: 0,
  lies: 0,
  entry: NO_ENTRY,
};
export const START: State = {
  ledger: 0,
  locked: 0,
  forgotten: -1,
  snapshot: { locked: 0, ledger: 0 },
  verdict: null,
  holds: [],
};
/**
 * A stranger landed it in ledger 3, and its funding was read. Then the node forgot the transaction,
 * and a vote of ledger 4 was a lie.
 */
export const AFTER_LIE: State = {
  ...START,
  ledger: 4,
  locked: 1,
  forgotten: 4,
  snapshot: { locked: 1, ledger: 4 },
  holds: [
    {
      ...NO_HOLD,
      state: 'held',
      entry: {
        ...NO_ENTRY,
        spentAt: 3,
        byStranger: true,
        unspent: 2,
        vote: 4,
        funding: true,
      },
    },
  ],
};

/** Of a hold by transaction. */
const HOLD_LEDGERS = 1;
export const step = (label: string, next: State, broken = false): Step<State> => ({
  label,
  next,
  broken,
});
export const withHold = (state: State, index: number, change: Partial<Hold>): State => ({
  ...state,
  holds: replaced(
    state.holds,
    index,
    oneOfAKind({ ...(state.holds[index] ?? NO_HOLD), ...change }),
  ),
});
const texts = new WeakMap<Hold, string>();
const holds = new Map<string, Hold>();
/** The same object for the same hold, so that what is known of it is found again. */
function oneOfAKind(hold: Hold): Hold {
  const text = JSON.stringify(Object.values({ ...hold, entry: Object.values(hold.entry) }));
  const one = holds.get(text) ?? hold;
  holds.set(text, one);
  texts.set(one, text);
  return one;
}
export const holdText = (hold: Hold): string => texts.get(hold) ?? '';
export const withEntry = (
  state: State,
  index: number,
  change: Partial<ModelAuthorization>,
): State =>
  withHold(state, index, { entry: { ...(state.holds[index] ?? NO_HOLD).entry, ...change } });
export const chainOf = ({ ledger, snapshot, forgotten }: State): ModelChain => ({
  ledger,
  knownLedger: snapshot.ledger,
  forgotten,
});
/** The last ledger that may include what the borrower signed. */
export const lastLedger = ({ signing, entry }: Hold): number =>
  signing === 'authorization' ? fenceOf(entry) : entry.issuedAfter + HOLD_LEDGERS;
export const mayLand = (hold: Hold, ledger: number): boolean =>
  hold.state !== 'none' && hold.entry.spentAt === null && ledger < lastLedger(hold);

export const stored = (state: State, snapshot: View): State => ({
  ...state,
  snapshot,
  holds: state.holds.map((hold) => {
    const { spentAt } = hold.entry;
    const isRead = spentAt !== null && spentAt <= snapshot.ledger && spentAt > state.forgotten;
    return isRead ? oneOfAKind({ ...hold, entry: { ...hold.entry, funding: true } }) : hold;
  }),
});
