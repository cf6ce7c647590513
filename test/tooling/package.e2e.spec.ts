import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../../src/common/ports.js';
import { readRunning } from '../../src/common/running.js';
import { localVariables, pasted } from '../support/pasted.js';
import { cpuSecondsOf, MACHINE_SECONDS_MAX, sayPath, timed } from '../support/stranger.js';
import { compileCache, endService, type Spawned, spawnIn } from '../support/service-process.js';

/**
 * What `npm pack` makes, in the node_modules of an empty project beside links to the packages that
 * it asks for. Nothing is fetched: that npm installs them is not tested.
 */
const LIMIT_MS = 120_000;
const run = promisify(execFile);
const project = realpathSync(mkdtempSync(path.join(tmpdir(), 'holdfast-package-')));
const dataDir = path.join(project, '.data');
const bin = path.join('node_modules', 'holdfast', 'scripts', 'holdfast.mjs');
const PATH = `${path.dirname(process.execPath)}:/usr/bin:/bin`;
let service: Spawned;

interface Locked {
  readonly dev?: boolean;
}
/** Links what the package depends on; what only its development needs stays away. */
function linkDependencies(): void {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, Locked>;
  };
  for (const [place, { dev }] of Object.entries(packages)) {
    if (!/^node_modules\/(@[^/]+\/)?[^/]+$/.test(place) || dev === true || !existsSync(place))
      continue;
    mkdirSync(path.dirname(path.join(project, place)), { recursive: true });
    symlinkSync(path.resolve(place), path.join(project, place));
  }
  for (const types of ['@types/node', 'undici-types']) {
    const place = path.join(project, 'node_modules', types);
    mkdirSync(path.dirname(place), { recursive: true });
    if (!existsSync(place)) symlinkSync(path.resolve('node_modules', types), place);
  }
}

const write = (name: string, text: string): void => {
  writeFileSync(path.join(project, name), text);
};
/** What the project's programs took so far, seconds of CPU. */
let spent = 0;
/** Runs node in the project. @returns what it printed */
async function node(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const { printed, seconds } = await timed([process.execPath, ...args], {
    cwd: project,
    env: { ...compileCache(), PATH, DATA_DIR: dataDir, HOME: project, ...env },
    timeout: LIMIT_MS,
  });
  spent += seconds;
  return printed;
}

beforeAll(async () => {
  chmodSync(project, 0o755);
  await run('npm', ['pack', '--silent', '--pack-destination', project], {
    env: { HOME: project, PATH: `${path.resolve('node_modules/.bin')}:${PATH}` },
  });
  const installed = path.join(project, 'node_modules', 'holdfast');
  mkdirSync(installed, { recursive: true });
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  await run('tar', [
    ...['-xzf', path.join(project, `holdfast-${version}.tgz`)],
    ...['-C', installed, '--strip-components=1'],
  ]);
  linkDependencies();
  write('package.json', '{ "name": "shop", "private": true, "type": "module" }');
  service = await spawnIn(
    project,
    [bin, 'start'],
    { PATH, DATA_DIR: dataDir, LOG_LEVEL: 'silent', PORT: String(await freePort()), HOME: project },
    'Ctrl-C stops',
  );
}, LIMIT_MS);
afterAll(async () => {
  await endService(service.child, 'SIGTERM');
  rmSync(project, { recursive: true, force: true });
}, LIMIT_MS);

const variables = async (): Promise<Record<string, string>> =>
  localVariables(await node([bin, 'local']), dataDir);

