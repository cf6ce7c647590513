import type { Config } from '../common/config.js';
import { asError } from '../common/errors.js';
import { formatAmount } from '../common/money.js';
import type { PoolRecord } from '../modules/liquidity/pools/pool-registry.js';
import type { DevelopmentAccount } from '../../sandbox/control-client.js';
import type { ListedLoan } from './demo-api.js';
import { raceFaults, unfairRefusals } from './demo-faults.js';
import { disagreements, printViews, threeViews, untilSnapshotPassed } from './demo-figures.js';
import {
  DECIMALS,
  DEFAULT_PLAN,
  type DemoPlan,
  fundedUnits,
  instalmentsOf,
  LOAN,
  totalOf,
} from './demo-plan.js';
import {
  land,
  landedOnChain,
  type Landing,
  promisedOf,
  race,
  type RaceResult,
  type Terms,
  type Winner,
} from './demo-race.js';
import { type Cast, lendToStrangers, strangersUntil } from './demo-strangers.js';
import { findOrStart, ForeignNetwork, type Service } from './demo.service.js';
import { localGeneration } from './local-generation.js';
import { registerPool } from '../modules/operations/register-pool.js';
import { openRooms, type Rooms } from './rooms.js';
import type { Terminal } from './terminal.js';

export type Stage = Pick<Terminal, 'say' | 'progress' | 'onInterrupt'>;
/** The pool of this run, while it is open. */
interface OpenPool {
  id?: string;
}
class Interrupted extends Error {}

const DAY_MS = 86_400_000;
/** More rounds than any plan needs. */
const ROUNDS_MOST = 20;

/** @returns the exit code: 0 all as promised, 1 something was not, 2 the demo may not run here */
export async function runDemo(
  config: Config,
  stage: Stage,
  plan: DemoPlan = DEFAULT_PLAN,
): Promise<number> {
  const started = performance.now();
  stage.say(
    `Holdfast demo: ${plan.borrowers} borrowers ask at the same moment, and the pool can fund ${plan.fit}.\n`,
  );
  let service: Service | undefined;
  let rooms: Rooms | undefined;
  const open: OpenPool = {};
  let restore = (): void => undefined;
  const interrupted = new Promise<never>((_, reject) => {
    restore = stage.onInterrupt(() => {
      reject(new Interrupted('interrupted; its pool is closed, and what landed stays landed.'));
    });
  });
  interrupted.catch(() => undefined); // it may come when nothing waits for it
  try {
    // not interrupted: what it starts is stopped below
    service = await findOrStart(config, stage.say);
    await Promise.race([interrupted, Promise.resolve()]);
    rooms = openRooms(
      {
        databaseUrl: service.running.databaseUrl,
        rpcUrl: service.running.rpcUrl,
        networkPassphrase: service.running.networkPassphrase,
      },
      config,
    );
    const faults = await Promise.race([play({ service, rooms, stage, open }, plan), interrupted]);
    for (const fault of faults) stage.say(`   WRONG: ${fault}`);
    const good = `Exactly ${plan.fit} of ${plan.borrowers}, all landed, none failed, and every figure agrees.`;
    stage.say(`\n${faults.length === 0 ? good : 'Not as promised.'} ${seconds(started)} s.`);
    return faults.length === 0 ? 0 : 1;
  } catch (thrown) {
    stage.say(`\nThe demo stopped: ${asError(thrown).message}`);
    return thrown instanceof ForeignNetwork ? 2 : 1;
  } finally {
    restore();
    // or every run would leave one more pool to observe
    if (open.id !== undefined) await rooms?.pools.change(open.id, { state: 'closed' });
    await rooms?.close();
    await service?.stop();
  }
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);

