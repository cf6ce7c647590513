import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { contract, Keypair, TransactionBuilder } from '@stellar/stellar-sdk';
import { freePort } from '../../src/common/ports.js';
import { localVariables, pasted } from '../support/pasted.js';
import { runFolder } from '../support/postman.js';
import { cpuSecondsOf, MACHINE_SECONDS_MAX, sayPath, shellSeconds } from '../support/stranger.js';
import { folderWithNpm, runShell } from '../support/runbook.js';
import { testWhere } from '../support/test-where.js';
import { endService, type Spawned, spawnService } from '../support/service-process.js';

/** What a newcomer pastes from the README and the guides, as it stands there. */
const LIMIT_MS = 60_000;
/** Of the local network. */
const PASSPHRASE = 'Standalone Network ; February 2017';
const dataDir = mkdtempSync(path.join(tmpdir(), 'holdfast-newcomer-'));
const bin = folderWithNpm();
/** Below the repository, so that an import finds its packages and `holdfast/client`. */
const scripts = mkdtempSync(path.join('dist', 'newcomer-'));
const PATH = [bin, path.dirname(process.execPath), '/usr/bin:/bin'].join(':');
let service: Spawned;

function kept(page: string, name: string): string {
  const file = path.resolve(scripts, name);
  writeFileSync(file, pasted(page, `run: ${name}`));
  return file;
}
/** In a folder of its own: the blocks write files. */
const typed = (text: string, env: Record<string, string> = {}): Promise<string> =>
  runShell(text, { PATH, HOME: dataDir, DATA_DIR: dataDir, ...env });

beforeAll(async () => {
  chmodSync(dataDir, 0o755);
  service = await spawnService(
    { DATA_DIR: dataDir, LOG_LEVEL: 'silent', PATH, PORT: String(await freePort()) },
    { ready: 'Ctrl-C stops' },
  );
}, LIMIT_MS * 2);
afterAll(async () => {
  await endService(service.child, 'SIGTERM');
  for (const folder of [dataDir, bin, scripts]) rmSync(folder, { recursive: true, force: true });
}, LIMIT_MS);

/** Runs a script with what the shell knows of the service, and the borrower's key. */
async function script(file: string): Promise<string> {
  const known = localVariables(await typed('npx holdfast local'), dataDir);
  return typed(`node ${file}`, known);
}

const pythonTest = testWhere(
  spawnSync('python3', ['--version']).status === 0,
  'no python3 here: the check of the webhook guide in Python is left out',
);

test(
  'the first loan of the README settles, pasted into a shell',
  async () => {
    const block = pasted('README.md', 'first-loan')
      .replaceAll('loan.json', `${dataDir}/loan.json`)
      .replaceAll('signed.json', `${dataDir}/signed.json`);
    const printed = await typed(`${block}\ntimes`);
    expect(printed).toMatch(/"refusal":null.*"status":"PENDING".*"state":"settled"/s);
    expect(printed).not.toContain('exit code');
    // what a newcomer pastes: the start, then the loan; CI has cloned and installed before
    const [before = ''] = readFileSync('README.md', 'utf8').split('<!-- first-loan -->');
    const pastes = [...before.matchAll(/^```sh\n([^]*?)```$/gm)].map(([, text = '']) =>
      text.trim(),
    );
    expect(pastes).toEqual(['npm ci && npm start']);
    const steps = block.split('\n').filter((line) => /^[a-zA-Z]/.test(line)).length;
    const seconds = cpuSecondsOf(service.child.pid) + shellSeconds(printed);
    sayPath('from a clone by README alone', pastes.length + steps, seconds);
    expect(pastes.length + steps).toBeLessThanOrEqual(11);
    expect(seconds).toBeLessThan(MACHINE_SECONDS_MAX);
  },
  LIMIT_MS,
);

test(
  'the script of the integration guide settles a loan',
  async () => {
    expect(await script(kept('docs/integration.md', 'first-loan.mjs'))).toBe('settled\n');
  },
  LIMIT_MS,
);

test('the typed client of the guide reads a pool, and tells a problem by its code', async () => {
  expect(await script(kept('docs/integration.md', 'typed-client.mjs'))).toMatch(
    /^Seeded pool: \d+ available\nLOAN_NOT_FOUND\n$/,
  );
});

