import { alarmCells, alarmLines } from './alarm-lines.js';
import * as api from './api.js';
import { grouped, h, setText } from './dom.js';
import { rowsTable } from './table.js';
import { trying } from './trouble.js';
import { inTurn } from './turns.js';
import { heading, IDLE_VIEW, main } from './view.js';

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

const tableOf = (all) => ({
  note: all.length === 0 ? '' : `${all.length} open.`,
  none: 'Nothing needs a person. Breaks are those of the last 24 hours.',
  columns: ['where', 'cause', 'since', 'figure', 'runbook'],
  rows: all.map((line) => ({
    key: line.key,
    cells: alarmCells(line),
  })),
});

/** Everything that needs a person now. @param pools by id, updated by the caller */
export async function alarmsView(pools) {
  const table = rowsTable('Alarms');
  main.replaceChildren(
    heading('Alarms'),
    h(
      'p',
      {},
      'What needs a person now, each with its cause and its section of the runbook. ',
      h('a', { href: '#/breaks' }, 'All breaks'),
    ),
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
