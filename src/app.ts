import 'reflect-metadata';
import type { IncomingHttpHeaders } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { type AppConfig, AppModule } from './app.module.js';
import { answerInTime } from './http/answer-in-time.js';
import { mountApiPages } from './http/api-pages.js';
import type { TriedRequest } from './http/document-examples.js';
import { guardBrowsers } from './http/security-headers.js';
import {
  HttpErrorsFilter,
  type ProblemReply,
  type ProblemRequest,
} from './http/http-errors.filter.js';
import { answerOtherOrigins } from './http/cross-origin.js';
import { readJsonStrictly } from './http/json-body.js';
import { boundConnections } from './http/connection-bounds.js';
import { directDatabase } from './common/config.js';
import { Lifecycle } from './common/lifecycle.js';
import { ObservationPace } from './common/observation-pace.js';
import { letConnectionsEnd } from './http/open-connections.js';
import { RequestLog } from './http/request-log.js';
import { watchRequests } from './http/request.hooks.js';
import { logLines } from './telemetry/log-lines.js';
import { mountProblemPages } from './http/problem-routes.js';
import { keepDocuments, makeSoon } from './http/public-documents.js';
import { RouteTable } from './http/route-table.js';
import { answerUnparsed } from './http/unparsed-answer.js';
import { uuidV7 } from './common/uuid.js';
import { isTooDeep, tooDeep } from './http/validation.js';
import { mountDashboard } from './jobs/dashboard.js';
import { AddressLimit } from './modules/access/address-limit.js';
import { Door } from './modules/access/door.js';
import { RateLimits } from './modules/access/rate-limits.js';
import { type AccessRules, closeDoor, collectRules } from './modules/access/door.hooks.js';
import { Turnstile } from './modules/access/turnstile.js';
import { mountConsole } from './modules/console/console-files.js';

const BODY_BYTES_MAX = 64 * 1024;
/**
 * Headers must have arrived by then, milliseconds. Never later than the whole request, because Node
 * would swap the two limits.
 */
const HEADERS_TIMEOUT_MS = 10_000;
/** How often Node looks for late requests. Its own default is 30 s. */
const LATE_LOOK_MS = 1000;
const RULES = new WeakMap<NestFastifyApplication, AccessRules>();
const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * The whole service behind HTTP. It does not listen yet: call `app.listen()`, or in tests
 * `app.init()` and `app.inject()`. `app.close()` stops it gracefully. The starter handles signals,
 * because it has more to stop after the app; Nest's own hooks would end the process too early.
 * @param extraModules such as the jobs, where they run
 * @param tried what "Try it out" of the API's pages sends, where it is known
 */
export async function createApp(
  config: AppConfig,
  extraModules: readonly DynamicModule[] = [],
  tried?: TriedRequest,
): Promise<NestFastifyApplication> {
  const routes = new RouteTable();
  const errors = new HttpErrorsFilter((path) => routes.methodsOf(path));
  const adapter = fastifyAdapter(config, errors);
  const fastify = adapter.getInstance();
  fastify.addHook('onRoute', (route) => {
    routes.add(route.method, route.url);
  });
  const rules = collectRules(fastify);
  watchRequests(adapter, new RequestLog(config.LOG_LEVEL, logLines()));
  answerOtherOrigins(adapter, config.CORS_ORIGINS);
  fastify.removeContentTypeParser('text/plain');
  readJsonStrictly(adapter);
  const endConnections = letConnectionsEnd(adapter, config.REQUEST_TIMEOUT_MS);
  boundConnections(adapter);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.register(config, extraModules),
    adapter,
    {
      abortOnError: false,
      // no log line per module and route at every start; pino takes over when the service is ready
      logger: ['error', 'warn'],
      // Nest's parser would read forms on every route; Fastify's own reads JSON, and the rest is
      // 415
      bodyParser: false,
    },
  );
  fastify.addHook('onReady', (done) => {
    app.useLogger(app.get(Logger));
    done();
  });
  app.useGlobalFilters(errors);
  await guardBrowsers(adapter);
  app.get(Lifecycle, { strict: false }).signal.addEventListener('abort', endConnections);
  const limits = app.get(RateLimits, { strict: false });
  const pace = app.get(ObservationPace, { strict: false });
  await limits.install(app);
  closeDoor(fastify, {
    door: app.get(Door, { strict: false }),
    limits,
    addresses: new AddressLimit(config.RATE_PUBLIC_PER_MINUTE),
    turnstile: new Turnstile({ isLate: () => pace.isLate }),
    errors,
  });
  keepDocuments(adapter);
  fastify.addHook('preValidation', (request, reply, done) => {
    if (isTooDeep(request.body))
      // the answer is sent, so Fastify stops here
      errors.answer(tooDeep(), request, reply as unknown as ProblemReply);
    else done();
  });
  answerInTime(adapter, config.HANDLER_TIMEOUT_MS, errors);
  mountApiPages(app, tried);
  makeSoon(adapter, '/docs/openapi.json');
  // for people who open the API's address in a browser
  fastify.get('/', (_request, reply) => reply.redirect('/docs'));
  mountProblemPages(adapter, errors);
  await mountConsole(app, errors);
  await mountDashboard(app, { databaseUrl: directDatabase(config) });
  RULES.set(app, rules);
  return app;
}

/** The access rule of each route of an initialised app. */
export const accessRules = (app: NestFastifyApplication): AccessRules['routes'] =>
  RULES.get(app)?.routes ?? [];

/** Fastify with our limits, before Nest is put on it. */
function fastifyAdapter(config: AppConfig, errors: HttpErrorsFilter): FastifyAdapter {
  return new FastifyAdapter({
    // a client that trickles bytes must not keep a socket forever
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: config.REQUEST_TIMEOUT_MS,
    http: {
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, config.REQUEST_TIMEOUT_MS),
      connectionsCheckingInterval: Math.min(LATE_LOOK_MS, config.REQUEST_TIMEOUT_MS),
    },
    clientErrorHandler: answerUnparsed,
    forceCloseConnections: 'idle',
    ...(config.TRUSTED_PROXIES === undefined ? {} : { trustProxy: config.TRUSTED_PROXIES }),
    // accepts the caller's own id only when it cannot break a log line
    genReqId: ({ headers }: { headers: IncomingHttpHeaders }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : uuidV7();
    },
    // What the router itself refuses passes no hook and no filter. Its reply has the type of a
    // route that was never found.
    frameworkErrors: (error: Error, request: ProblemRequest, reply: unknown) => {
      answerUnrouted(errors, { error, request, reply: reply as ProblemReply });
    },
  });
}

function answerUnrouted(
  errors: HttpErrorsFilter,
  { error, request, reply }: { error: Error; request: ProblemRequest; reply: ProblemReply },
): void {
  reply.header('x-request-id', request.id);
  errors.answer(error, request, reply);
}
