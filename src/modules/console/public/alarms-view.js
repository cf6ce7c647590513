import { alarmCells, alarmLines } from './alarm-lines.js';
import * as api from './api.js';
import { grouped, h, setText } from './dom.js';
import { listView, poolFilter } from './lists-view.js';
import { sections } from './runbook-links.js';

const ALARMS_MS = 10_000;

/** What needs a person now. @param pools by id */
async function openAlarms(pools) {
  const [{ alarms, deadLetters }, health] = await Promise.all([
    api.alarms(),
    api.health().catch(() => null),
  ]);
  const all = alarmLines({ alarms, deadLetters }, health, [...pools.values()]);
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

/**
 * A page of the lines that pass the filters. They come from several answers, so the cursor is the
 * key of the last line; when that line is gone, the first page follows.
 */
export function pageOf(all, { poolId, section, cursor, limit }) {
  const wanted = all.filter(
    (line) =>
      (poolId === '' || line.poolId === poolId) && (section === '' || line.section === section),
  );
  const from = wanted.findIndex(({ key }) => key === cursor) + 1;
  const lines = wanted.slice(from, from + limit);
  return {
    note: all.length === 0 ? '' : `${all.length} open.`,
    none: 'Nothing needs a person. Breaks are those of the last 24 hours.',
    nextCursor: from + limit < wanted.length ? lines.at(-1).key : null,
    columns: ['where', 'cause', 'since', 'figure', 'runbook'],
    rows: lines.map((line) => ({ key: line.key, cells: alarmCells(line) })),
  };
}

/** Everything that needs a person now. @param pools by id, updated by the caller */
export const alarmsView = (pools) =>
  listView(
    'Alarms',
    'What needs a person now, each with its cause and its section of the runbook.',
    {
      tools: [h('a', { href: '#/breaks' }, 'All breaks')],
      filters: [poolFilter(pools), { name: 'section', label: 'runbook', options: sections }],
      everyMs: ALARMS_MS,
      read: async (asked) => pageOf(await openAlarms(pools), asked),
    },
  );

/** The accounts that land signed authorizations. */
export const channelsView = () =>
  listView('Channels', 'The accounts that land signed authorizations, newest first.', {
    filters: [{ name: 'state', label: 'state', options: ['active', 'removed'] }],
    everyMs: ALARMS_MS,
    read: async (asked) => {
      const { channels, nextCursor } = await api.channels(asked);
      return {
        note: '',
        none: 'No channels yet. Add one with holdfast channels add.',
        nextCursor,
        columns: [
          'name',
          'account',
          'state',
          'balance, XLM',
          'read at ledger',
          'landing in flight',
        ],
        rows: channels.map((each) => ({
          key: each.account,
          cells: [
            each.name,
            { whole: each.account },
            { text: each.state, chip: each.state === 'active' ? 'good' : 'closed' },
            { amount: each.balance === null ? 'not read yet' : grouped(each.balance) },
            each.balanceLedger === null ? null : String(each.balanceLedger),
            each.inFlight === null ? 'none' : { whole: each.inFlight, short: true },
          ],
        })),
      };
    },
  });
