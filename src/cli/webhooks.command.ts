import type { Command } from 'commander';
import { z } from 'zod';
import { instant } from '../http/wire.schemas.js';
import { TENANT_NAME } from '../modules/access/access.schemas.js';
import type { Delivery } from '../modules/notifications/webhook-store.js';
import { EVENT_KINDS } from '../modules/notifications/webhooks.schemas.js';
import type { WebhooksService } from '../modules/notifications/webhooks.service.js';
import { checked, command, does, group, UsageError } from './command-line.js';
import { formatTable } from './table.js';
import type { Terminal } from './terminal.js';
import { printFrom } from './with-rooms.js';

const id = z.uuid('must be the id of one');
const tenant = z.string().regex(TENANT_NAME, 'must be the name of a tenant').default('default');
const addSchema = z.strictObject({
  tenant,
  url: z.string('is required'),
  events: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(EVENT_KINDS, `must be of ${EVENT_KINDS.join(', ')}`)))
    .default([]),
});
const listSchema = z.strictObject({ tenant, webhook: z.string().optional() });
const removeSchema = z.strictObject({ tenant, webhook: z.string('is required') });
const replaySchema = z.strictObject({
  tenant,
  delivery: id.optional(),
  since: instant.optional(),
  webhook: z.string().optional(),
});

const TENANT = [
  '--tenant <name>',
  'whose webhooks they are; the tenant "default" when left out',
] as const;

export function webhooksCommand(terminal: Pick<Terminal, 'open' | 'say'>): Command {
  const withWebhooks = (
    work: (webhooks: WebhooksService) => Promise<readonly string[]>,
  ): Promise<void> => printFrom(terminal)(({ webhooks }) => work(webhooks));

  const add = does(
    command('add', {
      summary: 'add a webhook and print the secret of its signatures, once',
      example: 'holdfast webhooks add --url https://shop.example/holdfast --events settled,expired',
    })
      .usage('--url https://... [options]')
      .option('--url <url>', 'where the events are posted')
      .option('--events <kinds>', `of ${EVENT_KINDS.join(', ')}; all when left out`)
      .option(...TENANT),
    (options) => {
      const { tenant: owner, ...request } = checked(addSchema, options);
      return withWebhooks(async (webhooks) => {
        const added = await webhooks.add(owner, request);
        return [`Added ${added.id}`, `Secret ${added.secret} (shown only this once)`];
      });
    },
  );
  const list = does(
    command('list', {
      summary: 'list the webhooks, or the last 50 deliveries of one',
      example: 'holdfast webhooks list --webhook WEBHOOK_ID',
    })
      .option('--webhook <id|url>', 'the deliveries of this webhook')
      .option(...TENANT),
    (options) => {
      const { tenant: owner, webhook } = checked(listSchema, options);
      return withWebhooks((webhooks) =>
        webhook === undefined
          ? listed(webhooks, owner)
          : webhookNamed(webhooks, owner, webhook).then((id) => deliveries(webhooks, owner, id)),
      );
    },
  );
  const remove = does(
    command('remove', {
      summary: 'remove a webhook',
      example: 'holdfast webhooks remove --webhook WEBHOOK_ID',
    })
      .usage('--webhook ID|URL [options]')
      .option('--webhook <id|url>', 'which webhook')
      .option(...TENANT),
    (options) => {
      const { tenant: owner, webhook } = checked(removeSchema, options);
      return withWebhooks(async (webhooks) => {
        const id = await webhookNamed(webhooks, owner, webhook);
        await webhooks.remove(owner, id);
        return [`Removed ${id}`];
      });
    },
  );
  return group(
    'webhooks',
    {
      summary: 'add, list and remove webhooks, and post events again',
      example: 'holdfast webhooks list',
    },
    [add, list, remove, replayCommand(withWebhooks)],
  );
}

function replayCommand(
  withWebhooks: (work: (webhooks: WebhooksService) => Promise<readonly string[]>) => Promise<void>,
): Command {
  return does(
    command('replay', {
      summary: 'post again what ended, well or badly',
      more: 'Either one delivery, or every event since a time, as far back as deliveries are kept (WEBHOOK_DAYS).',
      example: 'holdfast webhooks replay --since 2027-01-31T00:00:00Z',
    })
      .usage('--delivery ID [options]\n       holdfast webhooks replay --since TIME [options]')
      .option('--delivery <id>', 'this delivery')
      .option('--since <time>', 'every event since this time, such as 2027-01-31T00:00:00Z')
      .option('--webhook <id|url>', 'of this webhook only')
      .option(...TENANT),
    (options) => {
      const { tenant: owner, delivery, since, webhook } = checked(replaySchema, options);
      if ((delivery === undefined) === (since === undefined))
        throw new UsageError('replay needs either --delivery or --since.');
      return withWebhooks(async (webhooks) => {
        const only = webhook === undefined ? null : await webhookNamed(webhooks, owner, webhook);
        if (delivery !== undefined) {
          const row = await webhooks.replay(owner, only, delivery);
          return [`${row.id} is ${row.state}, from the first attempt on.`];
        }
        const replayed = since ? await webhooks.replaySince(owner, since, only) : 0;
        return [`${replayed} deliveries will be posted again`];
      });
    },
  );
}

/**
 * A webhook has no name but its URL.
 * @throws Error when none, or more than one, posts there
 */
async function webhookNamed(
  webhooks: WebhooksService,
  owner: string,
  wanted: string,
): Promise<string> {
  if (id.safeParse(wanted).success) return wanted;
  const found = (await webhooks.list(owner)).filter(({ url }) => url === wanted);
  if (found.length === 1 && found[0]) return found[0].id;
  throw new Error(
    found.length === 0
      ? `There is no webhook "${wanted}"; \`holdfast webhooks list\` shows those of tenant ${owner}.`
      : `Several webhooks post to ${wanted}: take an id.` +
          found.map((each) => `\n  ${each.id}  ${each.events.join(',') || 'all'}`).join(''),
  );
}

async function listed(webhooks: WebhooksService, owner: string): Promise<readonly string[]> {
  const all = await webhooks.list(owner);
  if (all.length === 0) return ['No webhook yet: `holdfast webhooks add --url https://...`'];
  return table(
    ['id', 'url', 'events', 'since'],
    all.map((each) => [
      each.id,
      each.url,
      each.events.join(',') || 'all',
      each.createdAt.toISOString(),
    ]),
  );
}

async function deliveries(
  webhooks: WebhooksService,
  owner: string,
  webhook: string,
): Promise<readonly string[]> {
  const cells = (row: Delivery): string[] => [
    row.id,
    `${row.reservationId}.${row.number}`,
    row.kind,
    row.state,
    String(row.attempts),
    String(row.lastStatus ?? row.lastError ?? '-'),
  ];
  return table(
    ['delivery', 'event', 'kind', 'state', 'attempts', 'last answer'],
    (await webhooks.deliveries(owner, webhook, { state: null, before: null, limit: 50 })).map(
      cells,
    ),
  );
}

const table = (names: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  formatTable(
    names.map((name) => ({ name, right: false })),
    rows,
  ),
];
