import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { scValToNative } from '@stellar/stellar-sdk';
import { declaredResources, nonRefundableFee } from '../../sandbox/network/resource-fees.js';
import { LendingNetwork, outcome, sorobanData } from '../support/lending-network.js';

let lending: LendingNetwork;
beforeEach(async () => {
  lending = await LendingNetwork.start({}, { borrowers: 3 });
});
afterEach(async () => {
  await lending.stop();
});

const ids = (from: bigint, count: number): bigint[] =>
  Array.from({ length: count }, (_, index) => from + BigInt(index));
const errorOf = async (
  transaction: Parameters<LendingNetwork['send']>[0],
): Promise<string | undefined> => (await lending.send(transaction)).errorResult?.result.type;

describe('the declared footprint', () => {
  it(
    'traps the second of two loans simulated at one counter value, and reports that ' +
      'storage was exceeded',
    async () => {
      const loans = await Promise.all([0, 1].map((index) => lending.loan(lending.borrower(index))));
      for (const loan of loans) await lending.send(loan);
      await lending.network.closeLedgers();
      const replies = await Promise.all(loans.map((loan) => lending.landed(loan)));
      expect(replies.map(outcome)).toEqual([
        'txSuccess/invokeHostFunctionSuccess',
        'txFailed/invokeHostFunctionTrapped',
      ]);
      const second = replies[1];
      const bodies =
        second && 'diagnosticEventsXdr' in second
          ? second.diagnosticEventsXdr?.map(({ event }) => event.body.value)
          : undefined;
      const events = bodies?.map(({ topics, data }) =>
        [...topics, data].map((value) => scValToNative(value) as unknown),
      );
      const exceeded = expect.objectContaining({ value: 'scecExceededLimit' }) as unknown;
      expect(events?.find(([topic]) => topic === 'error')?.[2]).toEqual(
        expect.arrayContaining([lending.pool.creditline]),
      );
      expect(
        events
          ?.slice(-3)
          .map(([topic, code, data]) => [
            topic,
            code,
            Array.isArray(data) ? (data[0] as unknown) : data,
          ]),
      ).toEqual([
        ['error', exceeded, 'trying to access contract data key outside of the footprint'],
        [
          'error',
          exceeded,
          expect.stringMatching(/^escalating error to VM trap from failed host function call: /),
        ],
        ['log', ['VM call trapped with HostError', 'create_loan', exceeded], undefined],
      ]);
      expect(lending.network.control.figures(lending.pool.pool)).toMatchObject({
        loanCounter: '1',
        locked: '8000000000',
      });
    },
  );

  it('lets both land when the next loan ids are declared too; keys that stay unused are harmless', async () => {
    const loans = await Promise.all(
      [0, 1].map((index) =>
        lending.redeclared(lending.borrower(index), (data) => {
          data.appendFootprint(
            [],
            ids(2n, 4).map((id) => lending.loanKey(id)),
          );
        }),
      ),
    );
    for (const loan of loans) expect((await lending.send(loan)).status).toBe('PENDING');
    await lending.network.closeLedgers();
    const replies = await Promise.all(loans.map((loan) => lending.landed(loan)));
    expect(
      replies.map((reply) =>
        'returnValue' in reply && reply.returnValue
          ? (scValToNative(reply.returnValue) as unknown)
          : null,
      ),
    ).toEqual([1n, 2n]);
  });

  it('traps outside the declared window', async () => {
    const late = await lending.redeclared(lending.borrower(0), (data) => {
      data.appendFootprint([], [lending.loanKey(2n)]);
    });
    lending.network.control.foreignLoan({
      pool: lending.pool.pool,
      total: 10_000_000_000n,
      guarantee: 2_000_000_000n,
    });
    lending.network.control.foreignLoan({
      pool: lending.pool.pool,
      total: 10_000_000_000n,
      guarantee: 2_000_000_000n,
    });
    await lending.send(late);
    await lending.network.closeLedgers();
    expect(outcome(await lending.landed(late))).toBe('txFailed/invokeHostFunctionTrapped');
  });

  it('traps a write to a key that was declared read-only', async () => {
    const demoted = await lending.redeclared(
      lending.borrower(0),
      (data, { readOnly, readWrite }) => {
        data.setFootprint([...readOnly, ...readWrite.slice(0, 1)], readWrite.slice(1));
      },
    );
    await lending.send(demoted);
    await lending.network.closeLedgers();
    expect(outcome(await lending.landed(demoted))).toBe('txFailed/invokeHostFunctionTrapped');
  });
});

describe('what a transaction may declare', () => {
  it('costs at least the fee of what is declared, to the stroop', async () => {
    const withExtraReads = (resourceFee?: bigint): Promise<Parameters<LendingNetwork['send']>[0]> =>
      lending.redeclared(
        lending.borrower(0),
        (data) => {
          data.appendFootprint(
            [],
            ids(2n, 4).map((id) => lending.loanKey(id)),
          );
        },
        resourceFee === undefined ? {} : { resourceFee },
      );
    const sample = await withExtraReads();
    const least = nonRefundableFee(
      declaredResources(sorobanData(sample), Buffer.byteLength(sample.toXdr(), 'base64')),
    );
    expect(await errorOf(await withExtraReads(least - 1n))).toBe('txSorobanInvalid');
    expect((await lending.send(await withExtraReads(least))).status).toBe('PENDING');
  });

  it('may have 200 written entries, but not 201, nor a key declared twice', async () => {
    const upTo = (writes: number): Promise<Parameters<LendingNetwork['send']>[0]> =>
      lending.redeclared(lending.borrower(0), (data, { readWrite }) => {
        data.appendFootprint(
          [],
          ids(2n, writes - readWrite.length).map((id) => lending.loanKey(id)),
        );
      });
    expect(await errorOf(await upTo(201))).toBe('txSorobanInvalid');
    const twice = await lending.redeclared(lending.borrower(0), (data, { readOnly, readWrite }) => {
      data.setFootprint([...readOnly, ...readWrite.slice(0, 1)], readWrite);
    });
    expect(await errorOf(twice)).toBe('txSorobanInvalid');
    expect((await lending.send(await upTo(200))).status).toBe('PENDING');
  });
});
