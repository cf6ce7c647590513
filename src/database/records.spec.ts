import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { recordList } from './records.js';

interface Sent {
  readonly id: string | null;
  readonly words: string | null;
  readonly amount: bigint | null;
  readonly large: bigint | number | null;
  readonly small: number | null;
  readonly bytes: Buffer | null;
}
const NOTHING: Sent = {
  id: null,
  words: null,
  amount: null,
  large: null,
  small: null,
  bytes: null,
};
const SENT = recordList<Sent>(
  'sent',
  {
    id: { type: 'uuid', of: ({ id }) => id },
    words: { type: 'text', of: ({ words }) => words },
    amount: { type: 'numeric', of: ({ amount }) => amount },
    large: { type: 'bigint', of: ({ large }) => large },
    small: { type: 'integer', of: ({ small }) => small },
    bytes: { type: 'bytea', of: ({ bytes }) => bytes },
  },
  1,
);
const I128 = 2n ** 127n - 1n;
const I64 = 2n ** 63n - 1n;

let database: TestDatabase;
let client: pg.Client;
let typeOid = 0;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client(database.url);
  await client.connect();
  await client.query(`create type sent as (id uuid, words text, amount numeric, large bigint,
    small integer, bytes bytea)`);
  const { rows } = await client.query<{ oid: number }>(`select 'sent'::regtype::oid as oid`);
  typeOid = rows[0]?.oid ?? 0;
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

async function read(rows: readonly Sent[]): Promise<Sent[]> {
  const answer = await client.query<Record<'amount' | 'large', string | null> & Sent>(
    `select u.id, u.words, u.amount::text, u.large::text, u.small, u.bytes from ${SENT.table}`,
    [SENT.value(rows, typeOid)],
  );
  const big = (text: string | null): bigint | null => (text === null ? null : BigInt(text));
  return answer.rows.map((row) => ({ ...row, amount: big(row.amount), large: big(row.large) }));
}

test('values of every type come back as they were sent, and so do nulls', async () => {
  const id = '0199f3a0-ABCD-7e12-8f00-0123456789ef';
  const words = ['', 'GABC', '"quoted" \\ {braces},', 'Zoë 漢字 🏦', 'x'.repeat(40_000)];
  const amounts = [0n, 1n, 9_999n, 10_000n, 123_456_789n, 10n ** 38n, I128, -I128, -1n, -10_000n];
  const large = [0n, -1n, 2n ** 32n, -(2n ** 32n), 2n ** 53n, 2n ** 53n + 1n, I64, -I64 - 1n];
  const rows: Sent[] = [
    NOTHING,
    ...words.map((text) => ({ ...NOTHING, id: id.toLowerCase(), words: text })),
    ...amounts.map((amount) => ({ ...NOTHING, amount })),
    ...large.map((value) => ({ ...NOTHING, large: value })),
    ...[0, 1, -1, 2 ** 31 - 1, -(2 ** 31)].map((small) => ({ ...NOTHING, small })),
    { ...NOTHING, bytes: Buffer.from([0, 255, 10]) },
    { ...NOTHING, bytes: Buffer.alloc(0) },
  ];
  expect(await read(rows)).toEqual(rows);
  expect(await read([{ ...NOTHING, id, large: 7 }])).toEqual([
    { ...NOTHING, id: id.toLowerCase(), large: 7n },
  ]);
});

test('no rows are an empty array', async () => {
  expect(await read([])).toEqual([]);
});

test('a value or a column that cannot be sent is refused before anything is sent', () => {
  expect(() => SENT.value([{ ...NOTHING, id: '0199f3a0' }], typeOid)).toThrow('not a UUID');
  expect(() => recordList('sent', { at: { type: 'timestamptz', of: () => null } }, 1)).toThrow(
    'no record has a column of type timestamptz',
  );
});
