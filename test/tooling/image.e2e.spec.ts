import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../../src/common/ports.js';
import { startNetwork, type RunningNetwork } from '../../sandbox/network/network.js';
import { type EmbeddedPostgres, startPostgres } from '../../sandbox/postgres/embedded.js';
import { TEST_DOOR } from '../support/access.js';
import { compileCache, endService, type Spawned, spawnIn } from '../support/service-process.js';

/**
 * Puts the content of the image into a folder with the Dockerfile's own lines, without development
 * and optional packages. It must serve and run its commands. No container engine is used, so the
 * base image and `npm ci` are not tested.
 */
interface Locked {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
}
const lines = readFileSync('Dockerfile', 'utf8').split('\n');
const [build = [], image = []] = lines
  .reduce<string[][]>(
    (stages, line) =>
      line.startsWith('FROM ')
        ? [...stages, [line]]
        : [...stages.slice(0, -1), [...(stages.at(-1) ?? []), line]],
    [[]],
  )
  .slice(1);
const packages = (
  JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> }
).packages;
const installs = (stage: readonly string[]): string =>
  stage.find((line) => line.startsWith('RUN npm ci')) ?? '';

const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-image-'));
let postgres: EmbeddedPostgres;
let network: RunningNetwork;
let environment: Record<string, string>;
let service: Spawned | undefined;
const isWithoutSandbox = build.includes('RUN node scripts/build.mjs --without-sandbox');
let bundled: readonly string[] = [];
const { bundlePrograms } = (await import(
  pathToFileURL(path.resolve('scripts/bundle.mjs')).href
)) as {
  bundlePrograms: (options: { out: string; sandbox: boolean }) => Promise<string[]>;
};

