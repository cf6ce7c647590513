/**
 * One thing that may happen next. `broken`: it makes a transaction whose amount was held revert for
 * lack of liquidity (docs/protocol.md#held-means-fundable).
 */
export interface Step<State> {
  readonly label: string;
  readonly next: State;
  readonly broken: boolean;
}

/**
 * A small world: where it starts, everything that may happen in a state, and what makes two states
 * the same for all that can follow.
 */
export interface World<State> {
  readonly start: State;
  steps(state: State): Iterable<Step<State>>;
  key(state: State): string;
}

export interface Exploration {
  readonly states: number;
  /** The shortest history that breaks a hold; null when every state was visited and none does. */
  readonly history: readonly string[] | null;
}

/**
 * Visits every state, nearest first, so that the history it finds is a shortest one. When several
 * states have one key it continues only from the first, whose names are in the history.
 * @throws Error beyond `statesMax`, so that a world that grew is noticed before the machine is full
 */
export function explore<State>(world: World<State>, statesMax = 2_000_000): Exploration {
  const seen = new Set([world.key(world.start)]);
  const cameFrom: { readonly from: number; readonly label: string }[] = [{ from: -1, label: '' }];
  const historyOf = (index: number): string[] => {
    const labels: string[] = [];
    for (let at = index; at > 0; at = cameFrom[at]?.from ?? 0)
      labels.unshift(cameFrom[at]?.label ?? '');
    return labels;
  };
  const waiting: (State | undefined)[] = [world.start];
  for (let index = 0; index < waiting.length; index++) {
    const state = waiting[index];
    if (state === undefined) break;
    waiting[index] = undefined; // visited states are kept by key only
    for (const { label, next, broken } of world.steps(state)) {
      if (broken) return { states: seen.size, history: [...historyOf(index), label] };
      const key = world.key(next);
      if (seen.has(key)) continue;
      if (seen.size >= statesMax) throw new Error(`the world has more than ${statesMax} states`);
      seen.add(key);
      cameFrom.push({ from: index, label });
      waiting.push(next);
    }
  }
  return { states: seen.size, history: null };
}

/** A row for the test's output. */
export const summaryOf = (rule: string, { states, history }: Exploration): string =>
  `${rule.padEnd(15)} ` +
  `${history ? `broken after ${history.length} steps: ${history.join(' → ')}` : 'holds'}  ` +
  `(${states} states)\n`;

/** `list` with one member replaced. */
export const replaced = <T>(list: readonly T[], index: number, member: T): T[] =>
  list.map((old, at) => (at === index ? member : old));

/** As JSON.stringify, which knows no bigint and is slow with a function that writes one. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`;
  let text = '';
  for (const [name, member] of Object.entries(value)) text += `${name}:${textOf(member)},`;
  return `{${text}}`;
}
