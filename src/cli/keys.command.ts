import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Actor, SCOPES } from '../common/caller.js';
import { asError } from '../common/errors.js';
import { keyRequestSchema } from '../modules/access/access.schemas.js';
import { ApiKeys, type KeyRecord } from '../modules/access/api-keys.js';
import type { Terminal } from './pools.command.js';
import { formatTable } from './table.js';
import { runUnderstood, UsageError } from './understood.js';

const KEYS_USAGE = `Usage:
  npm run keys -- create --tenant NAME --name "..." --scopes a,b [--expires DAYS] [--reason "..."]
  npm run keys -- list
  npm run keys -- revoke KEY_ID [--reason "..."]

  --tenant   whose loans and idempotency keys the key works on: a-z, 0-9, dot, dash, underscore
  --name     who has the key, for people
  --scopes   of ${SCOPES.join(', ')}, separated by commas
  --expires  days until it ends by itself; left out: never
  --reason   kept for ever in operator_actions, with your user name
  The key is printed once, when it is made, and cannot be read again: only a hash is stored.`;

/** A wish that cannot be understood: answered with the usage, exit code 2. */
const DEADLINE_MS = 10_000;
type Work = (keys: ApiKeys, by: Actor) => Promise<readonly string[]>;

/** @returns the exit code: 0 done, 1 could not be done, 2 not understood */
export function runKeys(
  args: readonly string[],
  { open, say, complain }: Terminal,
): Promise<number> {
  return runUnderstood({
    usage: KEYS_USAGE,
    understand: () => understood(args),
    open,
    close: (rooms) => rooms.close(),
    complain,
    work: async (rooms, work) => {
      const user = userInfo().username;
      for (const line of await work(new ApiKeys(rooms.connections, DEADLINE_MS), {
        kind: 'command',
        id: user,
        name: user,
      }))
        say(line);
      return 0;
    },
  });
}

const text = { type: 'string' } as const;

function understood([command, ...rest]: readonly string[]): Work {
  switch (command) {
    case 'create':
      return create(
        read(rest, { tenant: text, name: text, scopes: text, expires: text, reason: text }, 0)
          .values,
      );
    case 'list':
      read(rest, {}, 0);
      return async (keys) => table(await keys.list());
    case 'revoke': {
      const {
        values,
        positionals: [id],
      } = read(rest, { reason: text }, 1);
      if (!z.uuid().safeParse(id).success)
        throw new UsageError('revoke needs the id of one key; `list` shows them.');
      return async (keys, by) => [
        'Revoked: ' +
          `${(await keys.revoke(id ?? '', { by, reason: values['reason'] ?? null })).name}. ` +
          'Every process of the service refuses it within a second.',
      ];
    }
    default:
      throw new UsageError(
        command === undefined
          ? 'What should be done: create, list or revoke?'
          : `There is no "${command}".`,
      );
  }
}

function create({
  tenant,
  name,
  scopes,
  expires,
  reason,
}: Readonly<Record<string, string | undefined>>): Work {
  const wish = keyRequestSchema.safeParse({
    tenantId: tenant,
    name,
    scopes: scopes?.split(','),
    ...(expires !== undefined && { expiresInDays: Number(expires) }),
    ...(reason !== undefined && { reason }),
  });
  if (!wish.success)
    throw new UsageError(
      wish.error.issues
        .map(
          ({ path: [field, at], message }) =>
            `${String(field)}${typeof at === 'number' ? ` ${at + 1}` : ''} ${message}`,
        )
        .join('\n'),
    );
  const { reason: why, ...rest } = wish.data;
  return async (keys, by) => {
    const made = await keys.create(rest, { by, reason: why });
    return [
      made.text,
      `Key ${made.record.id} of tenant ${made.record.tenantId}, with ` +
        `${made.record.scopes.join(', ')}. Keep the line above: it is not shown again.`,
    ];
  };
}

const COLUMNS = ['id', 'begins', 'tenant', 'name', 'scopes', 'made', 'last used', 'ends'].map(
  (name) => ({ name, right: false }),
);
const day = (at: Date | null): string =>
  at?.toISOString().slice(0, 16).replace('T', ' ') ?? 'never';

function table(records: readonly KeyRecord[]): string[] {
  if (records.length === 0)
    return [
      'There is no key yet: `npm run keys -- create --tenant NAME --name "..." --scopes operate`',
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

function read(
  args: readonly string[],
  options: Readonly<Record<string, { readonly type: 'string' }>>,
  positions: number,
): { values: Readonly<Record<string, string | undefined>>; positionals: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
    });
    if (positionals.length !== positions)
      throw new UsageError(
        positions === 0 ? `"${positionals.join(' ')}" is one word too many.` : 'One id is needed.',
      );
    return { values: values as Record<string, string | undefined>, positionals };
  } catch (thrown) {
    throw thrown instanceof UsageError ? thrown : new UsageError(asError(thrown).message);
  }
}
