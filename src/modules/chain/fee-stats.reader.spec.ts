import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Keypair, TransactionBuilder } from '@stellar/stellar-sdk';
import { fundingRequest, PASSPHRASE, ScriptedChain } from '../../../test/support/scripted-chain.js';
import type { SequenceBurnRequest } from './chain.js';
import { type BidRule, FEE_PERCENTILES, inclusionFeeOf } from './inclusion-fee.js';
import { SorobanChain } from './soroban-chain.js';

const FLOOR = 1_000;
const RULE = { feePercentile: 'p90', maxInclusionFee: 100_000 };
let node: ScriptedChain;
let url: string;
beforeEach(async () => {
  node = new ScriptedChain();
  url = await node.rpc.start();
});
afterEach(() => node.rpc.stop());

const chain = (): SorobanChain =>
  new SorobanChain({
    rpcUrl: url,
    networkPassphrase: PASSPHRASE,
    timeoutMs: 2_000,
    inclusionFee: FLOOR,
  });

const burnBy = (bids: BidRule): SequenceBurnRequest => ({
  account: Keypair.random().publicKey(),
  sequence: 8n,
  maxTime: 1_800_000_000n,
  bids,
});
const level = (fee: string): object => ({
  max: fee,
  min: fee,
  mode: fee,
  ...Object.fromEntries(FEE_PERCENTILES.map((name) => [name, fee])),
  transactionCount: '12',
  ledgerCount: 50,
});
/** As stellar-rpc sends it: every figure of the rates is text. */
function statsOf(rates: Readonly<Record<string, unknown>>, latestLedger: unknown = 77): object {
  return {
    sorobanInclusionFee: { ...level('100'), ...rates },
    inclusionFee: level('123456789'),
    latestLedger,
  };
}
const answers = (reply: unknown): void => {
  node.rpc.answers['getFeeStats'] = () => reply;
};
const surge = { p80: '200', p90: '4321', p95: '9999', p99: '70000000' };
const AT_FLOOR = { bid: BigInt(FLOOR), going: null };

describe('the bid', () => {
  test('follows the percentile of the pool, with the ledger of the reply', async () => {
    answers(statsOf(surge));
    expect(await chain().inclusionFee(RULE)).toEqual({
      bid: 4_321n,
      going: { rate: 4_321n, ledger: 77 },
    });
    expect(await chain().inclusionFee({ ...RULE, feePercentile: 'p95' })).toEqual({
      bid: 9_999n,
      going: { rate: 9_999n, ledger: 77 },
    });
  });

  test('costs the cap at most, whatever a reply says, and says what the rate is', async () => {
    answers(statsOf(surge));
    expect(await chain().inclusionFee({ ...RULE, feePercentile: 'p99' })).toEqual({
      bid: 100_000n,
      going: { rate: 70_000_000n, ledger: 77 },
    });
  });

  test('is never below the floor: not by a low rate, and not by a cap', async () => {
    answers(statsOf({}));
    expect(await chain().inclusionFee(RULE)).toEqual({
      bid: 1_000n,
      going: { rate: 100n, ledger: 77 },
    });
    expect(inclusionFeeOf(FLOOR, { maxInclusionFee: 500 }, { rate: 800n, ledger: 1 }).bid).toBe(
      1_000n,
    );
  });

  test('of a transaction without contracts follows what those pay, and may lack that alone', async () => {
    answers(statsOf(surge));
    const one = chain();
    expect(await one.inclusionFee({ ...RULE, maxInclusionFee: 200_000_000 }, 'classic')).toEqual({
      bid: 123_456_789n,
      going: { rate: 123_456_789n, ledger: 77 },
    });
    expect(await one.buildSequenceBurn(burnBy(RULE))).toMatchObject({ fee: 100_000n });
    for (const inclusionFee of [undefined, {}, { ...level('100'), p95: '99' }]) {
      answers({ ...statsOf(surge), inclusionFee });
      const other = chain();
      expect(await other.inclusionFee(RULE, 'classic')).toEqual(AT_FLOOR);
      expect(await other.inclusionFee(RULE)).toMatchObject({ bid: 4_321n });
      const { fee, xdr } = await other.buildSequenceBurn(burnBy(RULE));
      expect([fee, TransactionBuilder.fromXdr(xdr, PASSPHRASE).fee]).toEqual([1_000n, '1000']);
    }
  });

  test('is the whole inclusion fee of the transaction that is built', async () => {
    answers(statsOf(surge));
    node.rpc.answers['simulateTransaction'] = () => node.simulated({ minResourceFee: '500000' });
    const fees = async (bids?: typeof RULE): Promise<[bigint, bigint]> => {
      const result = await chain().buildFunding(fundingRequest(bids && { bids }));
      if (result.kind !== 'built') throw new Error(`not built: ${result.kind}`);
      const { funding } = result;
      expect(BigInt(TransactionBuilder.fromXdr(funding.xdr, PASSPHRASE).fee)).toBe(funding.fee);
      return [funding.inclusionFee.bid, funding.fee];
    };
    const [floor, least] = await fees();
    expect(floor).toBe(1_000n);
    const [bid, fee] = await fees(RULE);
    expect(bid).toBe(4_321n);
    expect(fee - bid).toBe(least - floor);
  });
});

describe('without a rate the floor is bid', () => {
  test.each<[string, unknown]>([
    ['a rate that is a number', statsOf({ p90: 4321 })],
    ['a rate that is negative', statsOf({ p90: '-1' })],
    ['a rate that is missing', statsOf({ p90: undefined })],
    ['a rate with a fraction', statsOf({ p90: '1.5' })],
    ['a percentile below the one before', statsOf({ p80: '9000', p90: '8999' })],
    ['no ledger', statsOf({}, null)],
    ['no fees of contracts', { inclusionFee: {}, latestLedger: 77 }],
  ])('after a reply with %s', async (_, reply) => {
    answers(reply);
    expect(await chain().inclusionFee(RULE)).toEqual(AT_FLOOR);
  });

  test('when the node has no such method, and when it hangs', async () => {
    node.rpc.errors['getFeeStats'] = { code: -32601, message: 'method not found' };
    expect(await chain().inclusionFee(RULE)).toEqual(AT_FLOOR);
    delete node.rpc.errors['getFeeStats'];
    node.rpc.wire['getFeeStats'] = 'hang';
    expect(await chain().inclusionFee(RULE)).toEqual(AT_FLOOR);
  });
});

test('is asked of the node once for all who ask together, and remembered', async () => {
  answers(statsOf(surge));
  const one = chain();
  await Promise.all([one.inclusionFee(RULE), one.inclusionFee(RULE)]);
  await one.inclusionFee({ ...RULE, feePercentile: 'p10' });
  expect(node.rpc.countOf('getFeeStats')).toBe(1);
});

test('a percentile that no pool can have is a programming fault', async () => {
  await expect(chain().inclusionFee({ ...RULE, feePercentile: 'p42' })).rejects.toThrow(
    'unknown percentile of inclusion fees: p42',
  );
});
