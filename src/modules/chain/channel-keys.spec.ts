import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Keypair } from '@stellar/stellar-sdk';
import { readConfig, type Config } from '../../common/config.js';
import { chainFrom } from './chain.module.js';
import { channelKeys } from './channel-keys.js';

const [first, second] = [1, 2].map((byte) =>
  Keypair.fromRawEd25519Seed(Buffer.alloc(32, byte)),
) as [Keypair, Keypair];
const accounts = [first.publicKey(), second.publicKey()];
const config = (changes: Readonly<Record<string, string>>): Config =>
  readConfig({
    NODE_ENV: 'test',
    STELLAR_RPC_URL: 'http://127.0.0.1:9',
    STELLAR_NETWORK_PASSPHRASE: 'none',
    ...changes,
  });

test.each([
  ['commas', ','],
  ['lines', '\r\n'],
  ['commas and blanks', ' , '],
])('secrets are separated by %s', (_, separator) => {
  const keys = channelKeys(`${first.secret()}${separator}${second.secret()}${separator}`);
  expect([...keys.keys()]).toEqual(accounts);
  const message = Buffer.from('to be signed');
  expect(keys.get(accounts[1] ?? '')?.sign(message)).toEqual(Buffer.from(second.sign(message)));
});

test('a secret that is none is not repeated', () => {
  expect(channelKeys('').size).toBe(0);
  const message = thrownBy(() => channelKeys(`${first.secret()},${second.secret().slice(0, -1)}`));
  expect(message).toMatch(/^Error: secret 2 of the channels is no seed/);
  expect(message).not.toContain(second.secret().slice(1, 20));
});

test('they come from the environment, or else from a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'channels-'));
  try {
    const file = join(folder, 'secrets');
    await writeFile(file, `${first.secret()}\n${second.secret()}\n`);
    expect(chainFrom(config({ CHANNEL_SECRETS_FILE: file })).channelAccounts).toEqual(accounts);
    const both = { CHANNEL_SECRETS_FILE: file, CHANNEL_SECRETS: second.secret() };
    expect(chainFrom(config(both)).channelAccounts).toEqual([accounts[1]]);
    expect(chainFrom(config({})).channelAccounts).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

function thrownBy(act: () => unknown): string {
  try {
    act();
  } catch (thrown) {
    return String(thrown);
  }
  throw new Error('nothing was thrown');
}