test('carries no test, no source and no map', async () => {
  const { stdout } = await run('tar', ['-tzf', path.join(project, 'holdfast-0.1.0.tgz')]);
  const files = stdout.trim().split('\n');
  expect(files.length).toBeGreaterThan(300);
  expect(files.filter((file) => /\.spec\.|\.map$|\/test\/|package\/src\//.test(file))).toEqual([]);
  for (const file of ['LICENSE', 'NOTICE', 'README.md', 'CHANGELOG.md'])
    expect(files).toContain(`package/${file}`);
});

test(
  'its command starts the service, and a pasted script settles a loan',
  async () => {
    write('loan.mjs', pasted('docs/integration.md', 'run: first-loan.mjs'));
    spent = 0;
    expect(await node(['loan.mjs'], await variables())).toBe('settled\n');
    const seconds = cpuSecondsOf(service.child.pid) + spent;
    // npm i of the tarball, holdfast start, holdfast local, node loan.mjs
    sayPath('from the packed tarball', 4, seconds);
    expect(seconds).toBeLessThan(MACHINE_SECONDS_MAX);
  },
  LIMIT_MS,
);

const TYPED = `
import { holdfastClient, type Problem } from 'holdfast/client';
const client = holdfastClient({ baseUrl: process.env['API'] ?? '' });
const { data, error } = await client.GET('/health/live');
const problem: Problem | undefined = error as Problem | undefined;
const status: string | undefined = data?.status;
// @ts-expect-error no such route
await client.GET('/nothing');
console.log(status, problem);
`;
const HOSTED = `
import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Holdfast, HoldfastModule } from 'holdfast/nest';

@Injectable()
class Shop {
  constructor(readonly holdfast: Holdfast) {}
}
const { DATABASE, RPC, PASSPHRASE, KEY = '', POOL = '', BORROWER = '', VENDOR = '', DUE = '' } = process.env;
@Module({
  imports: [
    HoldfastModule.forRoot({
      apiKey: KEY,
      settings: {
        DATABASE_URL: DATABASE ?? '',
        STELLAR_RPC_URL: RPC ?? '',
        STELLAR_NETWORK_PASSPHRASE: PASSPHRASE ?? '',
        ROLE: 'api',
        LOG_LEVEL: 'silent',
      },
    }),
  ],
  providers: [Shop],
})
class ShopModule {}

const app = await NestFactory.createApplicationContext(ShopModule, { logger: ['error'] });
const { data, error } = await app.get(Shop).holdfast.client.POST('/loans', {
  params: { header: { 'Idempotency-Key': 'of-the-shop' } },
  body: {
    poolId: POOL,
    borrower: BORROWER,
    vendor: VENDOR,
    totalAmount: '100',
    guaranteeAmount: '20',
    schedule: [{ amount: '100', dueAt: DUE }],
  },
});
console.log(data?.reservation.state ?? error);
await app.close();
`;
const compiler = path.resolve('node_modules/typescript/bin/tsc');
const options = (more: Record<string, unknown>): string =>
  JSON.stringify({
    compilerOptions: {
      target: 'es2023',
      lib: ['es2023'],
      types: ['node'],
      strict: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      outDir: 'built',
      ...more,
    },
    files: ['typed.ts', 'hosted.ts'],
  });

test.each([
  ['NodeNext', { module: 'nodenext', moduleResolution: 'nodenext' }],
  ['a bundler', { module: 'esnext', moduleResolution: 'bundler' }],
])('its types hold where modules are resolved as by %s', async (name, resolution) => {
  write('typed.ts', TYPED);
  write('hosted.ts', HOSTED);
  const file = `tsconfig.${name.replace(' ', '-')}.json`;
  write(file, options(resolution));
  expect(await node([compiler, '-p', file])).toBe('');
});

/** A loan by the typed client alone, of a project that has nothing else of Holdfast. */
const SETTLED = `
import { Keypair, TransactionBuilder } from '@stellar/stellar-sdk';
import { holdfastClient } from 'holdfast/client';
const { API = '', KEY = '', POOL = '', BORROWER = '', VENDOR = '', DUE = '', SECRET = '' } = process.env;
const client = holdfastClient({ baseUrl: API, headers: { authorization: \`Bearer \${KEY}\` } });
const made = await client.POST('/loans', {
  params: { header: { 'Idempotency-Key': 'by-the-typed-client' } },
  body: {
    poolId: POOL, borrower: BORROWER, vendor: VENDOR, totalAmount: '100', guaranteeAmount: '20',
    schedule: [{ amount: '100', dueAt: DUE }],
  },
});
if (!made.data?.transaction) throw new Error(made.error?.detail);
const { loan, transaction } = made.data;
const envelope = TransactionBuilder.fromXDR(transaction.xdr, transaction.networkPassphrase);
envelope.sign(Keypair.fromSecret(SECRET));
const params = { path: { id: loan.id } };
await client.POST('/loans/{id}/submission', { params, body: { signedXdr: envelope.toXDR() } });
let state = 'held';
while (state === 'held') {
  await new Promise((resolve) => setTimeout(resolve, 200));
  state = (await client.GET('/loans/{id}', { params })).data?.reservation.state ?? 'gone';
}
console.log(state);
`;

test(
  'a fresh project settles a loan with the typed client',
  async () => {
    write('settle.ts', SETTLED);
    const { compilerOptions } = JSON.parse(
      options({ module: 'nodenext', moduleResolution: 'nodenext', skipLibCheck: true }),
    ) as { compilerOptions: object };
    write('tsconfig.settle.json', JSON.stringify({ compilerOptions, files: ['settle.ts'] }));
    spent = 0;
    const known = await variables();
    expect(await node([compiler, '-p', 'tsconfig.settle.json'])).toBe('');
    expect(await node(['built/settle.js'], known)).toBe('settled\n');
    const seconds = cpuSecondsOf(service.child.pid) + spent;
    // npm i, holdfast start, holdfast local, tsc, node settle.js
    sayPath('with the typed client in a fresh project', 5, seconds);
    expect(seconds).toBeLessThan(MACHINE_SECONDS_MAX);
  },
  LIMIT_MS,
);

test(
  'a Nest application hosts it, on a database of its own, and holds',
  async () => {
    const running = readRunning(dataDir);
    const printed = await node(['built/hosted.js'], {
      ...(await variables()),
      NODE_ENV: 'test',
      DATABASE: running?.databaseUrl ?? '',
      RPC: running?.rpcUrl ?? '',
      PASSPHRASE: running?.networkPassphrase ?? '',
      // of the host application, and not read
      DATABASE_URL: 'postgres://127.0.0.1:1/shop',
      PORT: '80',
    });
    expect(printed).toBe('held\n');
  },
  LIMIT_MS,
);
