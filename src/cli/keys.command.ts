import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { z } from 'zod';
import { type Actor, SCOPES } from '../common/caller.js';
import { keyRequestSchema } from '../modules/access/access.schemas.js';
import { ApiKeys, type KeyRecord } from '../modules/access/api-keys.js';
import { command, does, group, type Options, UsageError } from './command-line.js';
import { formatTable } from './table.js';
import type { Terminal } from './terminal.js';
import { withRooms } from './with-rooms.js';

const DEADLINE_MS = 10_000;
const REASON = [
  '--reason <text>',
  'kept forever in operator_actions, with your user name',
] as const;

const KEY_HELP = 'its id, its begin (hf_…_) or its name, as `holdfast keys list` shows them';

export function keysCommand(terminal: Pick<Terminal, 'open' | 'say'>): Command {
  const withKeys = (
    work: (keys: ApiKeys, by: Actor) => Promise<readonly string[]>,
  ): Promise<void> =>
    withRooms(terminal, async ({ connections }) => {
      const { username } = userInfo();
      const by: Actor = { kind: 'command', id: username, name: username };
      for (const line of await work(new ApiKeys(connections, DEADLINE_MS), by)) terminal.say(line);
    });

  const create = does(
    command('create', {
      summary: 'create a key',
      more: 'The key is printed once and cannot be read again: only a hash is stored.',
      example:
        'holdfast keys create --tenant shop --name "The shop" --scopes loans:write,loans:read',
    })
      .usage('--tenant NAME --name "..." --scopes a,b [options]')
      .option(
        '--tenant <name>',
        'whose loans and idempotency keys the key works on: a-z, 0-9, dot, dash, underscore',
      )
      .option('--name <text>', 'who has the key, for people')
      .option('--scopes <scopes>', `of ${SCOPES.join(', ')}, separated by commas`)
      .option('--expires <days>', 'days until it ends by itself; never when left out')
      .option(...REASON),
    (options) => {
      const { reason, ...request } = keyRequest(options);
      return withKeys(async (keys, by) => {
        const { text, record } = await keys.create(request, { by, reason });
        return [
          text,
          `Key ${record.id} of tenant ${record.tenantId}, with ${record.scopes.join(', ')}. ` +
            'Keep the line above: it is not shown again.',
        ];
      });
    },
  );
  const list = does(
    command('list', {
      summary: 'list all keys, without their secrets',
      example: 'holdfast keys list',
    }),
    () => withKeys(async (keys) => table(await keys.list())),
  );
  const revoke = does(
    command('revoke', {
      summary: 'revoke a key; every process refuses it within a second',
      example: 'holdfast keys revoke KEY_ID --reason "leaked in a build log"',
    })
      .argument('<KEY_ID>', KEY_HELP)
      .option(...REASON),
    ({ reason }, [wanted = '']) => {
      if (wanted === '') throw new UsageError('revoke needs a key; `list` shows them.');
      return withKeys(async (keys, by) => {
        const id = await keyNamed(keys, wanted);
        const { name } = await keys.revoke(id, {
          by,
          reason: typeof reason === 'string' ? reason : null,
        });
        return [`Revoked: ${name}. Every process of the service refuses it within a second.`];
      });
    },
  );
  return group(
    'keys',
    { summary: 'create, list and revoke API keys', example: 'holdfast keys list' },
    [create, list, revoke],
  );
}

/** @throws Error when no key, or more than one that is valid, has this name */
async function keyNamed(keys: ApiKeys, wanted: string): Promise<string> {
  if (z.uuid().safeParse(wanted).success) return wanted;
  const found = (await keys.list()).filter(
    ({ name, prefix, revokedAt }) =>
      revokedAt === null && (name === wanted || wanted.replace(/_$/, '') === `hf_${prefix}`),
  );
  if (found.length === 1 && found[0]) return found[0].id;
  throw new Error(
    found.length === 0
      ? `There is no valid key "${wanted}"; \`holdfast keys list\` shows those there are.`
      : `Several keys are named "${wanted}": take an id.` +
          found.map(({ id, tenantId }) => `\n  ${id}  of tenant ${tenantId}`).join(''),
  );
}

function keyRequest({ tenant, name, scopes, expires, reason }: Options) {
  const request = keyRequestSchema.safeParse({
    tenantId: tenant,
    name,
    scopes: typeof scopes === 'string' ? scopes.split(',') : undefined,
    ...(expires !== undefined && { expiresInDays: Number(expires) }),
    ...(reason !== undefined && { reason }),
  });
  if (request.success) return request.data;
  throw new UsageError(
    request.error.issues
      .map(
        ({ path: [field, at], message }) =>
          `${String(field)}${typeof at === 'number' ? ` ${at + 1}` : ''} ${message}`,
      )
      .join('\n'),
  );
}

const COLUMNS = ['id', 'begins', 'tenant', 'name', 'scopes', 'made', 'last used', 'ends'].map(
  (name) => ({ name, right: false }),
);
const day = (at: Date | null): string =>
  at?.toISOString().slice(0, 16).replace('T', ' ') ?? 'never';

function table(records: readonly KeyRecord[]): string[] {
  if (records.length === 0)
    return [
      'There is no key yet: `holdfast keys create --tenant NAME --name "..." --scopes operate`',
    ];
  return [
    formatTable(
      COLUMNS,
      records.map((one) => [
        one.id,
        `hf_${one.prefix}_`,
        one.tenantId,
        one.name,
        one.scopes.join(','),
        day(one.createdAt),
        day(one.lastUsedAt),
        one.revokedAt ? `revoked ${day(one.revokedAt)}` : day(one.expiresAt),
      ]),
    ),
  ];
}
