import 'reflect-metadata';
import type { IncomingHttpHeaders } from 'node:http';
import helmet from '@fastify/helmet';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { Logger } from 'nestjs-pino';
import { type AppConfig, AppModule } from './app.module.js';
import { apiDocument } from './common/api-document.js';
import { HttpErrorsFilter, type ProblemReply, type ProblemRequest } from './common/http-errors.filter.js';
import { RouteTable } from './common/route.table.js';
import { uuidV7 } from './common/uuid.js';
import { mountDashboard } from './jobs/dashboard.js';
import { Door } from './modules/access/door.js';
import { type AccessRules, closeDoor, collectRules } from './modules/access/door.hooks.js';
import { mountConsole } from './modules/console/console.files.js';

const BODY_BYTES_MAX = 64 * 1024;
/** A whole request must have arrived by then; a client that trickles bytes keeps no socket for ever. */
const REQUEST_TIMEOUT_MS = 15_000;
/** What a page of another origin may read of our answers. */
const ANSWERED_HEADERS = ['location', 'idempotency-replayed', 'holdfast-reservation-state', 'retry-after', 'x-request-id', 'www-authenticate'];
const PREFLIGHT_SECONDS = 600;
const RULES = new WeakMap<NestFastifyApplication, AccessRules>();
const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * The whole service behind HTTP, not listening yet: `await app.listen(...)`, or `app.init()` and `app.inject()` in tests. `app.close()` stops it
 * gracefully; signals are the starter's, who has more to stop after it (Nest's own hooks would end the process too early).
 * @param extraModules such as the jobs, where they run
 */
export async function createApp(config: AppConfig, extraModules: readonly DynamicModule[] = []): Promise<NestFastifyApplication> {
  const routes = new RouteTable();
  const errors = new HttpErrorsFilter((path) => routes.methodsOf(path));
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_BYTES_MAX, requestTimeout: REQUEST_TIMEOUT_MS, forceCloseConnections: 'idle',
    // a caller's own id is taken only when it cannot break a log line
    genReqId: ({ headers }: { headers: IncomingHttpHeaders }) => { const given = headers['x-request-id']; return typeof given === 'string' && REQUEST_ID.test(given) ? given : uuidV7(); },
    // what the router itself refuses passes no hook and no filter; its reply is typed by the route it never found
    frameworkErrors: (error: Error, request: ProblemRequest, reply: unknown) => { answerUnrouted(errors, { error, request, reply: reply as ProblemReply }); },
  });
  const fastify = adapter.getInstance();
  fastify.addHook('onRoute', (route) => { routes.add(route.method, route.url); });
  const rules = collectRules(fastify);
  fastify.addHook('onRequest', (request, reply, done) => { reply.header('x-request-id', request.id); done(); });
  fastify.removeContentTypeParser('text/plain');
  letConnectionsEnd(adapter);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.register(config, extraModules), adapter, {
    abortOnError: false,
    logger: ['error', 'warn'], // not a line per module and route at every start; pino takes over when the service is ready
    bodyParser: false, // Nest's would read forms everywhere; Fastify's own reads JSON, the rest is 415
  });
  fastify.addHook('onReady', (done) => { app.useLogger(app.get(Logger)); done(); });
  app.useGlobalFilters(errors);
  await app.register(helmet, {
    referrerPolicy: { policy: 'same-origin' }, // no-referrer makes browsers send 'Origin: null', which the jobs page refuses
    contentSecurityPolicy: { directives: { defaultSrc: ["'self'"], scriptSrc: ["'self'", "'unsafe-inline'"], styleSrc: ["'self'", "'unsafe-inline'"], imgSrc: ["'self'", 'data:'], upgradeInsecureRequests: null } },
  });
  if (config.CORS_ORIGINS.length > 0) app.enableCors({ origin: [...config.CORS_ORIGINS], exposedHeaders: ANSWERED_HEADERS, maxAge: PREFLIGHT_SECONDS });
  closeDoor(fastify, app.get(Door, { strict: false }), errors);
  SwaggerModule.setup('docs', app, () => apiDocument(app), { jsonDocumentUrl: 'docs/openapi.json' });
  fastify.get('/', (_request, reply) => reply.redirect('/docs')); // whoever opens the API's address in a browser
  await mountConsole(app, errors);
  await mountDashboard(app, { databaseUrl: config.DATABASE_URL });
  RULES.set(app, rules);
  return app;
}

/** Who may use which route of an app that is initialised. */
export const accessRules = (app: NestFastifyApplication): AccessRules['routes'] => RULES.get(app)?.routes ?? [];

function answerUnrouted(errors: HttpErrorsFilter, { error, request, reply }: { error: Error; request: ProblemRequest; reply: ProblemReply }): void {
  reply.header('x-request-id', request.id);
  errors.answer(error, request, reply);
}

/** While we stop, an answer ends its connection: kept alive, it would hold the stop up for as long as the client likes. */
function letConnectionsEnd(adapter: FastifyAdapter): void {
  const fastify = adapter.getInstance();
  let stopping = false;
  fastify.addHook('preClose', (done) => { stopping = true; done(); });
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (stopping) reply.header('connection', 'close');
    done(null, payload);
  });
}
