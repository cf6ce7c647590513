import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { createDashboardHandler } from '@pg-boss/dashboard/handler';
import type { RouteAccess, WithCaller } from '../http/access-rule.js';
import { BOSS_SCHEMA } from '../database/boss-schema.js';
import { LimitedClient } from '../database/limited-client.js';
import { offerRights, withRights } from './dashboard-rights.js';

export const DASHBOARD_PATH = '/admin/queues';
/** Looking is for operators; what changes a job, a queue or a schedule needs a scope of its own. */
const LOOKING: RouteAccess = { access: 'operate', page: true };
const CHANGING: RouteAccess = { access: 'jobs:write', page: true, ownForms: true };
/**
 * The page requests another company's fonts. The policy blocks the style sheet but not the
 * connection opened in advance, so the page is rewritten to request them here, where the reply is
 * empty.
 */
const FONT_HOSTS = /https:\/\/fonts\.(?:googleapis|gstatic)\.com/g;
const FONTS_PATH = `${DASHBOARD_PATH}/fonts`;
/**
 * The types of content that name those addresses: the page and the script that renders it again,
 * which must agree.
 */
const NAMES_FONTS = /^text\/(html|javascript)|^application\/javascript/;
type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
const URLS = ['/', '/*'];
const ROUTES: readonly { readonly access: RouteAccess; readonly methods: Method[] }[] = [
  { access: LOOKING, methods: ['GET', 'HEAD'] },
  { access: CHANGING, methods: ['POST', 'PUT', 'PATCH', 'DELETE'] },
];

/**
 * Mounts the official pg-boss dashboard below DASHBOARD_PATH, for operators. It loads and connects
 * on the first authorised request. Its forms compare the browser's Origin with the request's host,
 * so a proxy must pass on the host header; the door refuses a form without an Origin.
 */
export async function mountDashboard(
  app: Pick<NestFastifyApplication, 'getHttpAdapter'>,
  options: { readonly databaseUrl: string },
): Promise<void> {
  let opened: ReturnType<typeof openDashboard> | undefined;
  const inTurn = oneAtATime();
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onClose', async () => (await opened?.catch(() => undefined))?.close());
  // A separate plugin, because only here bodies stay unread.
  await fastify.register(
    async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, body, done) => {
        done(null, body);
      });
      scope.get('/fonts/*', { config: LOOKING as object }, (_request, reply) =>
        reply
          .type('text/css; charset=utf-8')
          .header('cache-control', 'private, max-age=86400')
          .send(''),
      );
      for (const [url, { access, methods }] of URLS.flatMap((each) =>
        ROUTES.map((route) => [each, route] as const),
      )) {
        scope.route({
          method: methods,
          url,
          config: access as object,
          handler: async (request, reply) => {
            const body =
              request.method === 'GET' || request.method === 'HEAD'
                ? {}
                : { body: Readable.toWeb(request.raw) as ReadableStream, duplex: 'half' as const };
            opened ??= openDashboard(options.databaseUrl).catch((thrown: unknown) => {
              opened = undefined; // the next request tries again
              throw thrown;
            });
            const dashboard = await opened;
            const asked = new Request(`${request.protocol}://${request.host}${request.url}`, {
              method: request.method,
              headers: passedOn(request.headers),
              ...body,
            });
            const answer = await inTurn(() =>
              withRights(mayChange(request as WithCaller), () => dashboard(asked)),
            );
            reply.code(answer.status);
            const named = NAMES_FONTS.test(answer.headers.get('content-type') ?? '');
            for (const [name, value] of answer.headers)
              if (name !== 'set-cookie' && !(named && name === 'content-length'))
                reply.header(name, value);
            for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie);
            if (named && answer.body)
              return reply.send((await answer.text()).replaceAll(FONT_HOSTS, FONTS_PATH));
            return reply.send(answer.body ? Readable.fromWeb(answer.body as WebStream) : null);
          },
        });
      }
    },
    { prefix: DASHBOARD_PATH },
  );
}

const mayChange = ({ caller }: WithCaller): boolean =>
  caller?.kind === 'backend' && caller.scopes.includes('jobs:write');

/**
 * The page opens a connection for each statement that waits, ten at most, and ten more for its
 * buttons. One request at a time needs what one page reads (docs/database.md#connections).
 */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine;
    return mine;
  };
}

/**
 * The page takes its settings from the address alone. Its statements end after 65 s by the client's
 * clock, and a little earlier by the server's. That limit is a startup parameter, which a pooler
 * refuses, so there it is left out.
 */
async function addressFor(databaseUrl: string): Promise<string> {
  const url = new URL(databaseUrl);
  url.searchParams.set('application_name', 'holdfast-jobs-page');
  const client = new LimitedClient({ connectionString: url.href });
  await client.connect();
  if (client.pooled) url.searchParams.set('statement_timeout', '');
  await client.end();
  return url.href;
}

/** Its modules are a tenth of what the service loads, and most processes never show it. */
async function openDashboard(
  databaseUrl: string,
): Promise<ReturnType<typeof createDashboardHandler>> {
  offerRights();
  const { createDashboardHandler: create } = await import('@pg-boss/dashboard/handler');
  const url = await addressFor(databaseUrl);
  return create({
    databases: [{ url, name: 'holdfast', schema: BOSS_SCHEMA }],
    basePath: DASHBOARD_PATH,
  });
}

/** The headers without the credentials, which stay in this process. */
function passedOn(headers: IncomingHttpHeaders): Headers {
  const passed = new Headers();
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && name !== 'authorization' && name !== 'cookie')
      passed.set(name, Array.isArray(value) ? value.join(', ') : value);
  return passed;
}
