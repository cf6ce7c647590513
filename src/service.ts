import { type DynamicModule, type INestApplicationContext, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createApp } from './app.js';
import { type Furniture, printBanner } from './banner.js';
import { LoggerModule, Logger as PinoLogger } from 'nestjs-pino';
import { type Config, jobsPageAccess, tracingWish } from './common/config.js';
import { asError } from './common/errors.js';
import { migrate } from './common/migrate.js';
import { listenPort } from './common/ports.js';
import { requestLog } from './common/request.log.js';
import { startTracing } from './common/tracing.js';
import { JobsModule } from './jobs/jobs.module.js';
import { LiquidityModule } from './modules/liquidity/liquidity.module.js';
import { MetricsListener } from './modules/operations/metrics.listener.js';
import { MetricsService } from './modules/operations/metrics.service.js';
import type { LocalServices } from './sandbox/local.js';

/** The configuration once nothing is missing: what was not given has been started. */
export type DecidedConfig = Config & { readonly DATABASE_URL: string; readonly STELLAR_RPC_URL: string; readonly STELLAR_NETWORK_PASSPHRASE: string };

const LOOPBACK = /^(127\.|::1$|localhost$)/;

/** A worker without an API: the ledger, the jobs with what they need, and where METRICS_PORT says so a page for Prometheus. */
@Module({})
class WorkerModule {
  static register(config: DecidedConfig): DynamicModule {
    return {
      module: WorkerModule,
      imports: [LoggerModule.forRoot({ pinoHttp: requestLog(config.LOG_LEVEL), forRoutes: [] }), LiquidityModule.register(config), JobsModule.register(config, { work: true })],
      providers: [MetricsService],
    };
  }
}

/**
 * Starts what the role asks for and returns when it serves. Nothing listens before the schema is up to date.
 * ROLE=all outside production starts what is missing (Postgres, network), and seeds a fresh local network.
 */
export async function startService(config: Config): Promise<void> {
  const started = performance.now();
  const traces = tracingWish();
  const stopTracing = traces ? await startTracing(traces.serviceName) : undefined;
  const local = await startMissing(config);
  const decided: DecidedConfig = Object.freeze({
    ...config, DATABASE_URL: local?.databaseUrl ?? config.DATABASE_URL ?? '', STELLAR_RPC_URL: local?.rpcUrl ?? config.STELLAR_RPC_URL ?? '',
    STELLAR_NETWORK_PASSPHRASE: local?.networkPassphrase ?? config.STELLAR_NETWORK_PASSPHRASE ?? '',
  });
  let app: INestApplicationContext | undefined;
  let listener: MetricsListener | undefined;
  const stop = stopOnce(async () => {
    await listener?.close();
    await app?.close();
    await stopTracing?.();
    if (local) (await import('./sandbox/running.js')).removeRunning(config.DATA_DIR, process.pid);
    await local?.stop();
  });
  try {
    await migrate(decided.DATABASE_URL);
    if (config.ROLE === 'worker') {
      app = await NestFactory.createApplicationContext(WorkerModule.register(decided), { abortOnError: false, bufferLogs: true });
      app.useLogger(app.get(PinoLogger));
      if (config.METRICS_PORT !== undefined) listener = new MetricsListener(app.get(MetricsService), { host: config.HOST, port: config.METRICS_PORT });
      const port = await listener?.listen();
      new Logger('holdfast').log(`worker runs, process ${process.pid}${port === undefined ? '' : `, metrics on port ${port}`}`);
      return;
    }
    const seeded = local?.controlUrl ? await furnish(decided, local.controlUrl) : undefined;
    const port = await listenPort(config.PORT, config.given.has('PORT'));
    const server = await createApp(decided, [JobsModule.register(decided, { work: config.ROLE === 'all' })]);
    app = server;
    await server.listen(port, config.HOST);
    if (!LOOPBACK.test(config.HOST)) new Logger('holdfast').warn(`HOST=${config.HOST} is not a loopback address and there is no sign-in yet: whoever reaches this port may hold liquidity and read every loan`);
    const apiUrl = `http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${port}`;
    if (local) {
      const { writeRunning } = await import('./sandbox/running.js');
      writeRunning(config.DATA_DIR, { apiUrl, databaseUrl: local.databaseUrl, rpcUrl: local.rpcUrl, controlUrl: local.controlUrl, networkPassphrase: local.networkPassphrase, pid: process.pid, poolIds: seeded ? [seeded.poolId] : [] });
      printBanner({ apiUrl, local, seeded, access: jobsPageAccess(decided), seconds: (performance.now() - started) / 1000 });
    } else {
      new Logger('holdfast').log(`listening on ${apiUrl}, role ${config.ROLE}, process ${process.pid}`);
    }
  } catch (thrown) {
    await stop();
    throw asError(thrown);
  }
}

/** Loaded only here and only outside production: nothing of the sandbox reaches a production process. */
async function startMissing(config: Config): Promise<LocalServices | undefined> {
  if (config.NODE_ENV === 'production' || config.ROLE !== 'all') return undefined;
  const { startLocal } = await import('./sandbox/local.js');
  return startLocal(config, (line) => console.log(line));
}

/** A fresh local network gets a pool with vendors and borrowers; a known one is found again. The pool is registered and observed once. */
async function furnish(config: DecidedConfig, controlUrl: string): Promise<Furniture> {
  const [{ seedLocal }, { openRooms }, { ensurePool }] = await Promise.all([import('./sandbox/seed.js'), import('./cli/rooms.js'), import('./cli/register-pool.js')]);
  const seed = await seedLocal({ controlUrl, dataDir: config.DATA_DIR });
  const rooms = openRooms({ databaseUrl: config.DATABASE_URL, rpcUrl: config.STELLAR_RPC_URL, networkPassphrase: config.STELLAR_NETWORK_PASSPHRASE }, config);
  try {
    const pool = await ensurePool(rooms, { contract: seed.poolContract, name: seed.name, profile: seed.profile });
    for (const { address } of seed.borrowers) if (!await rooms.ledger.findLiveLoan(pool.network, address)) return { poolId: pool.id, seed, borrower: address };
    return { poolId: pool.id, seed, borrower: null };
  } finally { await rooms.close(); }
}

/** One orderly stop for Ctrl-C, SIGTERM and a failed start; a second signal ends at once. */
function stopOnce(work: () => Promise<void>): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= work());
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(130);
    console.log(`${signal}: stopping; a second one stops at once`);
    stop().then(() => process.exit(0), (error: unknown) => { console.error(asError(error).message); process.exit(1); });
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return stop;
}
