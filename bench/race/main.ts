import { rpc } from '@stellar/stellar-sdk';
import { z } from 'zod';
import { checked, command, does, run } from '../../src/cli/command-line.js';
import { formatTable } from '../../src/cli/table.js';
import { percentile, short } from '../lab/figures.js';
import { type LabPool, Stage } from '../lab/stage.js';
import { type RedisProcess, redisServer, startRedis } from '../peers/redis.js';
import { type Contestant, FUNDED, holdfast, naive, redisShaped, signed } from './contestants.js';
import { type Fate, fateOf, hashOf } from './fates.js';

/**
 * `npm run race`: three designs race for a pool each, with the same funds and the same crowd, on
 * the visitor's machine. What they promised is read from them, what became of it from the chain.
 */
const UNIT = 10_000_000n;
const LEDGER_SECONDS = 2;
const LANDING_LIMIT_MS = 30_000;
const STROOPS = 1e7;

interface Result {
  readonly contestant: Contestant;
  readonly promised: number;
  readonly fates: readonly Fate[];
  readonly latencies: readonly number[];
}

const optionsSchema = z.strictObject({
  borrowers: z.coerce.number().int().min(2).max(500),
  fit: z.coerce.number().int().min(1).max(100),
});

const race = does(
  command('npm run race --', {
    summary: 'three designs race for a pool of the local network',
    more: 'Takes about ninety seconds and needs nothing. The exit code is 1 when Holdfast breaks a promise.',
    example: 'npm run race -- --borrowers 60 --fit 20',
  })
    .option('--borrowers <n>', 'who ask at the same moment, for each design', '60')
    .option('--fit <n>', 'loans that the pool has funds for', '20'),
  async (options) => {
    const plan = checked(optionsSchema, options);
    const say = (line: string): void => console.log(line);
    say(`${plan.borrowers} borrowers want the funds of ${plan.fit}, three times. Starting ...`);
    const stage = await Stage.open({ ledgerSeconds: LEDGER_SECONDS });
    const program = redisServer();
    const redis = program === undefined ? undefined : await startRedis(program, true);
    try {
      return report(await raceAll(stage, redis, { ...plan, say }), plan.fit);
    } finally {
      await redis?.stop();
      await stage.close();
    }
  },
);

interface Plan extends z.output<typeof optionsSchema> {
  readonly say: (line: string) => void;
}

async function raceAll(
  stage: Stage,
  redis: RedisProcess | undefined,
  plan: Plan,
): Promise<readonly Result[]> {
  const room = FUNDED * BigInt(plan.fit);
  const pools: LabPool[] = [];
  for (const name of ['naive', 'redis', 'holdfast'])
    pools.push(await stage.makePool({ name, deposit: String(room / UNIT), rules: {} }));
  const [first, second, third] = pools;
  if (!first || !second || !third) throw new Error('three pools were made');
  await stage.startService({ role: 'worker' });
  const service = await stage.startService({ role: 'api' });
  const contestants = [
    { pool: first, contestant: await naive(stage, first) },
    { pool: second, contestant: await redisShaped(stage, second, { room, port: redis?.port }) },
    { pool: third, contestant: holdfast(stage, third, stage.client([service.url])) },
  ];
  const results: Result[] = [];
  for (const { pool, contestant } of contestants) {
    plan.say(`\n${contestant.name}: ${contestant.how}`);
    results.push(await heat(stage, pool, contestant, plan));
    await contestant.close();
  }
  return results;
}

async function heat(
  stage: Stage,
  pool: LabPool,
  contestant: Contestant,
  { borrowers, fit, say }: Plan,
): Promise<Result> {
  const crowd = await stage.makeBorrowers(pool, borrowers);
  const server = new rpc.Server(stage.network.rpcUrl, { allowHttp: true });
  const latencies: number[] = [];
  let promised = 0;
  // a promised borrower signs and submits at once, so that a waiting one can be promised later
  const fates = await Promise.all(
    crowd.map(async (borrower): Promise<Fate | null> => {
      const asked = performance.now();
      const promise = await contestant.ask(borrower);
      latencies.push(performance.now() - asked);
      if (!promise) return null;
      promised++;
      const transaction = signed(promise.transaction, borrower);
      if (!(await promise.submit(transaction))) return { kind: 'refused' };
      return fateOf(server, hashOf(transaction), LANDING_LIMIT_MS);
    }),
  );
  const known = fates.filter((fate) => fate !== null);
  const landed = known.filter(({ kind }) => kind === 'landed').length;
  say(
    `  promised ${promised} of ${fit} ${bar(promised, fit)}${promised > fit ? '  over-committed' : ''}`,
  );
  say(`  landed   ${landed} of ${promised} ${bar(landed, fit)}`);
  return { contestant, promised, fates: known, latencies };
}

const BAR = 30;
const bar = (count: number, of: number): string =>
  '█'.repeat(Math.round((count / of) * BAR)).slice(0, 2 * BAR);

/** @returns the exit code */
function report(results: readonly Result[], fit: number): number {
  const columns = [
    'design',
    `promised of ${fit}`,
    'over-committed by',
    'landed',
    'users who burnt a fee',
    'XLM burnt',
    'promises broken',
    'answer p50 ms',
    'p99 ms',
  ].map((name, index) => ({ name, right: index > 0 }));
  const rows = results.map(({ contestant, promised, fates, latencies }) => {
    const burnt = fates.filter((fate) => fate.kind === 'burnt');
    const landed = fates.filter(({ kind }) => kind === 'landed').length;
    const fees = Number(burnt.reduce((sum, { fee }) => sum + fee, 0n)) / STROOPS;
    return [
      contestant.name,
      String(promised),
      promised > fit ? String(promised - fit) : '',
      String(landed),
      String(burnt.length),
      burnt.length === 0 ? '' : fees.toFixed(2),
      String(promised - landed),
      short(percentile(latencies, 0.5)),
      short(percentile(latencies, 0.99)),
    ];
  });
  console.log(`\n${formatTable(columns, rows)}`);
  console.log(
    'A transaction that fails on the chain costs its sender the fee. Answers of Holdfast include ' +
      'the wait of\nthose who ask again while the loans before them land.',
  );
  const ours = results.find(({ contestant }) => contestant.name === 'Holdfast');
  const kept =
    ours !== undefined &&
    ours.promised === fit &&
    ours.fates.every(({ kind }) => kind === 'landed');
  if (!kept) console.error('Holdfast did not keep its promise.');
  return kept ? 0 : 1;
}

process.exitCode = await run(race, process.argv.slice(2), {
  say: (line) => console.log(line),
  complain: (line) => console.error(line),
});
