import { z } from 'zod';

/** The only reader of `process.env`. Parsed once, frozen; a bad value stops the boot and every fault is said at once. */
const port = (fallback: number) => z.coerce.number().int().min(0).max(65535).default(fallback);
const whole = (fallback: number, min: number, max: number) => z.coerce.number().int().min(min).max(max).default(fallback);

const settings = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development').describe('production starts nothing embedded and needs both URLs'),
  ROLE: z.enum(['all', 'api', 'worker']).default('all').describe('all: API, jobs and, outside production, what is missing to run; api or worker: one of them, both URLs needed'),
  HOST: z.string().default('127.0.0.1').describe('address the API listens on; there is no sign-in yet, so leave it on loopback'),
  PORT: port(3000).describe('API port; busy and not configured means the next free one'),
  METRICS_PORT: z.coerce.number().int().min(0).max(65535).optional().describe('port of /metrics and /health/live in a process with ROLE=worker, on HOST and without a sign-in; absent: a worker listens nowhere. The API has /metrics on PORT'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional().describe('Postgres 18; absent outside production: an embedded server is started'),
  STELLAR_RPC_URL: z.url({ protocol: /^https?$/ }).optional().describe('Stellar RPC; absent outside production: the local network is started'),
  STELLAR_NETWORK_PASSPHRASE: z.string().min(1).optional().describe('passphrase of that network; required with STELLAR_RPC_URL'),
  LOCAL_RPC_PORT: port(8000).describe('port of the local network; busy and not configured means the next free one'),
  LOCAL_CONTROL_PORT: port(8001).describe('control port of the local network; busy and not configured means the next free one'),
  LOCAL_LEDGER_SECONDS: z.coerce.number().min(0).max(60).default(1).describe('seconds between ledgers of the local network; 0 closes them by hand only'),
  DATA_DIR: z.string().min(1).default('.data').describe('folder of the embedded database, the local network and running.json'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('least level that is logged'),
  RPC_TIMEOUT_MS: whole(5000, 100, 60_000).describe('time limit of one call to Stellar RPC, milliseconds'),
  VOLATILE_DATABASE: z.enum(['refuse', 'allow']).default('refuse').describe('allow: start on a database without fsync, full_page_writes or synchronous_commit, for tests; production refuses it'),
  LEDGER_DEADLINE_MS: whole(2000, 100, 60_000).describe('how long a ledger transaction is retried before the answer is BUSY_RETRY, milliseconds'),
  LEDGER_QUEUE_MAX: whole(5000, 1, 1_000_000).describe('requests that may wait for the ledger; one more is answered BUSY_RETRY'),
  LEDGER_BATCH_MAX: whole(500, 1, 5000).describe('requests decided in one ledger transaction at most'),
  COUNTER_WINDOW: whole(24, 0, 100).describe('loan ids beyond the next one that an envelope can still land on (K of rule R11)'),
  INCLUSION_FEE: whole(1000, 100, 1_000_000_000).describe('inclusion fee offered by an envelope, stroops'),
  CHAIN_LAG_SECONDS_MAX: whole(60, 5, 3600).describe('chain time may lag the database clock by so much before no deadline is issued (R6), seconds'),
  IDEMPOTENCY_HOURS: whole(24, 1, 720).describe('how long an idempotency key is remembered, hours'),
  OBSERVE_SECONDS: z.coerce.number().min(0.2).max(60).default(2).describe('seconds between two observations of every pool by the worker'),
  DASHBOARD_USER: z.string().regex(/^[^:]+$/, 'must have no colon').default('operator').describe('user of the jobs page at /admin/queues; production requires it to be set'),
  DASHBOARD_PASSWORD: z.string().min(8).optional().describe('password of the jobs page, 12 characters or more in production, which requires it to be set; absent elsewhere: holdfast'),
});

const DEVELOPMENT_PASSWORD = 'holdfast';
const PRODUCTION_PASSWORD_LENGTH = 12;

export type Config = Readonly<z.infer<typeof settings>> & {
  /** Names of the variables that were given: a configured port is not moved when it is busy. */
  readonly given: ReadonlySet<string>;
};
export const CONFIG = Symbol('config');

