import { setTimeout as wait } from 'node:timers/promises';
import { type DynamicModule, type INestApplicationContext, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createApp } from './app.js';
import { printBanner, type SeededPool } from './banner.js';
import { LoggerModule, Logger as PinoLogger } from 'nestjs-pino';
import type { AppConfig } from './app.module.js';
import { type Config, type FrontDoor, tracingOptions } from './common/config.js';
import { asError } from './common/errors.js';
import { Lifecycle } from './common/lifecycle.js';
import * as metrics from './telemetry/metrics.js';
import { migrate } from './database/migrate.js';
import { listenPort } from './common/ports.js';
import { requestLog } from './http/request-log.js';
import { startTracing } from './telemetry/tracing.js';
import { VERSION } from './common/version.js';
import { JobsModule } from './jobs/jobs.module.js';
import { ApiKeys } from './modules/access/api-keys.js';
import { LiquidityModule } from './modules/liquidity/liquidity.module.js';
import { MetricsListener } from './modules/operations/metrics-listener.js';
import { MetricsService } from './modules/operations/metrics.service.js';
import type { LocalServices } from '../sandbox/local.js';

/** The configuration once nothing is missing: what was not given has been started. */
type DecidedConfig = Config & {
  readonly DATABASE_URL: string;
  readonly STELLAR_RPC_URL: string;
  readonly STELLAR_NETWORK_PASSPHRASE: string;
};

/** Addresses that are a domain as they are. */
const LOOPBACK = /^(127\.[0-9.]+|localhost)$/;

/**
 * A worker without an API: the ledger, the jobs with what they need, and where METRICS_PORT says so
 * a page for Prometheus.
 */
@Module({})
class WorkerModule {
  static register(config: DecidedConfig): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        LoggerModule.forRoot({ pinoHttp: requestLog(config.LOG_LEVEL), forRoutes: [] }),
        LiquidityModule.register(config),
        JobsModule.register(config, { work: true }),
      ],
      providers: [MetricsService],
    };
  }
}

/**
 * Starts what the role asks for and returns when it serves. Nothing listens before the schema is up
 * to date.
 * ROLE=all outside production starts what is missing (Postgres, network), and seeds a fresh local
 * network.
 */
export async function startService(config: Config): Promise<void> {
  const started = performance.now();
  metrics.set('holdfast_process_info', { role: config.ROLE, version: VERSION }, 1);
  const traces = tracingOptions();
  const stopTracing = traces ? await startTracing(traces.serviceName) : undefined;
  const local = await startMissing(config);
  const decided: DecidedConfig = Object.freeze({
    ...config,
    DATABASE_URL: local?.databaseUrl ?? config.DATABASE_URL ?? '',
    STELLAR_RPC_URL: local?.rpcUrl ?? config.STELLAR_RPC_URL ?? '',
    STELLAR_NETWORK_PASSPHRASE: local?.networkPassphrase ?? config.STELLAR_NETWORK_PASSPHRASE ?? '',
  });
  let app: INestApplicationContext | undefined;
  let listener: MetricsListener | undefined;
  const stop = stopOnce(async () => {
    if (app && config.ROLE !== 'worker') {
      app.get(Lifecycle).beginStop();
      await wait(config.STOP_GRACE_SECONDS * 1000);
    }
    await listener?.close();
    await app?.close();
    await stopTracing?.();
    if (local) (await import('./common/running.js')).removeRunning(config.DATA_DIR, process.pid);
    await local?.stop();
  });
  try {
    await migrate(decided.DATABASE_URL);
    if (config.ROLE === 'worker') {
      app = await NestFactory.createApplicationContext(WorkerModule.register(decided), {
        abortOnError: false,
        bufferLogs: true,
      });
      app.useLogger(app.get(PinoLogger));
      if (config.METRICS_PORT !== undefined)
        listener = new MetricsListener(app.get(MetricsService), {
          host: config.HOST,
          port: config.METRICS_PORT,
        });
      const port = await listener?.listen();
      new Logger('holdfast').log(
        `worker runs, process ${process.pid}${port === undefined ? '' : `, metrics on port ${port}`}`,
      );
      return;
    }
    const seeded = local?.controlUrl ? await seedPool(decided, local.controlUrl) : undefined;
    const port = await listenPort(config.PORT, config.given.has('PORT'));
    const appConfig: AppConfig = { ...decided, ...(await frontDoor(decided, port)) };
    const server = await createApp(appConfig, [
      JobsModule.register(decided, { work: config.ROLE === 'all' }),
    ]);
    app = server;
    await server.listen(port, config.HOST);
    const apiUrl = `http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${port}`;
    if (local) {
      const [{ writeRunning }, { ensureDevelopmentKeys }] = await Promise.all([
        import('./common/running.js'),
        import('./cli/development-keys.js'),
      ]);
      const keys = await ensureDevelopmentKeys(
        server.get(ApiKeys, { strict: false }),
        config.DATA_DIR,
      );
      writeRunning(config.DATA_DIR, {
        ...keys,
        apiUrl,
        databaseUrl: local.databaseUrl,
        rpcUrl: local.rpcUrl,
        controlUrl: local.controlUrl,
        networkPassphrase: local.networkPassphrase,
        pid: process.pid,
        poolIds: seeded ? [seeded.poolId] : [],
      });
      printBanner({ apiUrl, local, seeded, keys, seconds: (performance.now() - started) / 1000 });
    } else {
      new Logger('holdfast').log(
        `listening on ${apiUrl}, role ${config.ROLE}, process ${process.pid}`,
      );
    }
  } catch (thrown) {
    await stop();
    throw asError(thrown);
  }
}

