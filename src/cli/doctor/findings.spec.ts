import { expect, test } from '@jest/globals';
import { readConfig } from '../../common/config.js';
import { NO_LIMITS } from '../../modules/chain/families/contract-family.js';
import { type Clocks, clockFindings } from './clock.js';
import type { ContractFacts } from './contract-facts.js';
import { contractFindings } from './contract-findings.js';
import type { DatabaseFacts } from './database-facts.js';
import { databaseFindings, type DatabaseWishes } from './database-findings.js';
import { type Finding, worstOf } from './finding.js';
import { type NodeFacts, nodeFindings } from './node.js';
import { page } from './page.js';
import { type PortFacts, portFindings, readPorts } from './ports.js';

/** Facts of which every finding is ok, and what each finding says when one fact is another. */
const bad = (findings: readonly Finding[]): string[] =>
  findings
    .filter(({ state }) => state !== 'ok')
    .map(({ area, check, state, found }) => `${state} ${area}: ${check}: ${found}`);

/** Every cure is a sentence. */
const cured = (findings: readonly Finding[]): void => {
  for (const { state, found, cure } of findings) {
    expect(found).not.toMatch(/\.$|undefined|Infinity|NaN/);
    if (state === 'ok') expect(cure).toBeNull();
    else expect(cure).toMatch(/^[A-Za-z].*\.$/);
  }
};

const database: DatabaseFacts = {
  version: '18.1',
  migrated: true,
  role: 'holdfast',
  creates: true,
  owns: true,
  serves: false,
  reports: true,
  textOrder: 'Postgres itself',
  unfitServer: null,
  unfitSchema: null,
  volatile: [],
  tooFewConnections: null,
  crowded: null,
  unseenIdentity: null,
  orderChange: null,
  migrations: { missing: 0, unknown: [] },
  encrypted: true,
  aheadMs: 0,
  at: 1_790_000_000_000,
};
const databaseWith = (
  changes: Partial<DatabaseFacts>,
  { pooled = false, ...wishes }: Partial<DatabaseWishes> & { pooled?: boolean } = {},
): Finding[] =>
  databaseFindings(
    { value: { ...database, ...changes } },
    { value: pooled },
    {
      volatile: false,
      host: 'db.example',
      direct: false,
      owner: false,
      production: false,
      ...wishes,
    },
  );

test('a database that is as it must be has no fault and no warning', () => {
  expect(bad(databaseWith({}))).toEqual([]);
  expect(bad(databaseWith({ migrated: false, migrations: { missing: 14, unknown: [] } }))).toEqual(
    [],
  );
  expect(bad(databaseWith({ encrypted: false }, { host: '127.0.0.1' }))).toEqual([]);
  expect(bad(databaseWith({}, { pooled: true, direct: true }))).toEqual([]);
  const serving = { role: 'holdfast_app', owns: false, serves: true, creates: false };
  expect(bad(databaseWith(serving, { production: true }))).toEqual([]);
  const missing = { ...serving, migrations: { missing: 2, unknown: [] } };
  expect(bad(databaseWith(missing, { owner: true }))).toEqual([]);
  expect(databaseWith({ migrations: { missing: 2, unknown: [] } })[1]?.found).toBe(
    'the next start applies 2 migrations',
  );
});

