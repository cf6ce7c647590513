import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fileOf } from '../../src/common/places.js';
import { bundleOf, type Json, type Parts, read, render } from '../../src/cli/proof/bundle.js';
import { proofCommand } from '../../src/cli/proof.command.js';
import { run } from '../../src/cli/command-line.js';
import { readParts } from '../../src/cli/proof/read-parts.js';
import { verify } from '../../src/cli/proof/verify.js';
import { Dice } from '../support/dice.js';
import { type Histories, proofHistories } from '../support/proof-histories.js';

/** `holdfast proof`: a hold in every state and with every certificate, written and checked. */
let histories: Histories;
const parts = new Map<string, Parts>();
const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-proof-'));
beforeAll(async () => {
  histories = await proofHistories();
  for (const [name, id] of Object.entries(histories.ids))
    parts.set(name, await readParts(histories.on.stage.databaseUrl, id, new Date()));
}, 60_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await histories.on.end();
});

const SEED = Math.floor(Math.random() * 2 ** 31);
const partsOf = (name: string): Parts => {
  const found = parts.get(name);
  if (!found) throw new Error(`no history ${name}`);
  return found;
};
const textOf = (name: string): string => render(bundleOf(partsOf(name)));
const faultsOf = (text: string): string[] => verify(text).checks.flatMap(({ faults }) => faults);

test.each([
  ['landed', 'settled', 'landed'],
  ['landed, by authorization', 'settled', 'landed'],
  ['landed, by a stranger', 'settled', 'landed'],
  ['sequence consumed', 'released', 'sequence consumed'],
  ['failed', 'released', 'failed'],
  ['expired by time', 'expired', 'expired by time'],
  ['expired by ledger', 'expired', 'expired by ledger'],
  ['stated by an operator', 'expired', "an operator's statement"],
  ["the contract's own list", 'expired', "the contract's own list"],
  ['live', 'held', 'live'],
  ['live, signed by authorization', 'held', 'live'],
])('%s: nothing is wrong with it, and its end is proven as it was', (name, state, certificate) => {
  const { checks, rows } = verify(textOf(name));
  expect(checks.flatMap(({ faults }) => faults)).toEqual([]);
  expect(rows?.reservation.state).toBe(state);
  expect(checks.find((each) => each.name === 'end')?.says).toContain(certificate);
  expect(checks.length).toBeGreaterThan(6);
});

test('what is signed and may still land is not in it; of an ended hold it is', () => {
  for (const name of ['live', 'live, signed by authorization']) {
    const live = partsOf(name) as unknown as {
      transactions: { signed_xdr: unknown }[];
      landings: { xdr: unknown; xdr_sha256: string }[];
      authorization: { signed_entry: unknown; signed_entry_sha256: string } | null;
    };
    expect(live.transactions.map(({ signed_xdr: signed }) => signed)).toEqual(
      name === 'live' ? [null] : [],
    );
    expect(live.landings.map(({ xdr }) => xdr)).toEqual(name === 'live' ? [] : [null]);
    expect(live.authorization?.signed_entry ?? null).toBeNull();
  }
  expect(partsOf('landed')['transactions']).toMatchObject([
    { signed_xdr: expect.stringMatching(/^AAAA/) },
  ]);
});

test('evidence that upkeep deleted is said to be absent, and the rest is proven', () => {
  const given = partsOf('landed');
  const later: Parts = {
    ...given,
    snapshot: null,
    chain: { ...(given.chain as object), events: [], ledgerTimes: [] },
  };
  const { checks } = verify(render(bundleOf(later)));
  expect(checks.flatMap(({ faults }) => faults)).toEqual([]);
  expect(checks.flatMap(({ unknown }) => unknown)).toEqual([
    'that snapshot is older than the service keeps them',
    "the pool's event is older than the service keeps them",
    'no close time of these ledgers is kept any more',
  ]);
});

