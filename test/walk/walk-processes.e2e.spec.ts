import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Keypair } from '@stellar/stellar-sdk';
import pg from 'pg';
import { readConfig } from '../../src/common/config.js';
import { GENERATION_TRAITS } from '../../sandbox/contracts/generations.js';
import { startNetwork, type RunningNetwork } from '../../sandbox/network/network.js';
import { TEST_DOOR } from '../support/access.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { Dice } from '../support/dice.js';
import { ledgerFaults } from '../support/ledger-checks.js';
import { Checks } from './checks.js';
import type { Look } from './look.js';
import { Clients } from './clients.js';
import { Diary } from './diary.js';
import { FAULT_KINDS, Faults } from './faults.js';
import { Oracle } from './oracle.js';
import { Others } from './others.js';
import { ServiceProcess } from './processes.js';
import { seedWorld } from './seed-world.js';
import type { Scene } from './world.js';

/**
 * How often ledgers close. Each is at least a second of chain time, so a hold of 60 s is over in 18
 * s.
 */
const LEDGER_SECONDS = 0.3;
const ROUNDS = 36;
const KILL_AT = 10;
const BACK_AT = 15;
/** Beyond every T, rebuilds included. */
const BEYOND_SECONDS = 400;
const QUIET_LIMIT_MS = 60_000;
/** Each has the chance of a ledger in the other walk, which has ten times as many. */
const FAULT_STEPS = 4;

/** Three, so that both workers land with each of them. */
const channels = [0, 1, 2].map(() => Keypair.random());
let database: TestDatabase;
let network: RunningNetwork;
let checks: pg.Client;
let scene: Scene;
let workers: readonly ServiceProcess[];
let apis: readonly ServiceProcess[];

beforeAll(async () => {
  [database, network] = await Promise.all([createTestDatabase(), startNetwork()]);
  const environment = {
    ...TEST_DOOR,
    VOLATILE_DATABASE: 'allow',
    DATABASE_URL: database.url,
    STELLAR_RPC_URL: network.rpcUrl,
    STELLAR_NETWORK_PASSPHRASE: network.passphrase,
    LEDGER_DEADLINE_MS: '5000',
    CHAIN_LAG_SECONDS_MAX: '3600',
    COUNTER_WINDOW: '2',
    OBSERVE_SECONDS: '0.3',
    RPC_TIMEOUT_MS: '1000',
    CHANNEL_SECRETS: channels.map((channel) => channel.secret()).join(),
  };
  checks = new pg.Client({ connectionString: database.url, application_name: 'walk' });
  await checks.connect();
  const furniture = await seedWorld(
    network,
    { ...readConfig(environment), ...TEST_DOOR, DATABASE_URL: database.url },
    { buffer: 0n, strict: true, channels },
  );
  const started = await Promise.all(
    (['api', 'api', 'worker', 'worker'] as const).map((role) =>
      ServiceProcess.of(role, environment),
    ),
  );
  apis = started.slice(0, 2);
  workers = started.slice(2);
  scene = { network, checks, apis, signing: 'mixed', ...furniture };
  network.control.setTimer(LEDGER_SECONDS);
}, 120_000);
afterAll(async () => {
  await Promise.all([...apis, ...workers].map((each) => each.kill()));
  await checks.end();
  await network.close();
  await database.drop();
});

/** Waits for the next ledger of the timer. */
async function nextLedger(): Promise<void> {
  for (const { ledger } = network.control.head(); network.control.head().ledger === ledger;)
    await wait(10);
}

test(
  'two APIs and two workers as processes, one of each killed and started again, over ' +
    'nodes that misbehave: every hold is kept, and in the end nothing is held',
  async () => {
    const seed = Math.floor(Date.now() / 1000);
    const dice = new Dice(seed);
    const diary = new Diary(() => network.control.head().ledger);
    const oracle = new Oracle(network, scene.pool.poolContract);
    const clients = new Clients(scene, oracle, dice, diary);
    const others = new Others(scene, dice, diary, {
      withHarm: false,
      traits: GENERATION_TRAITS.g1,
    });
    const faults = new Faults(network, dice, diary);
    const held = new Checks(scene, oracle, diary, {
      harm: false,
      strict: true,
      faultSince: (ledger) => faults.wasOnSince(ledger),
      forgot: () => faults.forgot,
      cancelled: (id) => clients.wasCancelled(id),
      failovers: { happened: false, lostAny: false, hasLost: () => false },
    });

    const round = async (number: number): Promise<void> => {
      if (number === KILL_AT) await Promise.all([apis[0]?.kill(), workers[0]?.kill()]);
      const back = number === BACK_AT ? [apis[0]?.start(), workers[0]?.start()] : [];
      for (let step = 0; step < FAULT_STEPS; step++) faults.step();
      if (dice.chance(0.3)) others.act();
      await Promise.all([
        clients.ask(),
        clients.ask(),
        clients.askAgain(),
        clients.move(),
        clients.move(),
        nextLedger(),
        ...back,
      ]);
      await held.run(false);
    };
    /** The chain continues beyond every T, and the workers do the rest. */
    const quiet = async (): Promise<Look> => {
      faults.end();
      network.control.travel(BEYOND_SECONDS);
      for (
        const until = performance.now() + QUIET_LIMIT_MS;
        performance.now() < until;
        await nextLedger()
      ) {
        const look = await held.run(false);
        if (look.live === 0 && look.inFlight === '0' && look.snapshotLedger === held.reconciledTo)
          return look;
      }
      throw new Error('holds are live, or bridges open, long after every T');
    };

    try {
      for (let number = 0; number < ROUNDS; number++) await round(number);
      const look = await quiet();
      expect(look).toMatchObject({
        held: '0',
        inFlight: '0',
        live: 0,
        state: 'active',
        observed: String(oracle.spendable(look.snapshotLedger ?? 0)),
      });
      expect(oracle.mayStillLand()).toBe(0n);
      expect(await ledgerFaults(checks)).toEqual([]);
      expect(
        FAULT_KINDS.filter((kind) => diary.counts[`fault ${kind}`] !== undefined).length,
      ).toBeGreaterThan(1);
      expect(
        ['held', 'replayed', 'landed', 'settled', 'entry submitted', 'bridge explained'].filter(
          (what) => diary.counts[what] === undefined,
        ),
      ).toEqual([]);
      process.stdout.write(
        `walk of processes, seed ${seed}: to ledger ${network.control.head().ledger} ${JSON.stringify(diary.counts)}\n`,
      );
    } catch (thrown) {
      throw new Error(
        `seed ${seed}: ${thrown instanceof Error ? thrown.message : String(thrown)}\n  ` +
          `${diary.last.join('\n  ')}\n  database: ${database.url}`,
        { cause: thrown },
      );
    }
  },
  300_000,
);
