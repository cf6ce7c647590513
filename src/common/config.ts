import { existsSync } from 'node:fs';
import type { z } from 'zod';
import { settings } from './settings.js';

/**
 * The only reader of `process.env`. The variables are parsed once and frozen. A bad value stops the
 * boot, and the message lists every fault.
 */
export type Config = Readonly<z.infer<typeof settings>> & {
  /** Names of the variables that were set. A configured port is not moved when it is busy. */
  readonly given: ReadonlySet<string>;
};
export const CONFIG = Symbol('config');
/**
 * Secrets and domains of the sign-in, known by the time the app is built. Development makes those
 * that were not set.
 */
export interface FrontDoor {
  readonly AUTH_SIGNING_SEED: string;
  readonly JWT_SECRET: string;
  readonly HOME_DOMAIN: string;
  readonly WEB_AUTH_DOMAIN: string;
}

/**
 * Adds the variables of the file `.env` in the working directory, outside production; those that are
 * set already stay. Called by the entrances before anything is read.
 */
export function loadEnvironment(file = '.env'): void {
  if (process.env['NODE_ENV'] !== 'production' && existsSync(file)) process.loadEnvFile(file);
}

/** What the API needs and the jobs and commands do not, because they have no sign-in. */
const FRONT_DOOR = ['AUTH_SIGNING_SEED', 'JWT_SECRET', 'HOME_DOMAIN'] as const;

const DEVELOPMENT_WEBHOOK_KEY = 'holdfast, for development and tests only';
/** @returns undefined in production without one: webhooks are off then */
export const webhookKey = ({ WEBHOOK_KEY, NODE_ENV }: Config): string | undefined =>
  WEBHOOK_KEY ?? (NODE_ENV === 'production' ? undefined : DEVELOPMENT_WEBHOOK_KEY);

/**
 * Reads whether the standard OpenTelemetry variables ask for traces: an OTLP endpoint or a trace
 * exporter is named, and OTEL_SDK_DISABLED is not true. The SDK reads them again when it is loaded.
 * @returns null when no traces are wanted; otherwise the service name to use when no variable names
 * one
 */