/** @returns what was not as promised */
async function play(
  { service, rooms, stage, open }: { service: Service; rooms: Rooms; stage: Stage; open: OpenPool },
  plan: DemoPlan,
): Promise<readonly string[]> {
  const cast = await prepare(service, rooms, plan, open);
  const { pool } = cast;
  stage.say(
    `   A fresh pool lends ${formatAmount(fundedUnits(plan.fit) + 1n, DECIMALS)}: ` +
      `${plan.fit} loans of ${LOAN.funded} and one base unit. ${plan.borrowers} fresh ` +
      `borrowers, each short of ${LOAN.funded}.`,
  );
  stage.say(`   Pool ${pool.id}, contract ${pool.poolContract}\n`);

  const faults: string[] = [];
  const winners: Winner[] = [];
  let settled: readonly ListedLoan[] = [];
  let refused = 0;
  let strangers = 0;
  let asking = cast.borrowers;
  for (let round = 0; asking.length > 0 && round < ROUNDS_MOST; round++) {
    const { result, loans, oddities, ...others } = await oneRound(service, stage, cast, {
      asking,
      first: round === 0,
    });
    strangers += others.strangers;
    faults.push(...unfairRefusals(result), ...oddities);
    winners.push(...result.winners);
    refused += result.refusals.length;
    settled = [...settled, ...loans.filter(({ reservation }) => reservation.state === 'settled')];
    asking = result.waiting;
  }
  faults.push(
    ...raceFaults(plan, { promised: winners.length, refused, settled: settled.length }),
    ...(await sayLandings({ service, rooms, stage }, winners)),
  );

  await untilSnapshotPassed(service.api, pool.id, (await rooms.chain.head()).ledger);
  const views = await threeViews(service.api, rooms, pool);
  stage.say('3. Three witnesses, after the snapshot has passed the last landing');
  for (const line of printViews(views)) stage.say(line);
  await rooms.pools.change(pool.id, { state: 'closed' });
  delete open.id;
  stage.say('\n   The pool is closed now; its rows stay:');
  stage.say(
    '   npx holdfast sql "select state, count(*), sum(amount) from reservations where ' +
      `pool_id = '${pool.id}' group by state"`,
  );
  const locked = formatAmount(fundedUnits(plan.fit + strangers), DECIMALS);
  return [
    ...faults,
    ...(views.chain.locked === locked
      ? []
      : [`the chain has ${views.chain.locked} lent out, not ${locked}`]),
    ...disagreements(views).map((name) => `the three do not agree on ${name}`),
  ];
}

/** Those who ask, then those who were promised. */
async function oneRound(
  service: Service,
  stage: Stage,
  { plan, pool, terms }: Cast,
  { asking, first }: { asking: readonly DevelopmentAccount[]; first: boolean },
): Promise<Landing & { result: RaceResult; strangers: number }> {
  let mark = performance.now();
  const result = await race(service.api, asking, terms);
  stage.say(`1. ${asking.length} POST /loans at once: answered in ${seconds(mark)} s`);
  sayRace(result, plan, stage);
  const between = first && plan.signing === 'transaction' ? plan.strangers : 0;
  const early = await lendToStrangers(service, { plan, pool }, between);
  if (early > 0)
    stage.say(
      `   ${early} strangers borrowed from the same lending contract meanwhile, past the service.\n`,
    );

  mark = performance.now();
  const landing = land(service.api, {
    poolId: pool.id,
    winners: result.winners,
    limitSeconds: pool.holdSeconds + 60,
    onLook: (count) => {
      const left = pool.holdSeconds + 60 - (performance.now() - mark) / 1000;
      stage.progress(
        `2. The promised ones sign and submit: settled ${count}/${result.winners.length}, ` +
          `at most ${Math.max(0, Math.round(left))} s left`,
      );
    },
  });
  // awaited together, so that the failure of either stops the demo
  const [landed, late] = await Promise.all([
    landing,
    plan.signing === 'authorization' ? strangersUntil(landing, service, { plan, pool }) : 0,
  ]);
  if (late > 0)
    stage.say(
      `   ${late} strangers borrowed from the same lending contract in the meantime, past the service.`,
    );
  const settled = landed.loans.filter(({ reservation }) => reservation.state === 'settled').length;
  stage.say(
    `2. The promised ones sign ${plan.signing === 'authorization' ? 'an authorization ' : ''}and ` +
      `submit once: ${settled} of ${result.winners.length} settled on the chain in ${seconds(mark)} s`,
  );
  return { ...landed, result, strangers: early + late };
}