test('the adapter of the guide for stores in Redis makes the calls of the store', async () => {
  kept('docs/moving-from-redis.md', 'reservation-store.mjs');
  const file = path.resolve(scripts, 'store.mjs');
  writeFileSync(
    file,
    `import { ReservationStore } from './reservation-store.mjs';
const { API, KEY, POOL, BORROWER, VENDOR, DUE } = process.env;
const store = new ReservationStore({ baseUrl: API, apiKey: KEY });
const terms = (total) => ({
  poolId: POOL, borrower: BORROWER, vendor: VENDOR, totalAmount: total, guaranteeAmount: String(total / 5),
  schedule: [{ amount: String(total), dueAt: DUE }],
});
const { loan, reservation } = await store.acquire(terms('100'), 'of-the-store');
const active = [];
for await (const { loan: { id } } of store.listActive(POOL)) active.push(id);
const { amount, state } = await store.getMetadata(loan.id);
const given = await store.release(loan.id);
console.log(JSON.stringify({
  found: (await store.findByLoanId(loan.id)).loan.id === loan.id,
  unknown: await store.findByLoanId('00000000-0000-7000-8000-000000000000'),
  active: active.includes(loan.id),
  reserved: await store.totalReserved(POOL),
  metadata: [reservation.id.length, amount, state],
  released: given.reservation.state,
}));`,
  );
  const printed = await script(file);
  expect(printed).toMatch(/^{/);
  const { reserved, ...rest } = JSON.parse(printed) as Record<string, unknown>;
  expect(rest).toEqual({
    found: true,
    unknown: null,
    active: true,
    metadata: [36, '80', 'held'],
    released: 'held',
  });
  expect(reserved).toMatchObject({ held: '80' });
});

test('the Postman collection makes a loan, and the signed one is accepted', async () => {
  const local = localVariables(await typed('npx holdfast local'), dataDir);
  const sent = await runFolder(
    'A first loan',
    {
      baseUrl: local['API'] ?? '',
      apiKey: local['KEY'] ?? '',
      borrower: local['BORROWER'] ?? '',
      vendor: local['VENDOR'] ?? '',
    },
    ({ name, body }, set) => {
      if (name !== 'createLoan') return;
      const { xdr, networkPassphrase } = body['transaction'] as Record<string, string>;
      const transaction = TransactionBuilder.fromXDR(xdr ?? '', networkPassphrase ?? '');
      transaction.sign(Keypair.fromSecret(local['SECRET'] ?? ''));
      set('signedXdr', transaction.toXdr());
    },
  );
  expect(sent.map(({ name, status }) => [name, status])).toEqual([
    ['listPools', 200],
    ['quoteLoan', 200],
    ['createLoan', 201],
    ['getLoan', 200],
    ['submitLoan', 202],
    ['getLoan', 200],
  ]);
});

test("the request that the API's page offers makes a loan, and repeats it", async () => {
  const { API = '', KEY = '' } = localVariables(await typed('npx holdfast local'), dataDir);
  const { paths } = (await (await fetch(`${API}/docs/openapi.json`)).json()) as {
    paths: {
      '/loans': {
        post: {
          parameters: { name: string; example: string }[];
          requestBody: { content: { 'application/json': { example: object } } };
        };
      };
    };
  };
  const { parameters, requestBody } = paths['/loans'].post;
  const execute = async (): Promise<[number, string | null]> => {
    const response = await fetch(`${API}/loans`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${KEY}`,
        'content-type': 'application/json',
        'idempotency-key': parameters[0]?.example ?? '',
      },
      body: JSON.stringify(requestBody.content['application/json'].example),
    });
    await response.arrayBuffer();
    return [response.status, response.headers.get('idempotency-replayed')];
  };
  expect(await execute()).toEqual([201, null]);
  expect(await execute()).toEqual([201, 'true']);
});

test('the sign-in of the guide gives a wallet its token, by which it sees its own loans', async () => {
  const local = localVariables(await typed('npx holdfast local'), dataDir);
  const { API = '', BORROWER = '', SECRET = '' } = local;
  const { signIn } = (await import(`file://${kept('docs/integration.md', 'sign-in.mjs')}`)) as {
    signIn: (api: string, account: string, sign: contract.SignTransaction) => Promise<string>;
  };
  const wallet = contract.basicNodeSigner(Keypair.fromSecret(SECRET), PASSPHRASE);
  const token = await signIn(API, BORROWER, wallet.signTransaction);
  const listed = await fetch(`${API}/loans`, { headers: { authorization: `Bearer ${token}` } });
  const { loans } = (await listed.json()) as { loans: { loan: { borrower: string } }[] };
  expect([listed.status, loans.every(({ loan }) => loan.borrower === BORROWER)]).toEqual([
    200,
    true,
  ]);
});

describe('the checks of the webhook guide', () => {
  const secret = 'whsec_of-a-test';
  const body = '{"id":"1.2","amount":"80"}';
  const headerOf = (time: number, by = secret): string =>
    `t=${time},v1=${createHmac('sha256', by).update(`${time}.${body}`).digest('hex')}`;
  const cases = [
    [headerOf(1_000), 1_000, true],
    [headerOf(1_000), 1_301, false],
    [headerOf(1_000, 'another'), 1_000, false],
    ['', 1_000, false],
    [`${headerOf(1_000)}0`, 1_000, false],
  ] as const;

  test('in Node', async () => {
    const { isGenuine } = (await import(`file://${kept('docs/webhooks.md', 'check.mjs')}`)) as {
      isGenuine: (header: string, body: string, secret: string, now: number) => boolean;
    };
    expect(cases.map(([header, now]) => isGenuine(header, body, secret, now))).toEqual(
      cases.map(([, , genuine]) => genuine),
    );
  });

  pythonTest('in Python', () => {
    const calls = cases.map(
      ([header, now]) => `is_genuine(${JSON.stringify(header)}, body, secret, ${now})`,
    );
    const run = spawnSync('python3', [
      '-c',
      `${pasted('docs/webhooks.md', 'run: check.py')}
body, secret = ${JSON.stringify(body)}.encode(), ${JSON.stringify(secret)}
import json; print(json.dumps([${calls.join(', ')}]))`,
    ]);
    expect(run.stderr.toString()).toBe('');
    expect(JSON.parse(run.stdout.toString())).toEqual(cases.map(([, , genuine]) => genuine));
  });
});
