import * as api from './api.js';
import { h, moment, span } from './dom.js';
import { mayChangeJobs } from './session.js';
import { rowsTable } from './table.js';
import { trying } from './trouble.js';
import { inTurn } from './turns.js';
import { heading, IDLE_VIEW, main, ROWS_MS } from './view.js';

const QUEUES = '/admin/queues';
/** A round is due every few seconds. */
export const LATE_SECONDS = 30;

const DOES = {
  'observe-pools': 'reads pools and the transactions of live holds',
  'judge-lapsed': 'proves the end of holds whose deadline has passed',
  'reconcile-pools': 'explains snapshots by events',
  'land-loans': 'lands signed authorizations',
  'deliver-webhooks': 'posts changes to webhooks',
  'self-check': 'compares counters with their sums',
  'watch-contracts': 'reads lifetimes, code and upgrades of contracts',
  'note-days': 'sums up how figures moved, by day',
  upkeep: 'deletes what is no longer kept',
};

const stateOf = ({ lagSeconds, active, due }) =>
  lagSeconds > LATE_SECONDS
    ? { text: `▲ ${span(lagSeconds)} late`, chip: 'bad' }
    : active > 0
      ? { text: '◐ runs', chip: 'live' }
      : { text: due > 0 ? '● due' : '● in time', chip: 'good' };

/** What the jobs do, and the page of their queue in a frame. */
export async function jobsView() {
  let open = true;
  const table = rowsTable('Jobs');
  const dead = h('p', {});
  // its own page has a look and a menu of its own, and no way back
  const frame = h('iframe', { src: QUEUES, title: 'Queues of the jobs', class: 'queues' });
  main.replaceChildren(
    heading('Jobs'),
    h('p', {}, 'What the worker does on a schedule.'),
    table.element,
    dead,
    h('div', { class: 'title' }, h('h2', {}, 'Queues'), h('a', { href: QUEUES }, 'Open it alone')),
    h(
      'p',
      {},
      'Every round with its errors. Retrying or deleting a round changes the queue, never a hold; ' +
        'the next round does what is due anyway.' +
        (mayChangeJobs() ? '' : ' Your key lacks the scope jobs:write, so it may only look.'),
    ),
    frame,
  );
  const load = inTurn(() =>
    trying(
      'rows',
      async () => {
        const { jobs } = await api.jobs();
        if (!open) return;
        table.update({
          note: '',
          none: 'No job is known to this process: they run elsewhere.',
          columns: ['job', 'state', 'due', 'running', 'later', 'what it does'],
          rows: (jobs?.queues ?? []).map((each) => ({
            key: each.queue,
            cells: [
              each.queue,
              stateOf(each),
              String(each.due),
              String(each.active),
              String(each.deferred),
              DOES[each.queue] ?? null,
            ],
          })),
        });
        dead.replaceChildren(...(jobs ? deadLetters(jobs) : []));
      },
      () => open,
    ),
  );
  await load();
  const timer = setInterval(load, ROWS_MS);
  return {
    ...IDLE_VIEW,
    again: load,
    free: () => {
      open = false;
      clearInterval(timer);
    },
  };
}

function deadLetters({ deadLetters: count, newestDeadLetter }) {
  if (count === 0) return ['No round has failed for good.'];
  const at = moment(new Date(newestDeadLetter * 1000).toISOString());
  return [
    h('strong', {}, `▲ ${count} ${count === 1 ? 'round' : 'rounds'} failed for good`),
    `, the newest on ${at}. `,
    h('a', { href: '#/runbook/dead-letters' }, 'What to do'),
  ];
}
