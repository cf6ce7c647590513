import * as api from './api.js';
import { quarantineButton, selfCheckButton } from './actions.js';
import { h } from './dom.js';
import { pagedList } from './list.js';
import { account, readReservations, reservationLink, RESERVATION_FILTERS } from './rows.js';
import { heading, IDLE_VIEW, main, ROWS_MS } from './view.js';

/** A view that is one list. */
export async function listView(title, about, { tools = [], ...asked }) {
  let open = true;
  const list = pagedList({ ...asked, title, alive: () => open });
  main.replaceChildren(
    h('div', { class: 'title' }, heading(title), h('div', { class: 'actions' }, ...tools)),
    h('p', {}, about),
    list.element,
  );
  await list.load();
  return {
    ...IDLE_VIEW,
    again: list.refresh,
    free: () => {
      open = false;
      list.free();
    },
  };
}

/** The view, read again after an action that changed what it lists. @param what name of the event */
export async function refreshedBy(what, made) {
  const view = await made;
  document.addEventListener(what, view.again);
  return {
    ...view,
    free: () => {
      document.removeEventListener(what, view.again);
      view.free();
    },
  };
}

/** @param pools by id */
export const poolFilter = (pools) => ({
  name: 'poolId',
  label: 'pool',
  options: [...pools.values()].map(({ id, name }) => [id, name]),
});

/** Reservations of every pool. @param pools by id, updated by the caller */
export const reservationsView = (pools) =>
  listView('Reservations', 'The reservations of every pool, newest first.', {
    filters: [poolFilter(pools), ...RESERVATION_FILTERS],
    read: (asked) => readReservations(asked, pools),
    everyMs: ROWS_MS,
  });

const UUID = /^[0-9a-f-]{36}$/;
const subjectLink = (action, subject, pools) => {
  if (!UUID.test(subject)) return subject.length > 36 ? account(subject) : subject;
  if (pools.has(subject)) return { text: pools.get(subject).name, href: `#/pools/${subject}` };
  return action.startsWith('reservation.')
    ? reservationLink(subject)
    : { whole: subject, short: true };
};
const wordOf = (value) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
const BY = { key: '', command: ' (command line)', start: ' (at the start)' };

/** Every operator action, with who and why. */
export const auditView = (pools) =>
  listView(
    'Audit log',
    'Every operator action, newest first. Nothing here is ever changed or deleted.',
    {
      tools: [selfCheckButton(), quarantineButton()],
      filters: [{ name: 'subject', label: 'pool, key or reservation', placeholder: 'id, or all' }],
      everyMs: ROWS_MS * 2,
      read: async (asked) => {
        const { actions, nextCursor } = await api.actions(asked);
        return {
          note: '',
          none: 'No actions yet.',
          nextCursor,
          columns: ['when', 'who', 'action', 'subject', 'reason', 'result'],
          rows: actions.map(({ id, at, by, action, subject, reason, facts }) => ({
            key: id,
            cells: [
              { at },
              `${by.name}${BY[by.kind]}`,
              action.endsWith('-failed') ? { text: `▲ ${action}`, strong: true } : action,
              subjectLink(action, subject, pools),
              reason,
              Object.keys(facts).length === 0
                ? null
                : {
                    summary: 'facts',
                    facts: Object.fromEntries(
                      Object.entries(facts).map(([name, value]) => [name, wordOf(value)]),
                    ),
                  },
            ],
          })),
        };
      },
    },
  );
