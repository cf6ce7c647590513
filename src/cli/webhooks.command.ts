import { parseArgs } from 'node:util';
import { z } from 'zod';
import { asError } from '../common/errors.js';
import { TENANT_NAME } from '../modules/access/access.schemas.js';
import type { Delivery } from '../modules/notifications/webhook-store.js';
import { EVENT_KINDS } from '../modules/notifications/webhooks.schemas.js';
import type { Terminal } from './pools.command.js';
import type { Rooms } from './rooms.js';
import { formatTable } from './table.js';
import { runUnderstood, UsageError } from './understood.js';

const WEBHOOKS_USAGE = `Usage:
  npm run webhooks -- add --url https://... [--events settled,expired]
  npm run webhooks -- list [--webhook ID]
  npm run webhooks -- remove --webhook ID
  npm run webhooks -- replay --delivery ID
  npm run webhooks -- replay --since 2027-01-31T00:00:00Z [--webhook ID]

  add     prints the secret of the signatures; it is told this once
  list    the webhooks, or the last 50 deliveries of one
  replay  posts again what ended, well or badly: one delivery, or every event since a time, as far back as deliveries are kept (WEBHOOK_DAYS)
  Each takes --tenant NAME: whose webhooks they are (default: default)`;

const table = (names: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  formatTable(
    names.map((name) => ({ name, right: false })),
    rows,
  ),
];
type Work = (rooms: Pick<Rooms, 'webhooks'>) => Promise<readonly string[]>;

/** @returns the exit code: 0 done, 1 could not be done, 2 not understood */
export function runWebhooks(
  args: readonly string[],
  { open, say, complain }: Terminal,
): Promise<number> {
  return runUnderstood({
    usage: WEBHOOKS_USAGE,
    understand: () => understand(args),
    open,
    close: (rooms) => rooms.close(),
    complain,
    work: async (rooms, work) => {
      for (const line of await work(rooms)) say(line);
      return 0;
    },
  });
}

const uuid = z.uuid('must be the id of one').optional();
const shape = z.strictObject({
  url: z.string().optional(),
  events: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(EVENT_KINDS, `must be of ${EVENT_KINDS.join(', ')}`)))
    .optional(),
  tenant: z.string().regex(TENANT_NAME, 'must be the name of a tenant').optional(),
  webhook: uuid,
  delivery: uuid,
  since: z.iso
    .datetime({ offset: true, error: 'must be an RFC 3339 time' })
    .transform((text) => new Date(text))
    .optional(),
});
type Wish = z.infer<typeof shape>;
/** Options that a command takes. */
const TAKES: Readonly<Record<string, readonly (keyof Wish)[]>> = {
  add: ['url', 'events'],
  list: ['webhook'],
  remove: ['webhook'],
  replay: ['delivery', 'since', 'webhook'],
};

function understand([command = '', ...rest]: readonly string[]): Work {
  const takes = TAKES[command];
  if (!takes)
    throw new UsageError(
      command === ''
        ? 'What should be done: add, list, remove or replay?'
        : `There is no "${command}".`,
    );
  const wish = wishOf(rest);
  const strange = Object.keys(wish).filter(
    (name) => name !== 'tenant' && !takes.some((each) => each === name),
  );
  if (strange.length > 0)
    throw new UsageError(`${command} does not take --${strange.join(', --')}.`);
  const tenant = wish.tenant ?? 'default';
  switch (command) {
    case 'add':
      return add(tenant, needed(wish.url, 'add needs --url.'), wish.events ?? []);
    case 'list':
      return list(tenant, wish.webhook);
    case 'remove':
      return remove(tenant, needed(wish.webhook, 'remove needs --webhook.'));
    default:
      return replay(tenant, wish);
  }
}

function wishOf(args: readonly string[]): Wish {
  let values: unknown;
  try {
    const option = { type: 'string' } as const;
    values = {
      ...parseArgs({
        args: [...args],
        options: {
          tenant: option,
          url: option,
          events: option,
          webhook: option,
          delivery: option,
          since: option,
        },
        allowPositionals: false,
        strict: true,
      }).values,
    };
  } catch (thrown) {
    throw new UsageError(asError(thrown).message);
  }
  const result = shape.safeParse(values);
  if (!result.success)
    throw new UsageError(
      result.error.issues.map((issue) => `--${String(issue.path[0])}: ${issue.message}`).join('\n'),
    );
  return Object.fromEntries(Object.entries(result.data).filter(([, value]) => value !== undefined));
}

function needed<T>(value: T | undefined, sentence: string): T {
  if (value === undefined) throw new UsageError(sentence);
  return value;
}

const add =
  (tenant: string, url: string, events: readonly string[]): Work =>
  async ({ webhooks }) => {
    const added = await webhooks.add(tenant, { url, events });
    return [`Added ${added.id}`, `Secret ${added.secret} (told this once)`];
  };

const list =
  (tenant: string, id: string | undefined): Work =>
  async ({ webhooks }) => {
    if (id !== undefined)
      return table(
        ['delivery', 'event', 'kind', 'state', 'attempts', 'last answer'],
        (await webhooks.deliveries(tenant, id, 50)).map(deliveryCells),
      );
    const all = await webhooks.list(tenant);
    return all.length === 0
      ? ['No webhook yet: `npm run webhooks -- add --url https://...`']
      : table(
          ['id', 'url', 'events', 'since'],
          all.map((each) => [
            each.id,
            each.url,
            each.events.join(',') || 'all',
            each.createdAt.toISOString(),
          ]),
        );
  };
const deliveryCells = (row: Delivery): string[] => [
  row.id,
  `${row.reservationId}.${row.number}`,
  row.kind,
  row.state,
  String(row.attempts),
  String(row.lastStatus ?? row.lastError ?? '-'),
];

const remove =
  (tenant: string, id: string): Work =>
  async ({ webhooks }) => {
    await webhooks.remove(tenant, id);
    return [`Removed ${id}`];
  };

function replay(tenant: string, { delivery, since, webhook }: Wish): Work {
  if ((delivery === undefined) === (since === undefined))
    throw new UsageError('replay needs either --delivery or --since.');
  return async ({ webhooks }) => {
    if (delivery !== undefined) {
      const row = await webhooks.replay(tenant, webhook ?? null, delivery);
      return [`${row.id} is ${row.state}, from the first attempt on.`];
    }
    return [
      `${await webhooks.replaySince(tenant, since ?? new Date(), webhook ?? null)} deliveries will be posted again`,
    ];
  };
}