test.each<[Parameters<typeof databaseWith>, string]>([
  [[{ unfitServer: 'It is old.' }], 'fault database: server: It is old'],
  [[{ unfitSchema: 'It is newer.' }], 'fault database: schema: It is newer'],
  [[{ migrations: { missing: 0, unknown: ['A1'] } }], 'warning database: schema: a newer release'],
  [[{ volatile: ['fsync is off: x'] }], 'fault database: durability: fsync is off: x'],
  [[{ volatile: ['fsync is off: x'] }, { volatile: true }], 'warning database: durability: fsync'],
  [[{ creates: false }], 'fault database: role: holdfast may not make schemas'],
  [[{ owns: false }], 'fault database: role: holdfast neither owns the tables that are there nor'],
  [[{}, { production: true }], 'warning database: role: holdfast owns the tables and could switch'],
  [
    [{ owns: false, serves: true, migrations: { missing: 2, unknown: [] } }],
    'fault database: schema: 2 migrations are missing, and holdfast may not apply them',
  ],
  [[{ reports: false }], 'warning database: role: holdfast may not make the role'],
  [[{}, { pooled: true }], 'warning database: pooler: a pooler stands before the server'],
  [[{ encrypted: false }], 'warning database: tls: passwords and rows go to db.example unencr'],
  [[{ tooFewConnections: 'Too few.' }], 'fault database: connections: Too few'],
  [[{ crowded: 'Few are free' }], 'warning database: connections: Few are free'],
  [
    [{ orderChange: { recorded: '1', actual: '2' } }],
    'warning database: text order: text is ordered by version 2',
  ],
  [[{ unseenIdentity: 'It is not told' }], 'warning database: failover: It is not told'],
])('a database with %j', (changed, sentence) => {
  const findings = databaseWith(...changed);
  expect(bad(findings)).toEqual([expect.stringContaining(sentence)]);
  cured(findings);
});

test('a database that cannot be read is one fault', () => {
  const wishes = {
    volatile: false,
    host: 'db.example',
    direct: true,
    owner: false,
    production: false,
  };
  for (const findings of [
    databaseFindings({ failed: 'no' }, { value: false }, wishes),
    databaseFindings({ value: database }, { failed: 'no' }, wishes),
  ]) {
    expect(bad(findings)).toEqual(['fault database: connection: it cannot be read: no']);
    cured(findings);
  }
});

const node: NodeFacts = {
  head: { ledger: 200_000, closeTime: 1_790_000_000n, oldestLedger: 79_040 },
  protocol: 23,
  slowestMs: 40.2,
  fee: { bid: 1000n, going: { rate: 100n, ledger: 200_000 } },
};
const head = (oldestLedger: number): Partial<NodeFacts> => ({
  head: { ...node.head, oldestLedger },
});
const nodeWith = (changes: Partial<NodeFacts>): Finding[] =>
  nodeFindings({ value: { ...node, ...changes } }, 'Test', {
    longestHold: 1_200,
    ledgerSeconds: 4,
    bids: { feePercentile: 'p90', maxInclusionFee: 10_000 },
  });

test('a node that is as it must be has no fault and no warning', () => {
  expect(bad(nodeWith({}))).toEqual([]);
  // all that there is
  expect(bad(nodeWith({ head: { ...node.head, ledger: 5, oldestLedger: 1 } }))).toEqual([]);
});

test.each<[Partial<NodeFacts>, string]>([
  [{ protocol: 22 }, 'fault node: protocol: version 22; Holdfast needs 23 or newer'],
  [{ protocol: null }, 'warning node: protocol: the node does not say its version'],
  // 300 ledgers of 4 s are exactly the longest hold
  [head(199_700), 'fault node: retention: getTransaction knows 300 ledgers, 1200 s at least'],
  [head(199_699), 'warning node: retention: getTransaction knows 301 ledgers, 1204 s at least'],
  [{ slowestMs: 1_000.6 }, 'warning node: latency: the newest ledger takes up to 1001 ms'],
  [{ fee: { bid: 1000n, going: null } }, 'warning node: fees: the node does not say'],
  [
    { fee: { bid: 1000n, going: { rate: 10_001n, ledger: 9 } } },
    'warning node: fees: p90 of the transactions pay 10001 stroops, above the cap of 10000',
  ],
])('a node with %o', (changes, sentence) => {
  const findings = nodeWith(changes);
  expect(bad(findings)).toEqual([expect.stringContaining(sentence)]);
  cured(findings);
});

test.each([
  ['getNetwork: the node serves the network "A", configured is "B".', 'STELLAR_NETWORK_PASSPHRASE'],
  ['getNetwork: the connection failed.', 'docs/operations.md#chain-unreachable'],
])('a node that cannot be used (%s) is one fault', (failed, cure) => {
  const findings = nodeFindings({ failed }, 'B', {
    longestHold: 1,
    ledgerSeconds: 4,
    bids: { feePercentile: 'p90', maxInclusionFee: 1 },
  });
  expect(findings).toEqual([
    expect.objectContaining({ state: 'fault', cure: expect.stringContaining(cure) }),
  ]);
  cured(findings);
});