/** Name, default and meaning of every variable, for the README's table and its test. */
export const SETTINGS: readonly { name: string; fallback: string; meaning: string }[] = Object.entries(settings.shape).map(([name, schema]) => {
  const empty = schema.safeParse(undefined);
  return { name, fallback: empty.success && empty.data !== undefined ? String(empty.data) : '', meaning: schema.description ?? '' };
});

export interface JobsPageAccess { readonly user: string; readonly password: string; /** Whether it is the password that everyone knows. */ readonly isDefault: boolean }

/** @returns undefined in production without a password: then there is no jobs page */
export function jobsPageAccess(config: Config): JobsPageAccess | undefined {
  const { DASHBOARD_USER: user, DASHBOARD_PASSWORD: given } = config;
  if (given === undefined && config.NODE_ENV === 'production') return undefined;
  return { user, password: given ?? DEVELOPMENT_PASSWORD, isDefault: given === undefined || given === DEVELOPMENT_PASSWORD };
}

/**
 * Whether the standard variables of OpenTelemetry ask for traces: an OTLP endpoint or a trace exporter is named, and OTEL_SDK_DISABLED is not true. The SDK reads them
 * itself, once it is loaded. @returns null: nothing is loaded; else the name for a service that no variable names
 */
export function tracingWish(source: Readonly<Record<string, string | undefined>> = process.env): { readonly serviceName: string | undefined } | null {
  const { OTEL_SDK_DISABLED: disabled, OTEL_TRACES_EXPORTER: exporter, OTEL_SERVICE_NAME: name, OTEL_RESOURCE_ATTRIBUTES: attributes } = source;
  const endpoint = source['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || source['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (disabled?.trim().toLowerCase() === 'true' || exporter?.trim() === 'none' || !(exporter || endpoint)) return null;
  return { serviceName: name || /(^|,)\s*service\.name=/.test(attributes ?? '') ? undefined : 'holdfast' };
}

/** What the service itself needs beyond the commands beside it, which open no page. @throws as readConfig */
export function readServiceConfig(source: Readonly<Record<string, string | undefined>> = process.env): Config {
  if (source['NODE_ENV'] !== 'production' || source['ROLE'] === 'worker') return readConfig(source);
  const faults = ['DASHBOARD_USER', 'DASHBOARD_PASSWORD'].filter((name) => !source[name]).map((name) => `${name}: is required with NODE_ENV=production, for the jobs page at /admin/queues`);
  const password = source['DASHBOARD_PASSWORD'] ?? '';
  if (password !== '' && password.length < PRODUCTION_PASSWORD_LENGTH) faults.push(`DASHBOARD_PASSWORD: must have ${PRODUCTION_PASSWORD_LENGTH} characters or more with NODE_ENV=production`);
  return readConfig(source, faults);
}

/** @param further faults found already @throws Error that lists every missing or bad variable at once */
export function readConfig(source: Readonly<Record<string, string | undefined>> = process.env, further: readonly string[] = []): Config {
  const present = Object.fromEntries(Object.entries(source).filter(([name, value]) => name in settings.shape && value !== undefined && value !== ''));
  const parsed = settings.safeParse(present);
  const faults = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const needsBoth = present['NODE_ENV'] === 'production' || present['ROLE'] === 'api' || present['ROLE'] === 'worker';
  const because = present['NODE_ENV'] === 'production' ? 'NODE_ENV=production' : `ROLE=${present['ROLE'] ?? 'all'}`;
  if (needsBoth) {
    for (const name of ['DATABASE_URL', 'STELLAR_RPC_URL']) if (!(name in present)) faults.push(`${name}: is required with ${because}, which starts nothing embedded`);
  }
  if (present['NODE_ENV'] === 'production' && present['VOLATILE_DATABASE'] === 'allow') faults.push('VOLATILE_DATABASE: cannot be allow with NODE_ENV=production, where a lost commit is a broken promise');
  if (('STELLAR_RPC_URL' in present || needsBoth) && !('STELLAR_NETWORK_PASSPHRASE' in present)) {
    faults.push('STELLAR_NETWORK_PASSPHRASE: is required, so that a wrong network is noticed');
  }
  faults.push(...further);
  if (!parsed.success || faults.length) throw new Error(`Bad configuration, nothing was started:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  return Object.freeze({ ...parsed.data, given: new Set(Object.keys(present)) });
}
