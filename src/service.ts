import { setTimeout as wait } from 'node:timers/promises';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { printBanner } from './banner.js';
import { Logger as PinoLogger } from 'nestjs-pino';
import { type Config, tracingOptions } from './common/config.js';
import { asError } from './common/errors.js';
import { Lifecycle } from './common/lifecycle.js';
import { type DecidedConfig, decidedBy, startMissing } from './development.js';
import { prepareDatabase } from './prepare-database.js';
import * as metrics from './telemetry/metrics.js';
import { serve } from './serve.js';
import { startTracing } from './telemetry/tracing.js';
import { VERSION } from './common/version.js';
import { MetricsListener } from './modules/operations/metrics-listener.js';
import { MetricsService } from './modules/operations/metrics.service.js';
import { WorkerModule } from './worker.module.js';
import type { LocalServices } from '../sandbox/local.js';

/** What has been started so far, for the stop. */
interface Running {
  app?: INestApplicationContext;
  metricsListener?: MetricsListener;
}

/**
 * Starts what ROLE asks for and returns when it serves. Nothing listens before the schema is up to
 * date. ROLE=all outside production also starts what is missing (Postgres, network) and seeds a
 * fresh local network.
 */
export async function startService(config: Config): Promise<void> {
  const started = performance.now();
  metrics.set('holdfast_process_info', { role: config.ROLE, version: VERSION }, 1);
  const traces = tracingOptions();
  const stopTracing = traces ? await startTracing(traces.serviceName) : undefined;
  const local = await startMissing(config);
  const decided = decidedBy(config, local);
  const running: Running = {};
  const stop = stopOnce(async () => {
    const { app, metricsListener } = running;
    if (app && config.ROLE !== 'worker') {
      app.get(Lifecycle).beginStop();
      await wait(config.STOP_GRACE_SECONDS * 1000);
    }
    await metricsListener?.close();
    await app?.close();
    await stopTracing?.();
    if (local) (await import('./common/running.js')).removeRunning(config.DATA_DIR, process.pid);
    await local?.stop();
  });
  try {
    const prepared = await prepareDatabase(decided, local);
    if (config.ROLE === 'worker') await startWorker(prepared, running);
    else await startApi(prepared, running, { local, started });
  } catch (thrown) {
    await stop();
    throw asError(thrown);
  }
}

async function startWorker(config: DecidedConfig, running: Running): Promise<void> {
  const app = await NestFactory.createApplicationContext(WorkerModule.register(config), {
    abortOnError: false,
    bufferLogs: true,
  });
  running.app = app;
  app.useLogger(app.get(PinoLogger));
  if (config.METRICS_PORT !== undefined)
    running.metricsListener = new MetricsListener(app.get(MetricsService), {
      host: config.HOST,
      port: config.METRICS_PORT,
    });
  const port = await running.metricsListener?.listen();
  new Logger('holdfast').log(
    `worker runs, process ${process.pid}${port === undefined ? '' : `, metrics on port ${port}`}`,
  );
}

async function startApi(
  config: DecidedConfig,
  running: Running,
  { local, started }: { readonly local: LocalServices | undefined; readonly started: number },
): Promise<void> {
  const { apiUrl, keys, seeded } = await serve(config, local, (app) => {
    running.app = app;
  });
  if (!local || !keys) {
    new Logger('holdfast').log(
      `listening on ${apiUrl}, role ${config.ROLE}, process ${process.pid}`,
    );
    return;
  }
  const { writeRunning } = await import('./common/running.js');
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