beforeAll(async () => {
  for (const line of image.filter((each) => each.startsWith('COPY '))) {
    const words = line
      .split(' ')
      .slice(1)
      .filter((word) => !word.startsWith('--from='));
    for (const from of words.slice(0, -1)) {
      const file = from.replace(/^\/app\//, '');
      const to = words.at(-1) ?? '';
      const place = to === './' ? file : to.endsWith('/') ? to + path.basename(file) : to;
      cpSync(file, path.join(folder, place), {
        recursive: true,
        filter: (name) => !name.includes('node_modules'),
      });
    }
  }
  // as the first stage does; the build of this folder has the sandbox in it
  const out = path.join(folder, 'dist', 'program');
  rmSync(out, { recursive: true });
  bundled = await bundlePrograms({ out, sandbox: !isWithoutSandbox });
  for (const [, target = '', link = ''] of image.flatMap((line) => [
    ...line.matchAll(/^RUN ln -s \/app\/(\S+) \/usr\/local\/(\S+)$/g),
  ])) {
    mkdirSync(path.dirname(path.join(folder, link)), { recursive: true });
    symlinkSync(path.join(folder, target), path.join(folder, link));
  }
  for (const [place, { dev, optional, devOptional }] of Object.entries(packages)) {
    if (
      !/^node_modules\/(@[^/]+\/)?[^/]+$/.test(place) ||
      dev === true ||
      optional === true ||
      devOptional === true
    )
      continue;
    mkdirSync(path.dirname(path.join(folder, place)), { recursive: true });
    symlinkSync(path.resolve(place), path.join(folder, place));
  }
  [postgres, network] = await Promise.all([
    startPostgres({ durable: true }),
    startNetwork({ closeSeconds: 0.5 }),
  ]);
  await postgres.ensureDatabase('image');
  environment = {
    ...Object.fromEntries(
      image
        .filter((line) => line.startsWith('ENV '))
        .flatMap((line) =>
          line
            .slice(4)
            .split(' ')
            .map((pair) => pair.split('=') as [string, string]),
        ),
    ),
    HOST: '127.0.0.1',
    PORT: String(await freePort()),
    ...TEST_DOOR,
    ...compileCache(),
    PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin`,
    DATABASE_URL: postgres.url('image'),
    STELLAR_RPC_URL: network.rpcUrl,
    STELLAR_NETWORK_PASSPHRASE: network.passphrase,
  };
}, 120_000);
afterAll(async () => {
  if (service) await endService(service.child, 'SIGTERM');
  await network.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('the build has its compiler, which is an optional package of its own', () => {
  expect(
    Object.entries(packages).filter(
      ([place, { optional }]) => optional === true && place.includes('/@typescript/typescript-'),
    ),
  ).not.toEqual([]);
  expect(installs(build)).toContain('--include=dev');
  expect(installs(build)).not.toContain('optional');
  expect(installs(image)).toContain('--omit=dev --omit=optional');
});

/** Endpoints of Kubernetes are changed by a controller, and proxies read them: seconds. */
const DRAIN_SECONDS_MIN = 5;
test("the image's own grace lets a load balancer notice that the process stops", () => {
  expect(Number(environment['STOP_GRACE_SECONDS'])).toBeGreaterThanOrEqual(DRAIN_SECONDS_MIN);
});

test('the sandbox is not in the image, and the app and its commands load nothing of it', async () => {
  expect(existsSync(path.join(folder, 'dist', 'src', 'main.js'))).toBe(true);
  expect(bundled).toContain('dist/src/main.js');
  expect(bundled.filter((file) => /sandbox/.test(file))).toEqual([]);
  expect(
    readdirSync(folder, { recursive: true }).filter((name) => /sandbox/.test(String(name))),
  ).toEqual([]);
  const script =
    "const { createApp } = await import('./dist/src/app.js'); process.stdout.write(typeof createApp)";
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', script],
    {
      cwd: folder,
      env: environment,
    },
  );
  expect(stdout).toBe('function');
});

/** As in the image: `holdfast` on the PATH. */
const holdfast = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)('holdfast', args, {
    cwd: tmpdir(),
    env: { ...environment, PATH: `${path.join(folder, 'bin')}:${environment['PATH']}` },
  });

test("the image's command serves in production: API, Swagger and console", async () => {
  const command = JSON.parse(
    (image.find((line) => line.startsWith('CMD ')) ?? '').slice(4),
  ) as string[];
  expect(command[0]).toBe('node');
  service = await spawnIn(folder, command.slice(1), environment);
  const url = `http://127.0.0.1:${environment['PORT']}`;
  const statuses = await Promise.all(
    ['/health/live', '/docs', '/console', '/docs/openapi.json'].map(async (route) => [
      route,
      (await fetch(url + route, { redirect: 'manual' })).status,
    ]),
  );
  expect(statuses).toEqual([
    ['/health/live', 200],
    ['/docs', 200],
    ['/console', 401],
    ['/docs/openapi.json', 200],
  ]);
}, 60_000);

test('its commands run without sources and without a compiler, and make the first key', async () => {
  const { stdout, stderr } = await holdfast(
    ...['keys', 'create', '--tenant', 'ops', '--name', 'you', '--scopes', 'operate'],
  );
  expect(stderr).toBe('');
  const key = /hf_[0-9a-f]{12}_\S+/.exec(stdout)?.[0] ?? stdout;
  const answer = await fetch(`http://127.0.0.1:${environment['PORT']}/console`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(answer.status).toBe(200);
}, 60_000);

test(
  'every command shows its help there, also by npm run, and the demo says that it does ' +
    'not run',
  async () => {
    for (const name of ['pools', 'keys', 'webhooks', 'report', 'check', 'repair', 'resolve', 'sql'])
      expect((await holdfast(name, '--help')).stdout).toContain(`Usage: holdfast ${name}`);
    expect((await holdfast('capacity', '--testnet')).stdout).not.toBe('');
    const { stdout } = await promisify(execFile)(
      'npm',
      ['run', '--silent', 'holdfast', '--', 'pools', 'list'],
      { cwd: folder, env: environment },
    );
    expect(stdout).toContain('No pool is registered yet');
    await expect(holdfast('demo')).rejects.toMatchObject({
      code: 2,
      stdout: 'The demo makes up pools and borrowers: it does not run in production.\n',
    });
  },
  60_000,
);

test('after SIGTERM it still answers, is not ready, and ends each connection', async () => {
  const { child } = service ?? {};
  if (!child) throw new Error('the image was not started');
  const stopping = new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('SIGTERM: stopping')) resolve();
    });
  });
  child.kill('SIGTERM');
  await stopping;
  const url = `http://127.0.0.1:${environment['PORT']}`;
  const answers = await Promise.all(
    ['/health/live', '/health/ready'].map((route) => fetch(url + route)),
  );
  expect(answers.map(({ status, headers }) => [status, headers.get('connection')])).toEqual([
    [200, 'close'],
    [503, 'close'],
  ]);
}, 60_000);
