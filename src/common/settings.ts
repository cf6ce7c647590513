import { z } from 'zod';
import { landerSettings } from './lander-settings.js';
import { networks } from './network-list.js';

/** Name, form, default and meaning of every variable that the service reads. */
const port = (fallback: number) => z.coerce.number().int().min(0).max(65535).default(fallback);
const whole = (fallback: number, min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback);
const pace = (fallback: number) => z.coerce.number().min(0.05).max(600).default(fallback);

/** The SDK writes it, with " auth", into the name of a data entry, which has at most 64 bytes. */
const domain = z
  .string()
  .regex(
    /^[A-Za-z0-9.-]{1,50}(:[0-9]{1,5})?$/,
    'must be a domain, optionally with a port, such as "loans.example.org"',
  );
const isOrigin = (text: string): boolean =>
  URL.canParse(text) && new URL(text).origin === text && !text.includes('*');
const origins = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((origin) => origin.trim())
      .filter((origin) => origin !== ''),
  )
  .refine(
    (list) => list.every((each) => each === '*' || isOrigin(each)),
    'must be origins such as "https://app.example.org", without a path and without a pattern, or *',
  );

export const settings = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('production starts nothing embedded and needs both URLs'),
  ROLE: z
    .enum(['all', 'api', 'worker'])
    .default('all')
    .describe(
      'all: API and jobs, and outside production the missing database or network; api or ' +
        'worker: one of them, needs both URLs',
    ),
  HOST: z
    .string()
    .default('127.0.0.1')
    .describe(
      'address the API listens on; if it is not loopback, put TLS before it, because keys ' +
        'and tokens travel with each request',
    ),
  PORT: port(3000).describe('API port; the next free one when it is busy and not configured'),
  METRICS_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .optional()
    .describe(
      'port of /metrics and /health/live in a process with ROLE=worker, on HOST, without a ' +
        'sign-in; absent: a worker listens on no port. The API has /metrics on PORT',
    ),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe(
      'Postgres 15 or later, directly or through a pooler; absent outside production: an ' +
        'embedded server is started',
    ),
  DATABASE_DIRECT_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe(
      'the same database without its pooler, for migrations and LISTEN; absent: DATABASE_URL. ' +
        'Behind a pooler in transaction mode without it, event streams look every few seconds',
    ),
  DATABASE_OWNER_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe(
      'the same database, without its pooler, as the role that owns the tables: migrations use it, ' +
        'nothing else. Absent: DATABASE_URL migrates when its role owns the tables, otherwise ' +
        'the start only checks that everything is migrated',
    ),
  DATABASE_CONNECTIONS: whole(22, 8, 22).describe(
    'most connections to the database that this process keeps, beside three while it starts and ' +
      'those of the jobs page while it is shown',
  ),
  STELLAR_RPC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Stellar RPC; absent outside production: the local network is started'),
  STELLAR_NETWORK_PASSPHRASE: z
    .string()
    .min(1)
    .optional()
    .describe('passphrase of that network; required with STELLAR_RPC_URL'),
  LOCAL_RPC_PORT: port(8000).describe(
    'port of the local network; the next free one when it is busy and not configured',
  ),
  LOCAL_CONTROL_PORT: port(8001).describe(
    'control port of the local network; the next free one when it is busy and not configured',
  ),
  LOCAL_NETWORK_PASSPHRASE: z
    .string()
    .min(1)
    .default('Standalone Network ; February 2017')
    .describe(
      'passphrase of the local network; a chain in DATA_DIR keeps the one that it began with',
    ),
  LOCAL_LEDGER_SECONDS: z.coerce
    .number()
    .min(0)
    .max(60)
    .default(1)
    .describe('seconds between ledgers of the local network; 0 closes them by hand only'),
  DATA_DIR: z
    .string()
    .min(1)
    .default('.data')
    .describe('folder of the embedded database, the local network and running.json'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('lowest level that is logged'),
  RPC_TIMEOUT_MS: whole(5000, 100, 60_000).describe(
    'time limit of one call to Stellar RPC, milliseconds',
  ),
  VOLATILE_DATABASE: z
    .enum(['refuse', 'allow'])
    .default('refuse')
    .describe(
      'allow: start on a database without fsync, full_page_writes or synchronous_commit, ' +
        'for tests; production refuses it',
    ),
  LEDGER_DEADLINE_MS: whole(2000, 100, 60_000).describe(
    'how long a ledger transaction is retried before the answer is BUSY_RETRY, milliseconds',
  ),
  LEDGER_QUEUE_MAX: whole(5000, 1, 1_000_000).describe(
    'requests that may wait for the ledger; one more is answered BUSY_RETRY',
  ),
  LEDGER_BATCH_MAX: whole(500, 1, 5000).describe('most requests decided in one ledger transaction'),
  COUNTER_WINDOW: whole(24, 0, 100).describe(
    'least number of loans that a transaction leaves room for beside the live holds; with ' +
      '--strict off, exactly that number',
  ),
  INCLUSION_FEE: whole(1000, 100, 1_000_000_000).describe(
    "the least that a transaction bids for inclusion, stroops; it follows the going rate up to the pool's cap",
  ),
  CHAIN_LAG_SECONDS_MAX: whole(60, 5, 3600).describe(
    'largest lag of chain time behind the database clock, seconds; above it no deadline is issued',
  ),
  LEDGER_SECONDS_FASTEST: pace(4).describe(
    'fastest plausible pace of the network, seconds from one ledger to the next: at this pace an ' +
      'authorization can be signed and landed for as long as a hold lasts',
  ),
  LEDGER_SECONDS_SLOWEST: pace(10).describe(
    'slowest plausible pace, seconds: at this pace an authorization ends no later than a hold ' +
      'with all its extensions, otherwise none is issued',
  ),
  IDEMPOTENCY_HOURS: whole(24, 1, 720).describe('how long an idempotency key is remembered, hours'),
  SNAPSHOT_DAYS: whole(7, 1, 3650).describe(
    'how long snapshots of pools are kept after their last use, days',
  ),
  CHAIN_EVENT_DAYS: whole(30, 1, 3650).describe(
    'how long contract events are kept after reconciliation, days',
  ),
  RECONCILIATION_DAYS: whole(90, 1, 3650).describe(
    'how long reconciliations that explain everything are kept, days; all others are kept forever',
  ),
  WEBHOOK_DAYS: whole(30, 1, 3650).describe(
    'how long webhook deliveries are kept after they ended, and can be replayed, days',
  ),
  OBSERVE_SECONDS: z.coerce
    .number()
    .min(0.2)
    .max(60)
    .default(2)
    .describe('seconds between two observations of every pool by the worker'),
  STOP_GRACE_SECONDS: whole(0, 0, 120).describe(
    'time between SIGTERM and the closing of the port, seconds; readiness is red ' +
      'meanwhile, so that a load balancer sends requests elsewhere',
  ),
  EVENT_STREAMS_MAX: whole(500, 0, 100_000).describe(
    'event streams that one process keeps open; one more is answered BUSY_RETRY',
  ),
  WEBHOOK_KEY: z
    .string()
    .min(32, 'must have 32 characters or more')
    .optional()
    .describe(
      'key from which the secrets of webhooks are derived, 32 characters or more; absent in ' +
        'production: webhooks are off; absent elsewhere: a fixed development key',
    ),
  WEBHOOK_NETWORKS: networks
    .optional()
    .describe(
      'addresses or CIDR ranges that webhooks may be posted to though they are not public, ' +
        'separated by commas; absent in production: only public addresses',
    ),
  CHANNEL_SECRETS: z
    .string()
    .optional()
    .describe(
      'seeds (S…) of the channel accounts that land signed authorizations, separated by commas; ' +
        'absent: CHANNEL_SECRETS_FILE',
    ),
  CHANNEL_SECRETS_FILE: z
    .string()
    .optional()
    .describe(
      'file with the seeds of the channel accounts, one in a line; absent as well: this process ' +
        'lands no authorization',
    ),
  CHANNEL_BALANCE_MIN: whole(5, 1, 1_000_000).describe(
    'a channel with less is alarmed (`channel_low`), XLM',
  ),
  ...landerSettings,
  AUTH_SIGNING_SEED: z
    .string()
    .regex(/^S[A-Z2-7]{55}$/, 'must be the seed of a Stellar key (S…)')
    .optional()
    .describe(
      'seed of the key that signs sign-in challenges of wallets (SEP-10); production ' +
        'requires it, elsewhere one is made and kept in DATA_DIR',
    ),
  JWT_SECRET: z
    .string()
    .min(32, 'must have 32 characters or more')
    .optional()
    .describe(
      "secret of wallets' tokens and operators' sessions, 32 characters or more; " +
        'production requires it, elsewhere one is made and kept in DATA_DIR',
    ),
  HOME_DOMAIN: domain
    .optional()
    .describe(
      'domain whose stellar.toml names this service; production requires it, elsewhere the address it listens on',
    ),
  WEB_AUTH_DOMAIN: domain
    .optional()
    .describe('domain at which /auth is reached; absent: HOME_DOMAIN'),
  TOKEN_HOURS: whole(12, 1, 24).describe("how long a wallet's token is valid, hours"),
  ORG_NAME: z.string().min(1).max(100).default('Holdfast').describe('ORG_NAME of stellar.toml'),
  ORG_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('ORG_URL of stellar.toml'),
  RATE_WRITES_PER_MINUTE: whole(600, 0, 1_000_000).describe(
    'writing requests of one API key or wallet in a minute, over all processes; 0: no limit',
  ),
  RATE_READS_PER_MINUTE: whole(3000, 0, 1_000_000).describe(
    'reading requests of one API key or wallet in a minute, over all processes; 0: no limit',
  ),
  RATE_AUTH_PER_MINUTE: whole(60, 0, 1_000_000).describe(
    'sign-ins and failed credentials from one address (of IPv6 its /64) in a minute, over all processes; 0: no limit',
  ),
  RATE_PUBLIC_PER_MINUTE: whole(1200, 0, 1_000_000).describe(
    'requests without a credential from one address (of IPv6 its /64) in a minute, in each process; ' +
      'probes of /health are not counted; 0: no limit',
  ),
  RATE_COUNT_TIMEOUT_MS: whole(100, 10, 60_000).describe(
    'how long a request waits to be counted, milliseconds; then it passes without a limit',
  ),
  TRUSTED_PROXIES: networks
    .optional()
    .describe(
      'addresses or CIDR ranges of proxies before the service, separated by commas, whose ' +
        "X-Forwarded-For is believed. Without it every request behind a proxy has the proxy's " +
        'address',
    ),
  REQUEST_TIMEOUT_MS: whole(15_000, 500, 600_000).describe(
    'time limit for a whole request to arrive, milliseconds',
  ),
  HANDLER_TIMEOUT_MS: whole(30_000, 100, 600_000).describe(
    'time limit for an answer, milliseconds; then the request is answered BUSY_RETRY. More ' +
      'than RPC_TIMEOUT_MS and LEDGER_DEADLINE_MS together',
  ),
  EXPLORER_TX_URL: z
    .string()
    .regex(/^https?:\/\/\S*\{hash\}\S*$/, 'must be an http(s) address with {hash} in it')
    .optional()
    .describe(
      'where the console links transactions to, with {hash} for the hash, such as ' +
        'https://stellar.expert/explorer/testnet/tx/{hash}; absent: no links',
    ),
  CORS_ORIGINS: origins
    .default([])
    .describe(
      'origins whose pages may call the API, separated by commas; * lets pages of every origin ' +
        'read (GET), with a token that they send themselves; none unless set',
    ),
});

/** Name, default and meaning of every variable, for `docs/configuration.md` and its test. */
export const SETTINGS: readonly { name: string; fallback: string; meaning: string }[] =
  Object.entries(settings.shape).map(([name, schema]) => {
    const empty = schema.safeParse(undefined);
    return {
      name,
      fallback: empty.success && empty.data !== undefined ? String(empty.data) : '',
      meaning: schema.description ?? '',
    };
  });
