/**
 * Everything that runs on a schedule. A job has no logic: each row names a use-case of the
 * settlement or the notifications room, `upkeep` one of each (`job-handlers.ts`).
 */
export type QueueName =
  | 'observe-pools'
  | 'judge-lapsed'
  | 'reconcile-pools'
  | 'land-loans'
  | 'deliver-webhooks'
  | 'self-check'
  | 'watch-contracts'
  | 'note-days'
  | 'upkeep';

/**
 * always: each round adds the next one; steady: the same, and the pause counts from the beginning of
 * a round, so that a slow one does not make the next one later; while-needed: only if the round
 * returns that work is left; scheduled: by `cron` alone. Cron alone was rejected for the first
 * three, because pg-boss checks it by the minute (a five-second cron fired once in 32 s).
 */
type Cadence = 'always' | 'steady' | 'while-needed' | 'scheduled';

/**
 * Tries of one round beyond the first: `delaySeconds` doubles up to `delayMaxSeconds`, half of it
 * at random, so that several workers do not return together. After `limit` the round is a dead
 * letter.
 */
interface RetryPolicy {
  readonly limit: number;
  readonly delaySeconds: number;
  readonly delayMaxSeconds: number;
}

export interface JobDeclaration {
  readonly queue: QueueName;
  /**
   * `short`: one waiting round per key, and a running round may add its successor; `exclusive`
   * would drop that second send.
   */
  readonly policy: 'short';
  readonly cadence: Cadence;
  /**
   * When a round is added in any case. It also restores a lost round: a chain of rounds ends when
   * its process is killed between two of them.
   */
  readonly cron: string;
  readonly retry: RetryPolicy;
  /** A round that takes longer counts as failed, seconds. */
  readonly timeLimitSeconds: number;
  /** The queue for rounds that used up their tries, for an operator to check. */
  readonly deadLetter: typeof DEAD_LETTERS;
  /** How long rows of finished rounds are kept, seconds: one is written every few seconds. */
  readonly keepSeconds: number;
}

export const DEAD_LETTERS = 'dead';
/** Letters are kept longer than the rounds that they name. */
export const KEEP_LETTERS_SECONDS = 14 * 86_400;
/**
 * Long enough for an operator to find a failed round and retry it; at a round every two seconds,
 * 1,800 rows.
 */
const KEEP_ROUNDS_SECONDS = 3600;
/**
 * A round logs a pool's or a node's fault and continues; it fails only when the ledger does not
 * answer. Three tries, 7 to 14 s in all: less than the minute of cron.
 */
const CHAIN_RETRY: RetryPolicy = { limit: 3, delaySeconds: 1, delayMaxSeconds: 8 };
/**
 * No caller waits for these, so their pauses are longer, within the time between two of their
 * rounds.
 */
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
    cadence: 'steady',
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
    queue: 'land-loans',
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
    queue: 'watch-contracts',
    cadence: 'scheduled',
    cron: '*/5 * * * *',
    retry: QUIET_RETRY,
    timeLimitSeconds: 120,
  },
  {
    ...common,
    queue: 'note-days',
    cadence: 'while-needed',
    cron: '*/5 * * * *',
    retry: QUIET_RETRY,
    timeLimitSeconds: 300,
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

/** @returns whether work is left, so that a `while-needed` job runs again */
export type UseCase = () => Promise<boolean>;
export interface JobHandler {
  readonly queue: string;
  readonly run: UseCase;
}

/**
 * @throws Error that lists every queue without a handler, with two handlers, or missing from the
 * table; the boot must fail then
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
