/**
 * What runs by itself, in one place. A job has no logic: each row names a use-case of the
 * settlement or the notifications room, `upkeep` one of each (`job-handlers.ts`).
 */
export type QueueName =
  | 'observe-pools'
  | 'judge-lapsed'
  | 'reconcile-pools'
  | 'deliver-webhooks'
  | 'self-check'
  | 'upkeep';

/**
 * always: the next round is put into the queue when one ends; while-needed: only when the round
 * says that something is left; scheduled: by `cron` alone.
 * Cron alone was rejected for the first two: pg-boss looks at it by the minute (a five-second cron
 * fired once in 32 s).
 */
type Cadence = 'always' | 'while-needed' | 'scheduled';

/**
 * Tries of one round beyond the first, with back-off: `delaySeconds` doubles with each try up to
 * `delayMaxSeconds`, half of it by chance, so that several
 * workers do not come back together. Bounded by `limit`; then the round is a dead letter.
 */
interface RetryPolicy {
  readonly limit: number;
  readonly delaySeconds: number;
  readonly delayMaxSeconds: number;
}

export interface JobDeclaration {
  readonly queue: QueueName;
  /**
   * `short`: one waiting round per key, and a round may put its successor in while it runs; with
   * `exclusive` that second send is dropped.
   */
  readonly policy: 'short';
  readonly cadence: Cadence;
  /**
   * When a round is put in anyway. It also brings a lost round back: a chain of rounds ends when
   * its process is killed between two of them.
   */
  readonly cron: string;
  readonly retry: RetryPolicy;
  /** A round that takes longer counts as failed, seconds. */
  readonly timeLimitSeconds: number;
  /** Where a round goes whose tries are used up, for a person to look at. */
  readonly deadLetter: typeof DEAD_LETTERS;
  /** Rows of rounds that are over are kept so long, seconds: there is one every few seconds. */
  readonly keepSeconds: number;
}

export const DEAD_LETTERS = 'dead';
/** Letters outlive the rounds they tell of. */
export const KEEP_LETTERS_SECONDS = 14 * 86_400;
/**
 * Long enough for an operator to find a failed round and retry it; at a round every two seconds,
 * 1,800 rows.
 */
const KEEP_ROUNDS_SECONDS = 3600;
/**
 * What a round finds wrong with a pool or a node it tells and goes on; it fails only when the
 * ledger itself cannot be asked. Three tries, 7 to 14 s in all: less than the minute of cron.
 */
const CHAIN_RETRY: RetryPolicy = { limit: 3, delaySeconds: 1, delayMaxSeconds: 8 };
/** Nobody waits for these: longer pauses, done within the time between two of their own rounds. */
const QUIET_RETRY: RetryPolicy = { limit: 3, delaySeconds: 2, delayMaxSeconds: 30 };

const EVERY_MINUTE = '* * * * *';
const common = {
  policy: 'short',
  deadLetter: DEAD_LETTERS,
  keepSeconds: KEEP_ROUNDS_SECONDS,
} as const;

export const JOBS: readonly JobDeclaration[] = [
  {
    ...common,
    queue: 'observe-pools',
    cadence: 'always',
    cron: EVERY_MINUTE,
    retry: CHAIN_RETRY,
    timeLimitSeconds: 120,
  },
  {
    ...common,
    queue: 'judge-lapsed',
    cadence: 'while-needed',
    cron: EVERY_MINUTE,
    retry: CHAIN_RETRY,
    timeLimitSeconds: 120,
  },
  {
    ...common,
    queue: 'reconcile-pools',
    cadence: 'always',
    cron: EVERY_MINUTE,
    retry: CHAIN_RETRY,
    timeLimitSeconds: 120,
  },
  {
    ...common,
    queue: 'deliver-webhooks',
    cadence: 'always',
    cron: EVERY_MINUTE,
    retry: CHAIN_RETRY,
    timeLimitSeconds: 120,
  },
  {
    ...common,
    queue: 'self-check',
    cadence: 'scheduled',
    cron: EVERY_MINUTE,
    retry: QUIET_RETRY,
    timeLimitSeconds: 60,
  },
  {
    ...common,
    queue: 'upkeep',
    cadence: 'while-needed',
    cron: '*/5 * * * *',
    retry: QUIET_RETRY,
    timeLimitSeconds: 300,
  },
];

/** @returns whether something is left to do, so that a `while-needed` job comes again */
export type UseCase = () => Promise<boolean>;
export interface JobHandler {
  readonly queue: string;
  readonly run: UseCase;
}

/**
 * @throws Error that lists every queue without a handler, with two, or unknown to the table: the
 * boot must fail then
 */
export function matchHandlers(
  table: readonly JobDeclaration[],
  handlers: readonly JobHandler[],
): readonly (JobDeclaration & { readonly run: UseCase })[] {
  const faults = handlers
    .filter(({ queue }) => !table.some((row) => row.queue === queue))
    .map(({ queue }) => `${queue}: has a handler but is not in the table`);
  const twice = table.filter(
    (row, index) => table.findIndex(({ queue }) => queue === row.queue) !== index,
  );
  faults.push(...twice.map(({ queue }) => `${queue}: is in the table twice`));
  const matched = table.flatMap((row) => {
    const own = handlers.filter(({ queue }) => queue === row.queue);
    if (own.length !== 1)
      faults.push(`${row.queue}: has ${own.length} handlers, must have exactly one`);
    return own[0] ? [{ ...row, run: own[0].run }] : [];
  });
  if (faults.length)
    throw new Error(`The jobs cannot start:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  return matched;
}