describe('a change of the file', () => {
  const CLASSES = { digit: /\d/, letter: /[A-Za-z]/, space: /\s/, sign: /[^\dA-Za-z\s]/ };

  test(`any byte is noticed, seed ${SEED}`, () => {
    const dice = new Dice(SEED);
    const seen = new Map<string, number>();
    for (const name of parts.keys()) {
      const text = textOf(name);
      for (let turn = 0; turn < 100; turn++) {
        const at = dice.below(text.length);
        const byte = text.charCodeAt(at);
        const other = String.fromCharCode(byte ^ (1 << dice.below(7)));
        const changed = text.slice(0, at) + other + text.slice(at + 1);
        if (read(changed).faults.length === 0)
          throw new Error(`seed ${SEED}: byte ${at} of ${name} from ${text[at] ?? ''} to ${other}`);
        for (const [each, shape] of Object.entries(CLASSES))
          if (shape.test(text[at] ?? '')) seen.set(each, (seen.get(each) ?? 0) + 1);
      }
    }
    expect(Object.keys(CLASSES).filter((each) => (seen.get(each) ?? 0) < 20)).toEqual([]);
  });

  test.each([
    ['a space more', (text: string) => `${text} `],
    ['a byte less', (text: string) => text.slice(0, -1)],
    ['nothing', () => ''],
    ['other line ends', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a member twice', (text: string) => text.replace('"format"', '"format": "x",\n  "format"')],
    ['a member more', (text: string) => text.replace('"digest"', '"more": 1,\n  "digest"')],
    ['another format', (text: string) => text.replace('proof-1', 'proof-2')],
  ])('%s', (_, change) => {
    expect(faultsOf(change(textOf('landed')))).not.toEqual([]);
  });
});

/**
 * Whoever makes the hashes again is caught by what contradicts another part. These members nothing
 * contradicts: they are the database's word (docs/proofs.md#one-hold).
 */
const ON_TRUST = [
  / about\.written/,
  / (rules|snapshot)\./,
  /_at$| journal\.(at|reason|ledger|pool_version)$/,
  / pool\.(name|decimals)$/,
  /going_rate|inclusion_fee|window_|outbid|submission_|entry_bytes|kept_failure/,
  /loan_id_(first|last)$|issued_after_ledger|expires_at/,
  // what the node replied, beside what decided
  /failure_seen|passed_|vote_ledger|consumed_|unspent_ledger|spent_seen_ledger/,
  /failedAt|oldestLedger|minTemporaryTtl|absentAt|notFoundAt/,
  / chain\.(events|ledgerTimes)\.| chain\.fundings\.event_id/,
  / chain\.landedLoan\.(interest|service|read)/,
  // no transaction of a loan names them before it lands
  /^(?!landed).* pool\.(pool|token)_contract$/,
  /^(stated by an operator|the contract's own list): journal\.(close_time|evidence)/,
  /^landed, by a stranger: .*feeCharged/,
  // no landing of ours carries it, and its signature may be another signer's
  /^landed, by a stranger: authorization\.signed_entry$/,
  /_sha256$/,
];
/** Each member in so many histories. */
const TIMES_CHANGED = 2;
const isOnTrust = (name: string): boolean => ON_TRUST.some((shape) => shape.test(name));

type Path = readonly (string | number)[];
interface Leaf {
  readonly path: Path;
  readonly value: Json;
}
function leavesOf(value: Json | Parts, path: Path = []): Leaf[] {
  if (typeof value !== 'object' || value === null) return [{ path, value }];
  return Object.entries(value).flatMap(([name, each]: [string, Json]) =>
    leavesOf(each, [...path, Array.isArray(value) ? Number(name) : name]),
  );
}
function withLeaf(value: Json | Parts, [name, ...rest]: Path, leaf: Json): Json {
  if (name === undefined) return leaf;
  if (Array.isArray(value))
    return value.map((each: Json, at) => (at === name ? withLeaf(each, rest, leaf) : each));
  const members = value as Readonly<Record<string, Json>>;
  return { ...members, [name]: withLeaf(members[name] ?? null, rest, leaf) };
}
/** Another value of the same kind. */
function otherThan(value: Json, dice: Dice): Json {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (typeof value !== 'string' || value === '') return 'x';
  const at = dice.below(value.length);
  const letter = value[at] ?? '';
  const other = /\d/.test(letter) ? String((Number(letter) + 1) % 10) : letter === 'a' ? 'b' : 'a';
  return value.slice(0, at) + other + value.slice(at + 1);
}
const named = (path: Path): string => path.filter((each) => typeof each === 'string').join('.');

test(`a fact that is changed with all hashes contradicts another one, seed ${SEED}`, () => {
  const dice = new Dice(SEED);
  const unnoticed: string[] = [];
  const changes = new Map<string, number>();
  for (const [name, given] of parts) {
    const leaves = leavesOf(given).filter(({ value }) => value !== null);
    for (const member of new Set(leaves.map(({ path: at }) => named(at)))) {
      const all = leaves.filter(({ path: at }) => named(at) === member);
      const times = changes.get(member) ?? 0;
      const leaf = isOnTrust(`${name}: ${member}`) ? undefined : dice.one(all);
      if (!leaf || times === TIMES_CHANGED) continue;
      changes.set(member, times + 1);
      const changed = withLeaf(given, leaf.path, otherThan(leaf.value, dice));
      if (faultsOf(render(bundleOf(changed as unknown as Parts))).length === 0)
        unnoticed.push(`${name}: ${leaf.path.join('.')}`);
    }
  }
  expect(unnoticed).toEqual([]);
  expect(changes.size).toBeGreaterThan(120);
});

test.each(['landed, by authorization', 'expired by time'])(
  'a row more or less, or two in the other order, is noticed: %s',
  (name) => {
    const given = partsOf(name);
    for (const part of ['transactions', 'landings', 'journal'] as const) {
      const rows = given[part] as readonly Json[];
      if (rows.length === 0) continue;
      const order = rows.length > 1 ? [rows.toReversed()] : [];
      for (const changed of [
        rows.slice(1),
        rows.slice(0, -1),
        [...rows, ...rows.slice(-1)],
        ...order,
      ])
        expect(faultsOf(render(bundleOf({ ...given, [part]: changed })))).not.toEqual([]);
    }
  },
);

const MAIN = fileOf('cli');
const holdfast = (args: readonly string[], env: Record<string, string>) =>
  new Promise<{ readonly code: number; readonly out: string; readonly err: string }>((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { env, cwd: folder }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err });
    });
  });

