import type { Config } from '../common/config.js';
import { asError } from '../common/errors.js';
import { formatAmount } from '../common/money.js';
import type { PoolRecord } from '../modules/liquidity/pool.registry.js';
import type { DevelopmentAccount } from '../sandbox/control.client.js';
import { disagreements, printViews, threeViews, untilSnapshotPassed } from './demo.figures.js';
import { land, race, type RaceResult, type Terms } from './demo.race.js';
import { findOrStart, ForeignNetwork, type Service } from './demo.service.js';
import { registerPool } from '../modules/operations/register-pool.js';
import { openRooms, type Rooms } from './rooms.js';

export interface Stage { readonly say: (line: string) => void; /** A line that may be replaced by the next one. */ readonly progress: (line: string) => void }

const BORROWERS = 50;
const ROOM_FOR = 20;
const DECIMALS = 7;
/** Token units. Of each loan the pool funds 80; one base unit is left over, so that "exactly twenty" is not "everything". */
const LOAN = { totalAmount: '100', guaranteeAmount: '20', instalment: '50', funded: 80n } as const;
const DAY_MS = 86_400_000;

interface Cast { readonly pool: PoolRecord; readonly borrowers: readonly DevelopmentAccount[]; readonly terms: Terms }

/** @returns the exit code: 0 all as promised, 1 something was not, 2 the demo may not run here */
export async function runDemo(config: Config, stage: Stage): Promise<number> {
  const started = performance.now();
  stage.say('Holdfast demo: fifty borrowers ask at the same moment, and the pool can fund twenty.\n');
  let service: Service | undefined;
  let rooms: Rooms | undefined;
  try {
    service = await findOrStart(config, stage.say);
    rooms = openRooms({ databaseUrl: service.running.databaseUrl, rpcUrl: service.running.rpcUrl, networkPassphrase: service.running.networkPassphrase }, config);
    const faults = await play(service, rooms, stage);
    for (const fault of faults) stage.say(`   WRONG: ${fault}`);
    stage.say(`\n${faults.length === 0 ? 'Exactly 20 of 50, and every figure agrees.' : 'Not as promised.'} ${seconds(started)} s.`);
    return faults.length === 0 ? 0 : 1;
  } catch (thrown) {
    stage.say(`\nThe demo stopped: ${asError(thrown).message}`);
    return thrown instanceof ForeignNetwork ? 2 : 1;
  } finally {
    await rooms?.close();
    await service?.stop();
  }
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);

/** @returns what was not as promised */
async function play(service: Service, rooms: Rooms, stage: Stage): Promise<readonly string[]> {
  const cast = await prepare(service, rooms);
  const deposit = formatAmount(roomUnits(), DECIMALS);
  stage.say(`   A fresh pool lends ${deposit}: twenty loans of ${LOAN.funded} and one base unit. Fifty fresh borrowers, each short of ${LOAN.funded}.`);
  stage.say(`   Pool ${cast.pool.id}, contract ${cast.pool.poolContract}\n`);

  let mark = performance.now();
  const result = await race(service.api, cast.borrowers, cast.terms);
  stage.say(`1. Fifty POST /loans at once: answered in ${seconds(mark)} s`);
  tellRace(result, stage);

  mark = performance.now();
  const { loans, oddities } = await land(service.api, {
    poolId: cast.pool.id, winners: result.winners, limitSeconds: cast.pool.holdSeconds + 60,
    onLook: (settled) => { stage.progress(`2. The promised ones sign and submit: settled ${settled}/${result.winners.length}`); },
  });
  const settled = loans.filter(({ reservation }) => reservation.state === 'settled');
  stage.say(`2. The promised ones sign and submit: ${settled.length} of ${result.winners.length} settled on the chain in ${seconds(mark)} s`);
  stage.say('     None met an empty pool: what was promised was there when the transaction landed.\n');

  await untilSnapshotPassed(service.api, cast.pool.id, Math.max(0, ...settled.map(({ reservation }) => reservation.settledLedger ?? 0)));
  const views = await threeViews(service.api, rooms, cast.pool);
  stage.say('3. Three witnesses, after the snapshot has passed the last settlement');
  for (const line of printViews(views)) stage.say(line);
  await rooms.pools.change(cast.pool.id, { state: 'closed' }); // or every run would leave one more pool to observe
  stage.say('\n   The pool is closed now; its rows stay:');
  stage.say(`   npm run sql -- "select state, count(*), sum(amount) from reservations where pool_id = '${cast.pool.id}' group by state"`);
  return [...raceFaults(result), ...oddities, ...(settled.length === ROOM_FOR ? [] : [`${settled.length} loans settled, not ${ROOM_FOR}`]),
    ...(views.chain.locked === formatAmount(roomUnits() - 1n, DECIMALS) ? [] : [`the chain has ${views.chain.locked} lent out`]), ...disagreements(views).map((name) => `the three do not agree on ${name}`)];
}

