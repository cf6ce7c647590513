import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { readConfig } from '../common/config.js';
import { ApiKeys } from '../modules/access/api-keys.js';
import { run as runCommand } from './command-line.js';
import { keysCommand } from './keys.command.js';
import { openRooms, type Rooms } from './rooms.js';

let database: TestDatabase;
let rooms: Rooms;
const open = (): Rooms =>
  openRooms(
    { databaseUrl: database.url, rpcUrl: 'http://127.0.0.1:9', networkPassphrase: 'none' },
    readConfig({}),
  );
beforeAll(async () => {
  database = await createTestDatabase();
  rooms = open();
});
afterAll(async () => {
  await rooms.close();
  await database.drop();
});

async function run(
  ...args: string[]
): Promise<{ code: number; said: string[]; complained: string }> {
  const [said, complained]: [string[], string[]] = [[], []];
  const terminal = {
    open,
    say: (line: string) => said.push(line),
    complain: (line: string) => complained.push(line),
  };
  const code = await runCommand(keysCommand(terminal), args, terminal);
  return { code, said, complained: complained.join('\n') };
}

test(
  'a key is made, shown once, works, is listed without its secret, and is revoked; each ' +
    'change is in the journal with who and why',
  async () => {
    const made = await run(
      'create',
      '--tenant',
      'shop',
      '--name',
      'The shop',
      '--scopes',
      'loans:write,loans:read',
      '--expires',
      '30',
      '--reason',
      'they signed the contract',
    );
    expect(made.code).toBe(0);
    const [key = '', told = ''] = made.said;
    expect(key).toMatch(/^hf_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$/);
    const id = /[0-9a-f-]{36}/.exec(told)?.[0] ?? '';
    expect(await new ApiKeys(rooms.connections, 5000).recognise(key)).toEqual({
      kind: 'backend',
      tenantId: 'shop',
      keyId: id,
      name: 'The shop',
      scopes: ['loans:write', 'loans:read'],
    });

    const listed = (await run('list')).said.join('\n');
    expect(listed).toMatch(
      new RegExp(`${id}.*${key.slice(0, 16)}.*shop.*The shop.*loans:write,loans:read`),
    );
    expect(listed).not.toContain(key.split('_').slice(2).join('_'));
    const stored = await rooms.connections.read.query<{ row: string }>(
      'select k::text as row from api_keys k',
    );
    expect(stored.rows[0]?.row).not.toContain(key.slice(16));

    expect((await run('revoke', id, '--reason', 'contract ended')).code).toBe(0);
    expect(await new ApiKeys(rooms.connections, 5000).recognise(key)).toBeNull();
    expect((await run('list')).said.join('\n')).toContain('revoked');
    const { rows } = await rooms.connections.read.query(
      'select action, actor_kind, subject, reason from operator_actions order by id',
    );
    expect(rows).toEqual([
      {
        action: 'key.create',
        actor_kind: 'command',
        subject: id,
        reason: 'they signed the contract',
      },
      { action: 'key.revoke', actor_kind: 'command', subject: id, reason: 'contract ended' },
    ]);
    for (const statement of [
      'update operator_actions set reason = null',
      'delete from operator_actions',
      'truncate operator_actions',
    ])
      await expect(rooms.connections.write.query(statement)).rejects.toMatchObject({
        code: '55000',
      });
  },
);

test.each([
  [[], 'What should be done'],
  [['make'], "Unknown command 'make'"],
  [['create'], 'tenantId'],
  [['create', '--tenant', 'wallet:G', '--name', 'x', '--scopes', 'operate'], 'tenantId must be'],
  [
    ['create', '--tenant', 'a', '--name', 'x', '--scopes', 'loans:write,all'],
    'scopes 2 must be one of',
  ],
  [
    ['create', '--tenant', 'a', '--name', 'x', '--scopes', 'operate', '--expires', 'soon'],
    'expiresInDays',
  ],
  [['revoke', ''], 'needs a key'],
  [['revoke'], "Missing required argument 'KEY_ID'"],
  [['list', 'all'], 'Too many arguments'],
  [['list', '--all'], '--all'],
])('%j is answered with the usage', async (args, sentence) => {
  const { code, said, complained } = await run(...args);
  expect([code, said]).toEqual([2, []]);
  expect(complained).toContain(sentence);
  expect(complained).toContain('Usage: keys');
});

test('a key is revoked by its name or its begin, if no other key is meant', async () => {
  const create = (name: string) =>
    run('create', '--tenant', 'named', '--name', name, '--scopes', 'operate');
  const [first = ''] = (await create('of the shop')).said;
  await create('two of them');
  await create('two of them');
  expect(await run('revoke', 'two of them')).toMatchObject({
    code: 1,
    complained: expect.stringContaining('Several keys are named "two of them": take an id.'),
  });
  expect(await run('revoke', first.slice(0, 'hf_0123456789ab_'.length))).toMatchObject({
    code: 0,
    said: [expect.stringContaining('Revoked: of the shop.')],
  });
  expect(await run('revoke', 'of the shop')).toMatchObject({
    code: 1,
    complained: expect.stringContaining('There is no valid key "of the shop"'),
  });
});

test('a key that is not there', async () => {
  expect(await run('revoke', '01a20439-8365-721f-97de-c7ac9caaa4ad')).toMatchObject({
    code: 1,
    complained: 'There is no key 01a20439-8365-721f-97de-c7ac9caaa4ad.',
  });
});