export function tracingOptions(
  source: Readonly<Record<string, string | undefined>> = process.env,
): { readonly serviceName: string | undefined } | null {
  const {
    OTEL_SDK_DISABLED: disabled,
    OTEL_TRACES_EXPORTER: exporter,
    OTEL_SERVICE_NAME: name,
    OTEL_RESOURCE_ATTRIBUTES: attributes,
  } = source;
  const endpoint =
    source['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || source['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (
    disabled?.trim().toLowerCase() === 'true' ||
    exporter?.trim() === 'none' ||
    !(exporter || endpoint)
  )
    return null;
  return {
    serviceName: name || /(^|,)\s*service\.name=/.test(attributes ?? '') ? undefined : 'holdfast',
  };
}

const LOOPBACK = /^(127\.|localhost$|\[::1\]$)/;
/**
 * The proxy of the usual variables (HTTPS_PROXY, HTTP_PROXY, NO_PROXY; in lower case too) for calls
 * to this address. Loopback is never behind one.
 * @returns null: none is named
 */
export function proxyFor(
  url: string,
  source: Readonly<Record<string, string | undefined>> = process.env,
): { readonly httpProxy: string; readonly httpsProxy: string; readonly noProxy: string } | null {
  const value = (name: string): string => source[name.toLowerCase()] || source[name] || '';
  const [httpProxy, httpsProxy] = [value('HTTP_PROXY'), value('HTTPS_PROXY')];
  if (!(httpProxy || httpsProxy) || LOOPBACK.test(new URL(url).hostname)) return null;
  return { httpProxy, httpsProxy, noProxy: value('NO_PROXY') };
}

/** The database without its pooler, where there is one: for what needs a session of its own. */
export const directDatabase = ({
  DATABASE_DIRECT_URL: direct,
  DATABASE_URL: pooled,
}: Config): string => direct ?? pooled ?? '';

/** The database as the role that migrates it. */
export const ownerDatabase = (config: Config): string =>
  config.DATABASE_OWNER_URL ?? directDatabase(config);

/**
 * The same for the command that only migrates, which asks for no other setting.
 * @throws Error when no database is named
 */
export function readOwnerDatabase(
  source: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const url =
    source['DATABASE_OWNER_URL'] || source['DATABASE_DIRECT_URL'] || source['DATABASE_URL'];
  if (!url) throw new Error('Set DATABASE_OWNER_URL, or DATABASE_URL.');
  return url;
}

/** Seconds from one ledger to the next: the fewest and the most that are plausible. */
export const ledgerPace = ({
  LEDGER_SECONDS_FASTEST: fastest,
  LEDGER_SECONDS_SLOWEST: slowest,
}: Config): { readonly fastest: number; readonly slowest: number } => ({ fastest, slowest });

/** Reads the configuration of the service. @throws as readConfig */
export function readServiceConfig(
  source: Readonly<Record<string, string | undefined>> = process.env,
): Config {
  if (source['NODE_ENV'] !== 'production' || source['ROLE'] === 'worker') return readConfig(source);
  return readConfig(
    source,
    FRONT_DOOR.filter((name) => !source[name]).map(
      (name) => `${name}: is required with NODE_ENV=production, to let wallets and operators in`,
    ),
  );
}

/**
 * Reads the configuration of a service inside another application. Where that one listens, and its
 * database, are not meant.
 * @param settings they come before the environment
 * @throws as readConfig
 */
export function readHostedConfig(settings: Readonly<Record<string, string>>): Config {
  const {
    HOST: _host,
    PORT: _port,
    DATABASE_URL: _url,
    DATABASE_OWNER_URL: _owner,
    ...environment
  } = process.env;
  return readServiceConfig({ ...environment, ...settings });
}

/**
 * @param further faults found before
 * @throws Error that lists every missing or bad variable
 */
export function readConfig(
  source: Readonly<Record<string, string | undefined>> = process.env,
  further: readonly string[] = [],
): Config {
  const present = Object.fromEntries(
    Object.entries(source).filter(
      ([name, value]) => name in settings.shape && value !== undefined && value !== '',
    ),
  );
  const parsed = settings.safeParse(present);
  const faults = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const needsBoth =
    present['NODE_ENV'] === 'production' ||
    present['ROLE'] === 'api' ||
    present['ROLE'] === 'worker';
  const because =
    present['NODE_ENV'] === 'production'
      ? 'NODE_ENV=production'
      : `ROLE=${present['ROLE'] ?? 'all'}`;
  if (needsBoth) {
    for (const name of ['DATABASE_URL', 'STELLAR_RPC_URL'])
      if (!(name in present))
        faults.push(`${name}: is required with ${because}, which starts nothing embedded`);
  }
  if (present['NODE_ENV'] === 'production' && present['VOLATILE_DATABASE'] === 'allow')
    faults.push(
      'VOLATILE_DATABASE: cannot be allow with NODE_ENV=production, where a lost commit is a ' +
        'lost hold',
    );
  for (const name of ['DATABASE_DIRECT_URL', 'DATABASE_OWNER_URL'])
    if (name in present && !('DATABASE_URL' in present))
      faults.push(`${name}: needs DATABASE_URL, which names the same database`);
  if (('STELLAR_RPC_URL' in present || needsBoth) && !('STELLAR_NETWORK_PASSPHRASE' in present)) {
    faults.push('STELLAR_NETWORK_PASSPHRASE: is required, so that a wrong network is noticed');
  }
  if (parsed.success && parsed.data.LEDGER_SECONDS_SLOWEST < parsed.data.LEDGER_SECONDS_FASTEST)
    faults.push('LEDGER_SECONDS_SLOWEST: must not be below LEDGER_SECONDS_FASTEST');
  faults.push(...further);
  if (!parsed.success || faults.length)
    throw new Error(
      `Bad configuration, nothing was started:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    );
  return Object.freeze({ ...parsed.data, given: new Set(Object.keys(present)) });
}
