import { grouped, moment, now } from './dom.js';
import { LATE_SECONDS } from './jobs-view.js';
import { isStale, isTroubled, standingWords } from './pools.js';
import { runbookLink, sectionOfBreak, sectionOfPause } from './runbook-links.js';

/** What needs a person, as lines: the thing concerned, cause, since, figure, section of the runbook. */

/** A break that lasts is found with every snapshot. */
const FRESH_MS = 120_000;

const times = (count) => (count === 1 ? 'once' : `${count} times`);
const causeLink = (id, words) => ({ text: words, href: `#/causes/${id}` });

const BREAK_WORDS = {
  shortfall: 'More is held than there is',
  unreserved_funding: 'Loans without a hold were funded',
  external_transfer: "Tokens moved past the pool's functions",
  gap: 'Events of the chain were lost',
  unexplained: 'A figure moved, and no event explains it',
  ledger_error: 'Ledger and chain contradict each other',
};

const KINDS = {
  silent_chain: ({ poolName, since }) => ({
    where: poolName,
    cause: `No ledger is known that closed after ${moment(since)}: the network closes none, or the node lags.`,
    section: 'chain-lagging',
  }),
  overdue: ({ poolId, poolName, count }) => ({
    where: { text: poolName, href: `#/pools/${poolId}/held?stage=lapsed` },
    cause: `Live holds are long past their deadline: ${count}.`,
    section: 'holds-lapsing',
  }),
  break: ({ poolId, poolName, what, count, until, ledger }) => ({
    where: { text: poolName, href: `#/pools/${poolId}/breaks` },
    cause: causeLink(
      `${poolId}.${what}.${ledger}`,
      `${BREAK_WORDS[what] ?? what}: found ${times(count)}, last ${moment(until)}.`,
    ),
    section: sectionOfBreak(what),
  }),
  upgrade: ({ poolId, poolName, what }) => ({
    where: { text: poolName, href: `#/pools/${poolId}/observed` },
    cause: `An upgrade to code ${what.slice(0, 8)}… can be executed from then on.`,
    section: 'upgrade-proposed',
  }),
};

/** A shortfall has its break beside it, which knows the cause; its pool's line would say less. */
function poolLine(pool, broken) {
  const { id, name, state, quarantine, pause, shortfall, readAt } = pool;
  const line = (cause, since, section) => ({
    key: id,
    poolId: id,
    where: { text: name, href: `#/pools/${id}` },
    cause,
    since,
    amount: shortfall === '0' ? null : shortfall,
    section,
  });
  const words = standingWords(pool);
  if (state === 'paused')
    return pause
      ? line(causeLink(id, pauseWords(pause)), pause.at, sectionOfPause(pause.reason))
      : line(words, null, 'pool-paused');
  if (state === 'quarantined') return line(words, quarantine?.since ?? null, 'quarantine');
  if (isStale(pool)) return line(words, readAt, 'snapshot-stale');
  if (shortfall === '0') return line(words, null, 'pool-paused');
  return broken.has(id) ? null : line(words, null, 'shortfall');
}

const PAUSE_WORDS = {
  unexplained: 'a figure moved and no event explains it',
  contract_upgraded: 'a contract was upgraded',
  unreadable_event: 'an event of its contract cannot be read',
  unreadable_entry: 'an entry of its contract cannot be read',
  contracts_broken: 'its contracts do not work together',
};
const pauseWords = ({ reason }) => `The service paused it: ${PAUSE_WORDS[reason] ?? reason}.`;

/** A node that answers and is unhealthy lags, or its network closes no ledger. */
const isUnhealthy = (health) => health.chain.detail.includes('unhealthy');
function nodeLine(health, pools) {
  if (health === null || health.chain.ok) return null;
  const reads = pools.map(({ readAt }) => readAt).filter((at) => at !== null);
  return {
    key: 'node',
    where: { text: 'Stellar RPC', href: '#/' },
    cause: isUnhealthy(health)
      ? `${capital(health.chain.detail)}: it lags, or no ledger closes.`
      : `The node gives ${health.chain.detail}: nothing can be built, observed or proven.`,
    since: reads.reduce((newest, at) => (newest === null || at > newest ? at : newest), null),
    amount: null,
    section: isUnhealthy(health) ? 'chain-lagging' : 'chain-unreachable',
  };
}
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const databaseLine = (health) =>
  health === null || health.database.ok
    ? null
    : {
        key: 'database',
        where: { text: 'Postgres', href: '#/' },
        cause: `The database is ${health.database.detail}.`,
        since: null,
        amount: null,
        section: 'database-away',
      };

function jobLines({ count, newest }, jobs) {
  const where = { text: 'jobs', href: '#/jobs' };
  const late = (jobs?.queues ?? []).filter(({ lagSeconds }) => lagSeconds > LATE_SECONDS);
  return [
    count === 0
      ? null
      : {
          key: 'dead',
          where,
          cause: `Rounds failed for good: ${count}, the newest then.`,
          since: newest,
          amount: null,
          section: 'dead-letters',
        },
    ...late.map(({ queue, waiting, lagSeconds }) => ({
      key: queue,
      where,
      cause: `${queue}: ${waiting} due and not taken, the first ${Math.round(lagSeconds)} s late.`,
      since: null,
      amount: null,
      section: 'jobs-late',
    })),
  ];
}

/**
 * @param answer alarms and deadLetters
 * @param health null: not known
 * @param pools as the page knows them
 */
export function alarmLines({ alarms, deadLetters }, health, pools) {
  const node = nodeLine(health, pools);
  const broken = new Set(
    alarms
      .filter(({ what, until }) => what === 'shortfall' && now() - Date.parse(until) < FRESH_MS)
      .map(({ poolId }) => poolId),
  );
  const known = alarms
    // without an answer of the node, that no newer ledger is known says nothing more
    .filter(({ kind }) => kind !== 'silent_chain' || node?.section !== 'chain-unreachable')
    .map((each) => ({
      key: `${each.kind} ${each.poolId} ${each.what} ${each.since}`,
      poolId: each.poolId,
      since: each.since,
      amount: each.amount,
      ...KINDS[each.kind](each),
    }));
  return [
    databaseLine(health),
    node,
    ...pools.filter(isTroubled).map((pool) => poolLine(pool, broken)),
    ...known,
    ...jobLines(deadLetters, health?.jobs),
  ].filter((line) => line !== null);
}

/** A row of the table of alarms. */
export const alarmCells = ({ where, cause, since, amount, section }) => [
  where,
  cause,
  since ? { at: since } : 'not known',
  { amount: amount ? grouped(amount) : '–' },
  runbookLink(section),
];