const state = {
  ledger: 1_000,
  total: 1_000n,
  locked: 300n,
  tokenBalance: 700n,
  lastLoanId: 1n,
  contractPaused: false,
  contractPauses: { pool: false, lending_contract: false },
  limits: NO_LIMITS,
  closeTime: null,
  head: { ledger: 1_000, closeTime: 1n, oldestLedger: 1 },
};
const lives = (instanceUntil: number | null): ContractFacts['lifetimes'] => ({
  value: {
    ledger: 1_000,
    contracts: [{ contract: 'C', name: 'lending_contract', instanceUntil, codeUntil: 900_000 }],
  },
});
const contracts: ContractFacts = {
  generation: 'g3',
  code: { generation: 'g3' },
  decimals: 0,
  state: { value: state },
  lifetimes: lives(800_000),
  broken: { value: [] },
  events: { value: { kind: 'page', events: [], cursor: '', throughLedger: 1_000, more: false } },
};
const contractsWith = (changes: Partial<ContractFacts>): Finding[] =>
  contractFindings({ contract: 'CPOOL', name: 'Main' }, { value: { ...contracts, ...changes } });
const stateWith = (changes: Partial<typeof state>): Partial<ContractFacts> => ({
  state: { value: { ...state, ...changes } },
});
const limited = (changes: object): Partial<ContractFacts> =>
  stateWith({ limits: { ...NO_LIMITS, ...changes } });
const link = (lost: 'reputation' | null): Partial<ContractFacts> => ({
  broken: {
    value: [
      {
        lost,
        refusal: {
          contract: 'pool',
          contractId: null,
          number: null,
          name: 'x',
          sentence: 'It is cut.',
          kind: 'links',
        },
      },
    ],
  },
});

test('contracts that are as they must be have no fault and no warning', () => {
  expect(bad(contractsWith({}))).toEqual([]);
  expect(bad(contractsWith(link('reputation')))).toEqual([]);
  expect(bad(contractsWith(limited({ utilisationCapBps: 3_001 })))).toEqual([]);
});

test.each<[Partial<ContractFacts>, string]>([
  [
    { code: { generation: null, found: ['Other.'] } },
    'warning contracts: family: pool Main: the code is not known',
  ],
  [link(null), 'fault contracts: links: pool Main: It is cut'],
  [{ broken: { failed: 'no' } }, 'fault contracts: links: pool Main: no'],
  [{ lifetimes: { failed: 'no' } }, 'fault contracts: lifetime: pool Main: no'],
  [lifetimesOf(0), 'fault contracts: lifetime: pool Main: the lending contract is archived'],
  [lifetimesOf(1_000), 'warning contracts: lifetime: pool Main: the lending contract lives 0 led'],
  [
    { lifetimes: { value: { ledger: 1, contracts: [] } } },
    'warning contracts: lifetime: pool Main',
  ],
  [
    stateWith({ contractPauses: { pool: true, lending_contract: false } }),
    'fault contracts: pauses: pool Main:',
  ],
  [
    stateWith({ contractPauses: { pool: false, lending_contract: null as never } }),
    'warning contracts: pauses: pool Main: not every contract says',
  ],
  [limited({ unreadable: ['No cap.'] }), 'fault contracts: caps: pool Main: No cap'],
  [
    limited({ utilisationCapBps: 3_000 }),
    'warning contracts: caps: pool Main: 30 % of the total may be lent, and 300 of 1000 is',
  ],
  [stateWith({ locked: 1_000n }), 'warning contracts: caps: pool Main: 0 of 1000 can be lent'],
  [{ state: { failed: 'no' } }, 'fault contracts: figures: pool Main: no'],
  [
    { events: { value: { kind: 'gap', oldestLedger: 990, latestLedger: 1_000 } } },
    'fault contracts: events: pool Main: getEvents keeps ledgers from 990 on',
  ],
  [{ events: { failed: 'no' } }, 'fault contracts: events: pool Main: no'],
])('contracts that are not, row %#', (changes, sentence) => {
  const findings = contractsWith(changes);
  expect(bad(findings)).toEqual([expect.stringContaining(sentence)]);
  cured(findings);
});