test('the command writes it by the id of the loan, and checks it without a database', async () => {
  const file = path.join(folder, 'proof.json');
  const { id } = partsOf('landed').loan as { id: string };
  const written = await holdfast(['proof', id, '--out', file], {
    DATABASE_URL: histories.on.stage.databaseUrl,
  });
  expect(written).toMatchObject({ code: 0, err: '' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const digest = /Digest ([0-9a-f]{64})/.exec(written.out)?.[1] ?? '';
  const checked = await holdfast(['proof', '--verify', file, '--digest', digest], {});
  expect(checked).toMatchObject({ code: 0, err: '' });
  expect(checked.out).toBe(written.out);
  expect(checked.out).toMatch(/^ok +file: every byte is as it was written\n/);

  const told = await checkedHere(file, 'f'.repeat(64));
  expect(told).toMatchObject({ code: 1, err: [`The digest is ${digest}, not ${'f'.repeat(64)}.`] });
  writeFileSync(file, textOf('landed').replace('"state": "settled"', '"state": "expired"'));
  const changed = await checkedHere(file, digest);
  expect(changed.code).toBe(1);
  expect(changed.out[0]).toMatch(/^FAULT +file: reservation is not what was hashed/);
});

async function checkedHere(file: string, digest: string) {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = {
    say: (line: string) => out.push(line),
    complain: (line: string) => err.push(line),
    write: () => Promise.resolve(),
    now: () => new Date(),
  };
  const args = ['--verify', file, '--digest', digest];
  return { code: await run(proofCommand(terminal), args, terminal), out, err };
}
