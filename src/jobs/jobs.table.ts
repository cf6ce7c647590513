/** What runs by itself, in one place. A job has no logic: each row names one use-case of the settlement or the notifications room (`job.handlers.ts`). */
export type QueueName = 'observe-pools' | 'judge-lapsed' | 'reconcile-pools' | 'deliver-webhooks';

/**
 * always: the next round is put into the queue when one ends; while-needed: only when the round says that something is left.
 * Cron alone was rejected: pg-boss has it by the minute only (five-second cron fired once in 32 s, `stack.md` 4).
 */
export type Cadence = 'always' | 'while-needed';

export interface JobDeclaration {
  readonly queue: QueueName;
  /** `short`: one waiting round per key, and a round may put its successor in while it runs; with `exclusive` that second send is dropped. */
  readonly policy: 'short';
  readonly cadence: Cadence;
  /** Brings a lost round back: a chain of rounds ends when its process is killed between two of them. */
  readonly safetyNet: '* * * * *';
  /** Further tries of one round. None: the next round is the retry, and its work is not lost. */
  readonly retryLimit: number;
  /** A round that takes longer counts as failed, seconds. */
  readonly timeLimitSeconds: number;
  /** Where a failed round goes for a person to look at. */
  readonly deadLetter: typeof DEAD_LETTERS;
  /** Rows of rounds that are over are kept so long, seconds: there is one every few seconds. */
  readonly keepSeconds: number;
}

export const DEAD_LETTERS = 'dead';
/** Letters outlive the rounds they tell of. */
export const KEEP_LETTERS_SECONDS = 14 * 86_400;
/** Long enough for an operator to find a failed round and retry it; at a round every two seconds, 1,800 rows. */
const KEEP_ROUNDS_SECONDS = 3600;

export const JOBS: readonly JobDeclaration[] = [
  { queue: 'observe-pools', policy: 'short', cadence: 'always', safetyNet: '* * * * *', retryLimit: 0, timeLimitSeconds: 120, deadLetter: DEAD_LETTERS, keepSeconds: KEEP_ROUNDS_SECONDS },
  { queue: 'judge-lapsed', policy: 'short', cadence: 'while-needed', safetyNet: '* * * * *', retryLimit: 0, timeLimitSeconds: 120, deadLetter: DEAD_LETTERS, keepSeconds: KEEP_ROUNDS_SECONDS },
  { queue: 'reconcile-pools', policy: 'short', cadence: 'always', safetyNet: '* * * * *', retryLimit: 0, timeLimitSeconds: 120, deadLetter: DEAD_LETTERS, keepSeconds: KEEP_ROUNDS_SECONDS },
  { queue: 'deliver-webhooks', policy: 'short', cadence: 'always', safetyNet: '* * * * *', retryLimit: 0, timeLimitSeconds: 120, deadLetter: DEAD_LETTERS, keepSeconds: KEEP_ROUNDS_SECONDS },
];

/** @returns whether something is left to do, so that a `while-needed` job comes again */
export type UseCase = () => Promise<boolean>;
export interface JobHandler { readonly queue: string; readonly run: UseCase }

/** @throws Error that lists every queue without a handler, with two, or unknown to the table: the boot must fail then */
export function matchHandlers(table: readonly JobDeclaration[], handlers: readonly JobHandler[]): readonly (JobDeclaration & { readonly run: UseCase })[] {
  const faults = handlers.filter(({ queue }) => !table.some((row) => row.queue === queue)).map(({ queue }) => `${queue}: has a handler but is not in the table`);
  const twice = table.filter((row, index) => table.findIndex(({ queue }) => queue === row.queue) !== index);
  faults.push(...twice.map(({ queue }) => `${queue}: is in the table twice`));
  const matched = table.flatMap((row) => {
    const own = handlers.filter(({ queue }) => queue === row.queue);
    if (own.length !== 1) faults.push(`${row.queue}: has ${own.length} handlers, must have exactly one`);
    return own[0] ? [{ ...row, run: own[0].run }] : [];
  });
  if (faults.length) throw new Error(`The jobs cannot start:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  return matched;
}
