import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { xdr } from '@stellar/stellar-sdk';
import { nonceEntry } from '../../../test/support/scripted-authorizations.js';
import {
  borrower,
  chainOn,
  POOL,
  ScriptedChain,
  stranger,
} from '../../../test/support/scripted-chain.js';
import { accountKey, nonceKey } from './ledger-entries.js';
import type { SorobanChain } from './soroban-chain.js';

const ADDRESS = borrower.publicKey();
const NONCE = -77n;
const KEY = nonceKey(ADDRESS, NONCE).toXdr('base64');

let node: ScriptedChain;
let chain: SorobanChain;
beforeEach(async () => {
  node = new ScriptedChain();
  chain = chainOn(await node.rpc.start());
});
afterEach(() => node.rpc.stop());

/** The reply carries this under the nonce's key. */
function replies(entry: Record<string, unknown> | null): void {
  node.rpc.answers['getLedgerEntries'] = () => ({
    latestLedger: 1_000,
    entries: entry ? [{ key: KEY, xdr: nonceEntry(ADDRESS, NONCE), ...entry }] : [],
  });
}
const sighting = async (): Promise<unknown> =>
  (await chain.nonces([{ address: ADDRESS, nonce: NONCE }]))[0];

test('an entry shows where the nonce was spent and how long that can be seen', async () => {
  replies({ lastModifiedLedgerSeq: 990, liveUntilLedgerSeq: 1_709 });
  expect(await sighting()).toEqual({
    address: ADDRESS,
    nonce: NONCE,
    ledger: 1_000,
    spent: { ledger: 990, liveUntil: 1_709 },
  });
  replies({ liveUntilLedgerSeq: 1_000 });
  expect(await sighting()).toMatchObject({ spent: { ledger: null, liveUntil: 1_000 } });
});

test('without an entry nothing was seen at that ledger', async () => {
  replies(null);
  expect(await sighting()).toMatchObject({ ledger: 1_000, spent: null });
});

test.each<[string, Record<string, unknown>]>([
  ['has no lifetime', {}],
  ['is over', { liveUntilLedgerSeq: 999 }],
  ['is of another account', { xdr: nonceEntry(POOL, NONCE), liveUntilLedgerSeq: 1_709 }],
  ['is of another nonce', { xdr: nonceEntry(ADDRESS, 1n), liveUntilLedgerSeq: 1_709 }],
  [
    'is persistent',
    {
      xdr: nonceEntry(ADDRESS, NONCE, xdr.ContractDataDurability.persistent),
      liveUntilLedgerSeq: 1_709,
    },
  ],
])('an entry that %s proves nothing', async (_, entry) => {
  replies(entry);
  expect(await sighting()).toBeUndefined();
  // and the others of its reply are known all the same
  const seen = await chain.nonces([
    { address: ADDRESS, nonce: NONCE },
    { address: ADDRESS, nonce: NONCE + 1n },
  ]);
  expect(seen).toMatchObject([{ nonce: NONCE + 1n, spent: null }]);
});

test('many nonces take a reply for each two hundred, in the order of the list', async () => {
  const list = Array.from({ length: 401 }, (__, at) => ({ address: ADDRESS, nonce: BigInt(at) }));
  const seen = await chain.nonces(list);
  expect(seen.map(({ nonce }) => nonce)).toEqual(list.map(({ nonce }) => nonce));
  const asked = node.rpc.asked.filter(({ method }) => method === 'getLedgerEntries');
  expect(asked.map(({ params }) => (params['keys'] as string[]).length)).toEqual([200, 200, 1]);
  expect(await chain.nonces([])).toEqual([]);
});

test('channels are read with sequence and balance', async () => {
  const channels = await chain.channels([ADDRESS, stranger.publicKey(), ADDRESS]);
  expect([...channels.values()]).toEqual([
    { account: ADDRESS, ledger: 1_000, sequence: 4_294_967_296n, balance: 10_000_000_000n },
    { account: stranger.publicKey(), ledger: 1_000, sequence: null, balance: null },
  ]);
  node.drop(accountKey(ADDRESS));
  expect((await chain.channels([ADDRESS])).get(ADDRESS)).toMatchObject({ sequence: null });
});

test('the least lifetime of a temporary entry is read each time and never assumed', async () => {
  await expect(chain.minTemporaryTtl()).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' });
  const archival = (minTemporaryTtl: number): void => {
    node.put(
      xdr.LedgerKey.configSetting(
        new xdr.LedgerKeyConfigSetting({
          configSettingId: xdr.ConfigSettingId.configSettingStateArchival,
        }),
      ),
      xdr.LedgerEntryData.configSetting(
        xdr.ConfigSettingEntry.configSettingStateArchival(
          new xdr.StateArchivalSettings({
            maxEntryTtl: 3_110_400,
            minTemporaryTtl,
            minPersistentTtl: 120_960,
            persistentRentRateDenominator: 1n,
            tempRentRateDenominator: 1n,
            maxEntriesToArchive: 1,
            liveSorobanStateSizeWindowSampleSize: 1,
            liveSorobanStateSizeWindowSamplePeriod: 1,
            evictionScanSize: 1,
            startingEvictionScanLevel: 1,
          }),
        ),
      ),
    );
  };
  archival(720);
  expect(await chain.minTemporaryTtl()).toBe(720);
  archival(16);
  expect(await chain.minTemporaryTtl()).toBe(16);
});