function lifetimesOf(until: number): Partial<ContractFacts> {
  return { lifetimes: lives(until) };
}

test.each(['Main', null])('a contract that is no pool (registered as %s) is one fault', (name) => {
  const findings = contractFindings({ contract: 'CPOOL', name }, { failed: 'It is none.' });
  expect(bad(findings)).toEqual([
    `fault contracts: family: ${name === null ? 'CPOOL' : 'pool Main'}: It is none`,
  ]);
  cured(findings);
});

const clocksWith = (changes: Partial<Clocks>): Finding[] =>
  clockFindings(
    { database: 1_790_000_000_000, aheadMs: 0, closeTime: 1_790_000_000n, ...changes },
    60,
  );
test.each<[Partial<Clocks>, string[]]>([
  [{}, []],
  [{ aheadMs: 5_000 }, []],
  [{ aheadMs: 5_001 }, ["warning clock: machine: this machine's clock is 5.0 s behind"]],
  [{ aheadMs: -9_000 }, ["warning clock: machine: this machine's clock is 9.0 s ahead of"]],
  [{ closeTime: 1_789_999_970n }, []],
  [{ closeTime: 1_789_999_969n }, ['warning clock: chain: the newest ledger closed at 2026']],
  [{ closeTime: 1_789_999_939n }, ['fault clock: chain: the newest ledger closed at 2026']],
  [{ closeTime: 1_790_000_060n }, []],
  [{ closeTime: 1_790_000_061n }, ['warning clock: chain: the newest ledger closed at 2026']],
  [{ closeTime: null }, []],
  [{ database: null, aheadMs: Number.NaN }, []],
])('clocks with %o', (changes, sentences) => {
  const findings = clocksWith(changes);
  expect(bad(findings)).toEqual(sentences.map((each) => expect.stringContaining(each)));
  cured(findings);
});

const port: PortFacts = {
  name: 'PORT',
  host: '127.0.0.1',
  port: 3000,
  given: true,
  free: { value: true },
};
test.each<[Partial<PortFacts>, string[]]>([
  [{}, []],
  [{ free: { value: false } }, ['fault ports: listen: PORT 3000 of 127.0.0.1 is taken']],
  [{ free: { value: false }, given: false }, []],
  [{ free: { failed: 'no' } }, ['fault ports: listen: PORT 3000 of 127.0.0.1 cannot be used: no']],
])('a port with %o', (changes, sentences) => {
  const findings = portFindings([{ ...port, ...changes }]);
  expect(bad(findings)).toEqual(sentences);
  cured(findings);
});

test('a worker listens for its metrics only, and an address elsewhere is a fault', async () => {
  const base = {
    DATABASE_URL: 'postgres://x/y',
    STELLAR_RPC_URL: 'http://x',
    STELLAR_NETWORK_PASSPHRASE: 'x',
    ROLE: 'worker',
  };
  expect(await readPorts(readConfig(base))).toEqual([]);
  const [metrics] = await readPorts(
    readConfig({ ...base, METRICS_PORT: '25500', HOST: '192.0.2.1' }),
  );
  expect(metrics).toMatchObject({ name: 'METRICS_PORT', port: 25_500, given: true });
  expect(bad(portFindings(metrics ? [metrics] : []))).toEqual([
    expect.stringContaining('cannot be used: listen EADDRNOTAVAIL'),
  ]);
});

test('the worst finding decides, and the page has a line for each, its cure and the sum', () => {
  const good = nodeWith({});
  const poor = nodeWith({ protocol: null });
  const faulty = nodeWith({ protocol: 1 });
  expect([good, poor, faulty, [...poor, ...faulty]].map(worstOf)).toEqual([
    'ok',
    'warning',
    'fault',
    'fault',
  ]);
  const lines = page([...poor.slice(0, 2), ...faulty.slice(1, 2)]);
  expect(lines).toEqual([
    'ok       node: network   "Test", ledger 200000',
    'warning  node: protocol  the node does not say its version',
    '                         Update the node.',
    'fault    node: protocol  version 1; Holdfast needs 23 or newer',
    '                         Use a node of a network with a newer protocol (docs/deployment.md).',
    '1 ok, 1 warning, 1 fault',
  ]);
});
