import * as api from './api.js';
import { actionButton, ask, done } from './dialog.js';
import { h, pieceNode } from './dom.js';
import { listView, refreshedBy } from './lists-view.js';
import { eventKinds } from './names.js';
import { reservationLink } from './rows.js';
import { mayWrite, signedIn } from './session.js';
import { trying } from './trouble.js';
import { ROWS_MS } from './view.js';

/** Webhooks belong to a tenant, and the API lets its own keys change them. */
const mayChange = (tenantId) => mayWrite() && signedIn().tenantId === tenantId;
const whoMay = () =>
  mayWrite()
    ? `Your key may change those of the tenant ${signedIn().tenantId}.`
    : 'Only keys with the scope loans:write change them, each for its own tenant; yours reads. ' +
      'On the command line: holdfast webhooks.';

const changed = () => document.dispatchEvent(new Event('webhooks'));

const add = () =>
  ask({
    title: `Add a webhook for ${signedIn().tenantId}`,
    verb: 'Add the webhook',
    by: signedIn().name,
    reason: false,
    about: "Its address gets each change of this tenant's reservations from now on.",
    fields: [
      { name: 'url', label: 'Address', kind: 'url', required: true, maxlength: 2000 },
      { name: 'events', label: 'Events; none is all', kind: 'checks', options: eventKinds() },
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
    verb: 'Remove it',
    grave: true,
    reason: false,
    by: signedIn().name,
    about: `${url} gets no further events. Deliveries that wait are not attempted.`,
    run: async () => {
      await api.act('DELETE', `/webhooks/${id}`);
      changed();
      return 'The webhook is removed.';
    },
  });

const test = ({ id }) =>
  trying('action', async () => {
    const found = await api.act('POST', `/webhooks/${id}/test`);
    done(
      `${found.delivered ? '● The test event was accepted' : '▲ The test event failed'}: ` +
        `${found.status ?? found.error}, ${found.milliseconds} ms.`,
    );
  });

/** Webhooks of every tenant. */
export const webhooksView = () =>
  refreshedBy(
    'webhooks',
    listView('Webhooks', `Where each tenant hears of its reservations. ${whoMay()}`, {
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
          none: 'There is no webhook.',
          columns: ['address', 'tenant', 'events', 'newest deliveries', 'since', 'act'],
          rows: webhooks.map((each) => ({
            key: each.id,
            cells: [
              { text: each.url, href: `#/webhooks/${each.id}` },
              each.tenantId,
              each.events.length === 0 ? 'all' : each.events.join(', '),
              each.dead > 0
                ? { text: `▲ ${each.dead} dead, ${each.pending} wait`, chip: 'bad' }
                : {
                    text: each.pending > 0 ? `◐ ${each.pending} wait` : '● none waits',
                    chip: each.pending > 0 ? 'live' : 'good',
                  },
              { at: each.createdAt },
              mayChange(each.tenantId)
                ? {
                    acts: [
                      {
                        words: 'Send a test event',
                        said: `Send a test event to ${each.url}`,
                        act: () => void test(each),
                      },
                      {
                        words: 'Remove…',
                        said: `Remove ${each.url}`,
                        danger: true,
                        act: () => remove(each),
                      },
                    ],
                  }
                : null,
            ],
          })),
        };
      },
    }),
  );

const STATES = {
  pending: { text: '◐ waits', chip: 'live' },
  delivered: { text: '● none waits', chip: 'good' },
  dead: { text: '▲ dead', chip: 'bad' },
};
const replay = (id, each) =>
  trying('action', async () => {
    await api.act('POST', `/webhooks/${id}/deliveries/${each.id}/replay`);
    changed();
    done('The next round attempts it, within seconds.');
  });

/** Deliveries of one webhook. */
export async function deliveriesView(id) {
  const {
    webhooks: [webhook],
  } = await api.webhooks({ id });
  const may = webhook !== undefined && mayChange(webhook.tenantId);
  return refreshedBy(
    'webhooks',
    listView(
      'Deliveries',
      webhook
        ? `To ${webhook.url}, for the tenant ${webhook.tenantId}.`
        : 'They belong to a webhook that was removed.',
      {
        tools: [h('a', { href: '#/webhooks' }, '← All webhooks')],
        filters: [{ name: 'state', label: 'state', options: Object.keys(STATES) }],
        everyMs: ROWS_MS,
        read: async (asked) => {
          const { deliveries, nextCursor } = await api.deliveries(id, asked);
          return {
            note: '',
            none: 'There is no delivery yet.',
            nextCursor,
            columns: [
              'queued',
              'event',
              'hold',
              'state',
              'attempts',
              'last answer',
              'next attempt',
              'act',
            ],
            rows: deliveries.map((each) => ({
              key: each.id,
              cells: [
                { at: each.createdAt },
                each.type,
                reservationLink(each.eventId.split('.')[0]),
                STATES[each.state],
                String(each.attempts),
                each.lastStatus === null ? each.lastError : String(each.lastStatus),
                each.nextAttemptAt === null ? null : { at: each.nextAttemptAt },
                may && each.state !== 'pending'
                  ? {
                      acts: [
                        {
                          words: 'Post again',
                          said: `Post ${each.eventId} again`,
                          act: () => void replay(id, each),
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