/** @returns what did not land */
async function sayLandings(
  { service, rooms, stage }: { service: Service; rooms: Rooms; stage: Stage },
  winners: readonly Winner[],
): Promise<readonly string[]> {
  const promised = await Promise.all(winners.map((winner) => promisedOf(service.api, winner)));
  const { landed, failed, missing, ledgers } = await landedOnChain(rooms.chain, promised);
  const again = promised.reduce((sum, { failures }) => sum + failures, 0);
  stage.say(
    `     ${landed} of ${winners.length} transactions landed, in ${ledgers} ` +
      `${ledgers === 1 ? 'ledger' : 'ledgers'}; ${failed} failed.`,
  );
  if (again > 0)
    stage.say(
      `     ${again} more of the service's transactions failed because strangers came first; it sent ` +
        'others, and no borrower signed again.',
    );
  stage.say(
    '     None met an empty pool: what was promised was there when the transaction landed.\n',
  );
  return [
    ...(failed === 0 ? [] : [`${failed} transactions failed`]),
    ...(missing === 0 ? [] : [`${missing} transactions are in no ledger`]),
  ];
}

async function prepare(
  service: Service,
  rooms: Rooms,
  plan: DemoPlan,
  open: OpenPool,
): Promise<Cast> {
  const { control } = service;
  const made = await control.makePool({
    profile: plan.generation === 'reserve' ? 'reserve' : 'scaled',
    generation: plan.generation,
    decimals: DECIMALS,
    deposit: formatAmount(fundedUnits(plan.fit) + 1n, DECIMALS),
  });
  const borrowers = await control.makeBorrowers({
    pool: made.pool,
    count: plan.borrowers,
    tokens: '1000',
    score: 80,
  });
  const pool = await registerPool(rooms, {
    contract: made.pool,
    name: `Demo ${new Date().toISOString().slice(0, 19)}`,
    generation: localGeneration(made),
  });
  open.id = pool.id;
  const members = plan.generation === 'reserve' ? {} : await saleTerms(service, rooms, pool, plan);
  const signing = plan.signing === 'authorization' ? { signing: plan.signing } : {};
  const terms = { poolId: pool.id, totalAmount: totalOf(plan), ...members, ...signing };
  return { plan, pool, borrowers, terms };
}

/** What a loan that pays a vendor says, besides its total. */
async function saleTerms(
  { control }: Service,
  rooms: Rooms,
  { poolContract }: PoolRecord,
  { instalments }: DemoPlan,
): Promise<Pick<Terms, 'vendor' | 'guaranteeAmount' | 'schedule'>> {
  const [vendor = ''] = await control.makeVendors({ pool: poolContract, count: 1 });
  const chainNow = Number((await rooms.chain.head()).closeTime) * 1000;
  const due = (days: number): string =>
    new Date(chainNow + days * DAY_MS).toISOString().replace(/\.\d{3}Z$/, 'Z');
  const schedule = instalmentsOf(instalments).map((amount, index) => ({
    amount,
    dueAt: due(30 * (index + 1)),
  }));
  return { vendor, guaranteeAmount: LOAN.guaranteeAmount, schedule };
}

function sayRace(
  { winners, refusals, waiting }: RaceResult,
  { signing }: DemoPlan,
  stage: Stage,
): void {
  stage.say(
    `     ${winners.length} were promised their funds: set aside in Postgres before the ` +
      `${signing} to sign left the service.`,
  );
  if (waiting.length > 0)
    stage.say(
      `     ${waiting.length} heard that no further transaction can land in any order now: they ask again.`,
    );
  const [first] = refusals;
  if (first) {
    stage.say(
      `     ${refusals.length} were refused: ${first.available} available at ledger ` +
        `${first.atLedger}; the first promise can lapse after ${first.nextDeadline ?? '?'}.`,
    );
    stage.say(
      `     Check-then-build would have promised to all of them, and ${refusals.length} would ` +
        'have burnt a fee on a transaction that must fail.',
    );
  }
  stage.say('');
}
