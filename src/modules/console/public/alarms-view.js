import * as api from './api.js';
import { grouped, h, moment, setText } from './dom.js';
import { isStale, isTroubled, standingWords } from './pools.js';
import { LATE_SECONDS } from './jobs-view.js';
import { rowsTable } from './table.js';
import { trying } from './trouble.js';
import { inTurn } from './turns.js';
import { heading, IDLE_VIEW, main } from './view.js';

const ALARMS_MS = 10_000;

const BREAKS = {
  shortfall: 'shortfall',
  unexplained: 'unexplained',
  gap: 'unexplained',
  ledger_error: 'ledger-error',
  unreserved_funding: 'shortfall',
  external_transfer: 'unexplained',
};
const poolLink = ({ poolId, poolName }, rows) => ({
  text: poolName,
  href: `#/pools/${poolId}/${rows}`,
});
const times = (count) => (count === 1 ? 'once' : `${count} times`);

const KINDS = {
  silent_chain: ({ poolName, since }) => ({
    where: poolName,
    cause: `No ledger is known that closed after ${moment(since)}.`,
    section: 'clock-lag',
  }),
  overdue: (each) => ({
    where: poolLink(each, 'held'),
    cause: `Live holds are long past their deadline: ${each.count}.`,
    section: 'holds-lapsing',
  }),
  break: (each) => ({
    where: poolLink(each, 'breaks'),
    cause: `Break: ${each.what.replaceAll('_', ' ')}, found ${times(each.count)}, last ${moment(each.until)}.`,
    section: BREAKS[each.what] ?? 'unexplained',
  }),
  upgrade: (each) => ({
    where: poolLink(each, 'observed'),
    cause: `An upgrade to code ${each.what.slice(0, 8)}… can be executed from then on.`,
    section: 'upgrade-proposed',
  }),
};

function poolAlarm(pool) {
  const { state, quarantine, pause, shortfall, readAt } = pool;
  const [since, section] =
    state === 'paused'
      ? [pause?.at ?? null, 'pool-paused']
      : state === 'quarantined'
        ? [quarantine?.since ?? null, 'quarantine']
        : isStale(pool)
          ? [readAt, 'snapshot-stale']
          : shortfall === '0'
            ? [null, 'pool-paused']
            : [null, 'shortfall'];
  return {
    key: pool.id,
    where: { text: pool.name, href: `#/pools/${pool.id}` },
    cause: standingWords(pool),
    since,
    amount: shortfall === '0' ? null : shortfall,
    section,
  };
}

function jobAlarms({ count, newest }, jobs) {
  const where = { text: 'jobs', href: '#/jobs' };
  const late = (jobs?.queues ?? []).filter(({ lagSeconds }) => lagSeconds > LATE_SECONDS);
  return [
    ...(count === 0
      ? []
      : [
          {
            key: 'dead',
            where,
            cause: `Rounds failed for good: ${count}, the newest then.`,
            since: newest,
            section: 'dead-letters',
          },
        ]),
    ...late.map(({ queue, waiting, lagSeconds }) => ({
      key: queue,
      where,
      cause: `${queue}: ${waiting} due and not taken, the first ${Math.round(lagSeconds)} s late.`,
      since: null,
      section: 'jobs-late',
    })),
  ];
}

/** How the runbook's sections are called where there is no room for their titles. */
const SECTIONS = {
  'clock-lag': 'the chain lags',
  'holds-lapsing': 'holds stay past their deadline',
  'upgrade-proposed': 'an upgrade is proposed',
  'pool-paused': 'a pool is paused',
  quarantine: 'every pool is quarantined',
  'snapshot-stale': 'snapshots are old',
  shortfall: 'shortfall',
  unexplained: 'a snapshot does not follow',
  'ledger-error': 'ledger and chain contradict',
  'dead-letters': 'a round ended for good',
  'jobs-late': 'jobs are late',
};

/** What needs a person now. @param pools by id */
async function openAlarms(pools) {
  const [{ alarms, deadLetters }, health] = await Promise.all([
    api.alarms(),
    api.health().catch(() => null),
  ]);
  const known = alarms.map((each) => ({
    key: `${each.kind} ${each.poolId} ${each.what}`,
    since: each.since,
    amount: each.amount,
    ...KINDS[each.kind](each),
  }));
  const ofPools = [...pools.values()].filter(isTroubled).map(poolAlarm);
  const all = [...ofPools, ...known, ...jobAlarms(deadLetters, health?.jobs)];
  showCount(all.length);
  return all;
}

const count = document.querySelector('#alarm-count');
function showCount(many) {
  count.hidden = many === 0;
  setText(count, String(many));
}
/** Counts them beside the link, wherever a person is. */
export const countAlarms = (pools) => openAlarms(pools).catch(() => undefined);

const tableOf = (all) => ({
  note: all.length === 0 ? '' : `${all.length} open.`,
  none: 'Nothing needs a person. Breaks are those of the last 24 hours.',
  columns: ['where', 'cause', 'since', 'figure', 'runbook'],
  rows: all.map(({ key, where, cause, since, amount, section }) => ({
    key,
    cells: [
      where,
      cause,
      since ? { at: since } : 'not known',
      { amount: amount ? grouped(amount) : '–' },
      { text: SECTIONS[section] ?? section, href: `#/runbook/${section}` },
    ],
  })),
});

/** Everything that needs a person now. @param pools by id, updated by the caller */
export async function alarmsView(pools) {
  const table = rowsTable('Alarms');
  main.replaceChildren(
    heading('Alarms'),
    h('p', {}, 'What needs a person now, the oldest first, each with its section of the runbook.'),
    table.element,
  );
  const load = inTurn(() =>
    trying('rows', async () => {
      table.update(tableOf(await openAlarms(pools)));
    }),
  );
  await load();
  const timer = setInterval(load, ALARMS_MS);
  return { ...IDLE_VIEW, again: load, free: () => clearInterval(timer) };
}

/** The accounts that land signed authorizations. */
export async function channelsView() {
  const table = rowsTable('Channels');
  main.replaceChildren(heading('Channels'), table.element);
  await trying('rows', async () => {
    const { channels } = await api.channels();
    table.update({
      note: '',
      none: 'There is no channel: holdfast channels add',
      columns: ['name', 'account', 'state', 'balance, XLM', 'read at ledger', 'landing in flight'],
      rows: channels.map((each) => ({
        key: each.account,
        cells: [
          each.name,
          { whole: each.account },
          { text: each.state, chip: each.state === 'active' ? 'good' : 'closed' },
          each.balance === null ? 'not read yet' : { amount: grouped(each.balance) },
          each.balanceLedger === null ? null : String(each.balanceLedger),
          each.inFlight === null ? 'none' : { whole: each.inFlight, short: true },
        ],
      })),
    });
  });
  return IDLE_VIEW;
}
