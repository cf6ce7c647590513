import * as api from './api.js';
import { actionButton, ask } from './dialog.js';
import { h, pieceNode } from './dom.js';
import { listView, refreshedBy } from './lists-view.js';
import { eventKinds } from './names.js';
import { reservationLink } from './rows.js';
import { mayWrite, signedIn } from './session.js';
import { ROWS_MS } from './view.js';

const changed = () => document.dispatchEvent(new Event('webhooks'));

const add = () =>
  ask({
    title: `Add a webhook for ${signedIn().tenantId}`,
    verb: 'Add the webhook',
    by: signedIn().name,
    reason: false,
    about: "The address gets every change of this tenant's reservations from now on.",
    fields: [
      { name: 'url', label: 'Address', kind: 'url', required: true, maxlength: 2000 },
      { name: 'events', label: 'Events (none means all)', kind: 'checks', options: eventKinds() },
    ],
    run: async (body) => {
      const { secret } = await api.act('POST', '/webhooks', { body });
      changed();
      return h(
        'div',
        { class: 'secret' },
        h('p', {}, 'Its signatures are made with this secret. Copy it now: it is not shown again.'),
        pieceNode({ whole: secret }),
      );
    },
  });

const remove = ({ id, url }) =>
  ask({
    title: 'Remove this webhook',
    verb: 'Remove the webhook',
    grave: true,
    by: signedIn().name,
    about: `${url} gets no further events. Deliveries that wait are not attempted.`,
    run: async ({ reason }) => {
      await api.act('DELETE', `/operator/webhooks/${id}`, { reason });
      changed();
      return 'The webhook is removed.';
    },
  });

const test = ({ id, url }) =>
  ask({
    title: 'Send a test event',
    verb: 'Send the event',
    by: signedIn().name,
    about: `${url} gets one event of the type test. It belongs to no loan and is not sent again.`,
    run: async (body) => {
      const found = await api.act('POST', `/operator/webhooks/${id}/test`, { body });
      return (
        `${found.delivered ? '● The test event was accepted' : '▲ The test event failed'}: ` +
        `${found.status ?? found.error}, ${found.milliseconds} ms.`
      );
    },
  });

const actsOf = (each) => ({
  acts: [
    {
      words: 'Send a test event…',
      said: `Send a test event to ${each.url}`,
      act: () => test(each),
    },
    { words: 'Remove…', said: `Remove ${each.url}`, danger: true, act: () => remove(each) },
  ],
});

/** Webhooks of every tenant. */
export const webhooksView = () =>
  refreshedBy(
    'webhooks',
    listView('Webhooks', "Where each tenant's events are sent, newest first.", {
      tools: mayWrite() ? [actionButton('Add a webhook…', add)] : [],
      filters: [
        { name: 'tenant', label: 'tenant' },
        { name: 'event', label: 'event', options: eventKinds() },
      ],
      everyMs: ROWS_MS * 2,
      read: async (asked) => {
        const { webhooks, nextCursor } = await api.webhooks(asked);
        return {
          note: '',
          nextCursor,
          none: 'No webhooks yet.',
          columns: ['address', 'tenant', 'events', 'newest deliveries', 'since', 'actions'],
          rows: webhooks.map((each) => ({
            key: each.id,
            cells: [
              { text: each.url, href: `#/webhooks/${each.id}` },
              each.tenantId,
              each.events.length === 0 ? 'all' : each.events.join(', '),
              each.dead > 0
                ? { text: `▲ ${each.dead} dead, ${each.pending} waiting`, chip: 'bad' }
                : {
                    text: each.pending > 0 ? `◐ ${each.pending} waiting` : '● none waiting',
                    chip: each.pending > 0 ? 'live' : 'good',
                  },
              { at: each.createdAt },
              actsOf(each),
            ],
          })),
        };
      },
    }),
  );

const STATES = {
  pending: { text: '◐ waiting', chip: 'live' },
  delivered: { text: '● delivered', chip: 'good' },
  dead: { text: '▲ dead', chip: 'bad' },
};
const replay = (id, { id: deliveryId, eventId }) =>
  ask({
    title: 'Replay this event',
    verb: 'Replay the event',
    by: signedIn().name,
    about: `The next round sends ${eventId}, within seconds, with a full count of attempts.`,
    run: async (body) => {
      const path = `/operator/webhooks/${id}/deliveries/${deliveryId}/replay`;
      await api.act('POST', path, { body });
      changed();
      return 'The event waits for the next round.';
    },
  });
const replaySince = (id) =>
  ask({
    title: 'Replay events',
    verb: 'Replay them',
    by: signedIn().name,
    about: 'Every event since then that was delivered or given up is sent again.',
    fields: [{ name: 'since', label: 'Since, UTC', kind: 'datetime-local', required: true }],
    run: async ({ since, reason }) => {
      const body = { since: `${since.padEnd(19, ':00')}Z`, reason };
      const { deliveries } = await api.act('POST', `/operator/webhooks/${id}/replay`, { body });
      changed();
      return `Events to be sent again: ${deliveries}.`;
    },
  });

/** Deliveries of one webhook. */
export async function deliveriesView(id) {
  const {
    webhooks: [webhook],
  } = await api.webhooks({ id });
  return refreshedBy(
    'webhooks',
    listView(
      'Deliveries',
      webhook
        ? `To ${webhook.url}, for the tenant ${webhook.tenantId}.`
        : 'They belong to a webhook that was removed.',
      {
        tools: [
          ...(webhook ? [actionButton('Replay events…', () => replaySince(id))] : []),
          h('a', { href: '#/webhooks' }, '← All webhooks'),
        ],
        filters: [{ name: 'state', label: 'state', options: Object.keys(STATES) }],
        everyMs: ROWS_MS,
        read: async (asked) => {
          const { deliveries, nextCursor } = await api.deliveries(id, asked);
          return {
            note: '',
            none: 'No deliveries yet.',
            nextCursor,
            columns: [
              'queued',
              'event',
              'hold',
              'state',
              'attempts',
              'last answer',
              'next attempt',
              'actions',
            ],
            rows: deliveries.map((each) => ({
              key: each.id,
              cells: [
                { at: each.createdAt },
                {
                  text: each.type.replace(/^reservation\./, '').replaceAll('_', ' '),
                  title: each.type,
                },
                reservationLink(each.eventId.split('.')[0]),
                STATES[each.state],
                String(each.attempts),
                each.lastStatus === null ? each.lastError : String(each.lastStatus),
                each.nextAttemptAt === null ? null : { at: each.nextAttemptAt },
                webhook && each.state !== 'pending'
                  ? {
                      acts: [
                        {
                          words: 'Replay…',
                          said: `Replay ${each.eventId}`,
                          act: () => replay(id, each),
                        },
                      ],
                    }
                  : null,
              ],
            })),
          };
        },
      },
    ),
  );
}
