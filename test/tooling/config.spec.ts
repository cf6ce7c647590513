import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readConfig, readServiceConfig, tracingOptions } from '../../src/common/config.js';
import { SETTINGS } from '../../src/common/settings.js';

const URLS = {
  DATABASE_URL: 'postgres://127.0.0.1/holdfast',
  STELLAR_RPC_URL: 'https://rpc.example.org',
  STELLAR_NETWORK_PASSPHRASE: 'Public',
};

/** The lines of the refusal, without its first. */
function faults(variables: Record<string, string>): string[] {
  try {
    readConfig(variables);
  } catch (error) {
    return String(error)
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}

/** The variables that the refusal names. */
const named = (variables: Record<string, string>): Set<string | undefined> =>
  new Set(faults(variables).map((line) => line.split(':')[0]));

test('nothing configured is a working configuration for development', () => {
  const config = readConfig({});
  expect(config).toMatchObject({
    NODE_ENV: 'development',
    ROLE: 'all',
    HOST: '127.0.0.1',
    PORT: 3000,
    LOCAL_RPC_PORT: 8000,
    LOCAL_CONTROL_PORT: 8001,
    LOCAL_LEDGER_SECONDS: 1,
  });
  expect(config.DATABASE_URL).toBeUndefined();
  expect(config.given.size).toBe(0);
  expect(Object.isFrozen(config)).toBe(true);
});

test('records which variables were set, and an empty one counts as absent', () => {
  const { given, PORT } = readConfig({ PORT: '4000', HOST: '', HOME: '/somewhere' });
  expect([...given]).toEqual(['PORT']);
  expect(PORT).toBe(4000);
});

test("reports every fault at once, by the variable's name", () => {
  const said = faults({
    PORT: '70000',
    ROLE: 'boss',
    DATABASE_URL: 'mysql://x',
    LEDGER_DEADLINE_MS: 'soon',
    STELLAR_RPC_URL: 'http://127.0.0.1:1',
  });
  for (const name of [
    'PORT',
    'ROLE',
    'DATABASE_URL',
    'LEDGER_DEADLINE_MS',
    'STELLAR_NETWORK_PASSPHRASE',
  ])
    expect(said.some((line) => line.startsWith(`${name}:`))).toBe(true);
});

describe('production and single roles', () => {
  test.each<Record<string, string>>([
    { NODE_ENV: 'production' },
    { ROLE: 'api' },
    { ROLE: 'worker' },
  ])('%j needs both URLs and the passphrase', (variables) => {
    expect(named(variables)).toEqual(
      new Set(['DATABASE_URL', 'STELLAR_RPC_URL', 'STELLAR_NETWORK_PASSPHRASE']),
    );
    expect(faults({ ...variables, ...URLS })).toEqual([]);
  });

  test('faults of values and missing variables come together', () => {
    expect(named({ NODE_ENV: 'production', PORT: 'x' })).toEqual(
      new Set(['PORT', 'DATABASE_URL', 'STELLAR_RPC_URL', 'STELLAR_NETWORK_PASSPHRASE']),
    );
  });

  test('each URL is decided by itself in development', () => {
    expect(faults({ DATABASE_URL: URLS.DATABASE_URL })).toEqual([]);
    expect(
      faults({ STELLAR_RPC_URL: URLS.STELLAR_RPC_URL, STELLAR_NETWORK_PASSPHRASE: 'Public' }),
    ).toEqual([]);
  });
});

describe('access', () => {
  const SEED = `S${'A'.repeat(55)}`;
  const DOOR = {
    AUTH_SIGNING_SEED: SEED,
    JWT_SECRET: 'x'.repeat(32),
    HOME_DOMAIN: 'loans.example.org',
  };
  const PRODUCTION = { NODE_ENV: 'production', ...URLS };
  const serviceFaults = (variables: Record<string, string>): string => {
    try {
      readServiceConfig(variables);
    } catch (error) {
      return String(error);
    }
    return '';
  };

  test('in development nothing is needed: the start makes what is absent', () => {
    expect(readServiceConfig({})).toMatchObject({
      TOKEN_HOURS: 12,
      CORS_ORIGINS: [],
      ORG_NAME: 'Holdfast',
    });
  });

  test(
    'in production the API needs seed, secret and domain, and reports it with the other ' +
      'faults; a worker serves no callers',
    () => {
      expect(serviceFaults({ NODE_ENV: 'production' })).toMatch(
        new RegExp(
          ['DATABASE_URL', 'AUTH_SIGNING_SEED', 'JWT_SECRET', 'HOME_DOMAIN']
            .map((name) => `${name}: is required`)
            .join('[^]*'),
        ),
      );
      expect(serviceFaults({ ...PRODUCTION, ...DOOR })).toBe('');
      expect(serviceFaults({ ...PRODUCTION, ROLE: 'worker' })).toBe('');
    },
  );

  test.each([
    [
      'a short secret',
      { JWT_SECRET: 'x'.repeat(31) },
      'JWT_SECRET: must have 32 characters or more',
    ],
    [
      'a public key for a seed',
      { AUTH_SIGNING_SEED: `G${'A'.repeat(55)}` },
      'AUTH_SIGNING_SEED: must be the seed',
    ],
    [
      'an address for a domain',
      { HOME_DOMAIN: 'https://loans.example.org' },
      'HOME_DOMAIN: must be a domain',
    ],
    [
      'an origin with a path',
      { CORS_ORIGINS: 'https://a.example, https://b.example/x' },
      'CORS_ORIGINS: must be origins',
    ],
    [
      'a pattern of origins',
      { CORS_ORIGINS: 'https://*.example' },
      'CORS_ORIGINS: must be origins',
    ],
  ])('%s is refused, and never repeated', (_, wrong, sentence) => {
    const said = serviceFaults({ ...PRODUCTION, ...DOOR, ...wrong });
    expect(said).toContain(sentence);
    for (const value of Object.values(wrong)) expect(said.split('must be')[0]).not.toContain(value);
  });

  test('origins are a list', () => {
    expect(
      readConfig({ CORS_ORIGINS: 'https://a.example, http://localhost:5173' }).CORS_ORIGINS,
    ).toEqual(['https://a.example', 'http://localhost:5173']);
    expect(readConfig({ CORS_ORIGINS: '*,https://a.example' }).CORS_ORIGINS).toEqual([
      '*',
      'https://a.example',
    ]);
  });
});

describe('tracing', () => {
  test.each<[Record<string, string>, boolean]>([
    [{}, false],
    [{ OTEL_SERVICE_NAME: 'x' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c:4318/v1/traces' }, true],
    [{ OTEL_TRACES_EXPORTER: 'console' }, true],
    [{ OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }, false],
    [{ OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }, false],
    [{ OTEL_SDK_DISABLED: 'false', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }, true],
  ])('%j asks for traces: %p', (variables, asked) => {
    expect(tracingOptions(variables) !== null).toBe(asked);
  });

  test('the service is called holdfast unless a standard variable names it', () => {
    const of = (variables: Record<string, string>) =>
      tracingOptions({ OTEL_TRACES_EXPORTER: 'otlp', ...variables })?.serviceName;
    expect(of({})).toBe('holdfast');
    expect(of({ OTEL_SERVICE_NAME: 'mine' })).toBeUndefined();
    expect(
      of({ OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=x, service.name=mine' }),
    ).toBeUndefined();
    expect(of({ OTEL_RESOURCE_ATTRIBUTES: 'my.service.name=mine' })).toBe('holdfast');
  });
});

test("a worker's port for metrics is a port, and nothing when it is not given", () => {
  expect(readConfig({}).METRICS_PORT).toBeUndefined();
  expect(readConfig({ METRICS_PORT: '9464' }).METRICS_PORT).toBe(9464);
  expect(named({ METRICS_PORT: 'x' })).toEqual(new Set(['METRICS_PORT']));
});

describe('.env.example', () => {
  const lines = readFileSync('.env.example', 'utf8').split('\n');
  const variables = lines
    .map((line) => /^#?([A-Z_]+)=(.*)$/.exec(line))
    .filter((match) => match !== null);

  test('names every variable once, in the order of the code, with its default', () => {
    expect(variables.map(([, name, value]) => ({ name, fallback: value }))).toEqual(
      SETTINGS.map(({ name, fallback }) => ({ name, fallback })),
    );
  });

  test('explains every variable in the words of the code', () => {
    for (const { name, meaning } of SETTINGS) {
      const at = lines.findIndex((line) => line.startsWith(`#${name}=`));
      expect(lines[at - 1]).toBe(`# ${meaning}`);
    }
  });
});