/**
 * Loaded only here and only outside production: nothing of the sandbox reaches a production
 * process.
 */
async function startMissing(config: Config): Promise<LocalServices | undefined> {
  if (config.NODE_ENV === 'production' || config.ROLE !== 'all') return undefined;
  const { startLocal } = await import('../sandbox/local.js');
  return startLocal(config, (line) => console.log(line));
}

/**
 * What was not given is made, outside production only: there `readServiceConfig` has demanded it.
 */
async function frontDoor(config: DecidedConfig, port: number): Promise<FrontDoor> {
  const { AUTH_SIGNING_SEED: seed, JWT_SECRET: secret, HOME_DOMAIN: given } = config;
  const HOME_DOMAIN = given ?? `${LOOPBACK.test(config.HOST) ? config.HOST : '127.0.0.1'}:${port}`;
  const known =
    seed !== undefined && secret !== undefined
      ? undefined
      : (await import('../sandbox/secrets.js')).secretsFrom(config.DATA_DIR);
  return {
    AUTH_SIGNING_SEED: seed ?? known?.signingSeed ?? '',
    JWT_SECRET: secret ?? known?.jwtSecret ?? '',
    HOME_DOMAIN,
    WEB_AUTH_DOMAIN: config.WEB_AUTH_DOMAIN ?? HOME_DOMAIN,
  };
}

/**
 * A fresh local network gets a pool with vendors and borrowers; a known one is found again. The
 * pool is registered and observed once.
 */
async function seedPool(config: DecidedConfig, controlUrl: string): Promise<SeededPool> {
  const [{ seedLocal }, { openRooms }, { ensurePool }] = await Promise.all([
    import('../sandbox/seed.js'),
    import('./cli/rooms.js'),
    import('./modules/operations/register-pool.js'),
  ]);
  const seed = await seedLocal({ controlUrl, dataDir: config.DATA_DIR });
  const rooms = openRooms(
    {
      databaseUrl: config.DATABASE_URL,
      rpcUrl: config.STELLAR_RPC_URL,
      networkPassphrase: config.STELLAR_NETWORK_PASSPHRASE,
    },
    config,
  );
  try {
    const pool = await ensurePool(rooms, {
      contract: seed.poolContract,
      name: seed.name,
      profile: seed.profile,
    });
    for (const { address } of seed.borrowers)
      if (!(await rooms.ledger.findLiveLoan(pool.network, address)))
        return { poolId: pool.id, seed, borrower: address };
    return { poolId: pool.id, seed, borrower: null };
  } finally {
    await rooms.close();
  }
}

/** One orderly stop for Ctrl-C, SIGTERM and a failed start; a second signal ends at once. */
function stopOnce(work: () => Promise<void>): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= work());
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(130);
    console.log(`${signal}: stopping; a second one stops at once`);
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(asError(error).message);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return stop;
}
