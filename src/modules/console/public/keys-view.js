import * as api from './api.js';
import { actionButton, ask } from './dialog.js';
import { h, now, pieceNode } from './dom.js';
import { listView, refreshedBy } from './lists-view.js';
import { keyScopes } from './names.js';
import { signedIn } from './session.js';

/** What a backend needs. */
const BACKEND = ['loans:write', 'loans:read', 'pools:read'];
const TENANT = '[a-z0-9][a-z0-9._\\-]{0,62}';

const stateOf = ({ revokedAt, expiresAt }) =>
  revokedAt !== null
    ? { text: '○ revoked', chip: 'closed' }
    : expiresAt !== null && Date.parse(expiresAt) <= now()
      ? { text: '○ expired', chip: 'closed' }
      : { text: '● live', chip: 'good' };

const create = () =>
  ask({
    title: 'Create an API key',
    verb: 'Create the key',
    by: signedIn().name,
    about: 'The text of the key is shown once, here. Only its hash is kept.',
    fields: [
      {
        name: 'tenantId',
        label: 'Tenant',
        required: true,
        pattern: TENANT,
        hint: 'Whose loans it works on: a-z, 0-9, dot, dash and underscore.',
      },
      { name: 'name', label: 'Name', required: true, maxlength: 100, hint: 'Who uses it.' },
      {
        name: 'scopes',
        label: 'Scopes',
        kind: 'checks',
        options: keyScopes(),
        value: BACKEND,
      },
      {
        name: 'expiresInDays',
        label: 'Expires in days',
        kind: 'number',
        min: '1',
        max: '3650',
        hint: 'Empty: never.',
      },
    ],
    run: async ({ expiresInDays, ...body }) => {
      const { key } = await api.act('POST', '/operator/keys', {
        body: { ...body, expiresInDays: expiresInDays === '' ? null : Number(expiresInDays) },
      });
      document.dispatchEvent(new Event('keys'));
      return h(
        'div',
        { class: 'secret' },
        h('p', {}, 'Copy it now: it is not shown again.'),
        pieceNode({ whole: key }),
      );
    },
  });

const revoke = ({ id, name, tenantId }) =>
  ask({
    title: `Revoke the key ${name}`,
    verb: 'Revoke the key',
    grave: true,
    by: signedIn().name,
    about:
      `Every request of ${tenantId} with this key is refused within a second, and its streams end. ` +
      'It cannot be made live again.',
    run: async ({ reason }) => {
      await api.act('DELETE', `/operator/keys/${id}`, { reason });
      document.dispatchEvent(new Event('keys'));
      return `The key ${name} is revoked.`;
    },
  });

const actsOf = (each) => ({
  acts: [
    {
      words: 'Revoke…',
      said: `Revoke the key ${each.name}`,
      danger: true,
      act: () => revoke(each),
    },
  ],
});

async function readKeys(asked) {
  const { keys, nextCursor } = await api.keys(asked);
  return {
    note: '',
    none: 'No keys yet.',
    nextCursor,
    columns: [
      'name',
      'tenant',
      'state',
      'scopes',
      'prefix',
      'made',
      'last used',
      'expires',
      'actions',
    ],
    rows: keys.map((each) => ({
      key: each.id,
      cells: [
        each.name,
        each.tenantId,
        stateOf(each),
        each.scopes.join(', '),
        { whole: `hf_${each.prefix}` },
        { at: each.createdAt },
        each.lastUsedAt === null ? 'never' : { since: each.lastUsedAt },
        each.expiresAt === null ? 'never' : { at: each.expiresAt },
        each.revokedAt === null ? actsOf(each) : null,
      ],
    })),
  };
}

/** API keys of every tenant. */
export const keysView = () =>
  refreshedBy(
    'keys',
    listView(
      'API keys',
      'The keys of every tenant, newest first. Only the hash of a key is kept.',
      {
        tools: [actionButton('Create a key…', create)],
        filters: [
          { name: 'tenant', label: 'tenant' },
          {
            name: 'live',
            label: 'state',
            options: [
              ['true', 'live'],
              ['false', 'revoked or expired'],
            ],
          },
        ],
        read: readKeys,
      },
    ),
  );