const roomUnits = (): bigint => LOAN.funded * 10n ** BigInt(DECIMALS) * BigInt(ROOM_FOR) + 1n;

async function prepare(service: Service, rooms: Rooms): Promise<Cast> {
  const { control } = service;
  const made = await control.makePool({ profile: 'scaled', decimals: DECIMALS, deposit: formatAmount(roomUnits(), DECIMALS) });
  const [vendor] = await control.makeVendors({ pool: made.pool, count: 1 });
  const borrowers = await control.makeBorrowers({ pool: made.pool, count: BORROWERS, tokens: '1000', score: 80 });
  const pool = await registerPool(rooms, { contract: made.pool, name: `Demo ${new Date().toISOString().slice(0, 19)}`, profile: 'scaled' });
  const chainNow = Number((await rooms.chain.head()).closeTime) * 1000;
  const due = (days: number): string => new Date(chainNow + days * DAY_MS).toISOString().replace(/\.\d{3}Z$/, 'Z');
  const { totalAmount, guaranteeAmount, instalment } = LOAN;
  return { pool, borrowers, terms: { poolId: pool.id, vendor: vendor ?? '', totalAmount, guaranteeAmount, schedule: [{ amount: instalment, dueAt: due(30) }, { amount: instalment, dueAt: due(60) }] } };
}

function tellRace(result: RaceResult, stage: Stage): void {
  const [first] = result.refusals;
  stage.say(`     ${result.winners.length} were promised their funds: set aside in Postgres before the transaction to sign left the service.`);
  stage.say(`     ${result.refusals.length} were refused: ${first?.available ?? '?'} available at ledger ${first?.atLedger ?? '?'}; the first promise can lapse after ${first?.nextDeadline ?? '?'}.`);
  stage.say('     Check-then-build would have told all fifty yes, and thirty would have burnt a fee on a transaction that must fail.\n');
}

function raceFaults({ winners, refusals, oddities }: RaceResult): readonly string[] {
  const faults = oddities.map((oddity) => `an unexpected answer: ${oddity}`);
  if (winners.length !== ROOM_FOR) faults.push(`${winners.length} were promised, not ${ROOM_FOR}`);
  if (refusals.length !== BORROWERS - ROOM_FOR) faults.push(`${refusals.length} were refused, not ${BORROWERS - ROOM_FOR}`);
  const left = formatAmount(1n, DECIMALS);
  const earliest = winners.map(({ offer }) => offer.reservation.expiresAt).toSorted()[0];
  const unfair = refusals.filter(({ available, nextDeadline, atLedger }) => available !== left || nextDeadline !== earliest || atLedger === undefined);
  if (unfair.length > 0) faults.push(`${unfair.length} refusals do not name ${left} available and ${earliest} as the next deadline, such as ${JSON.stringify(unfair[0])}`);
  return faults;
}
