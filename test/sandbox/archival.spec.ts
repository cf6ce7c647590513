import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Operation, SorobanDataBuilder, TransactionBuilder, xdr } from '@stellar/stellar-sdk';
import {
  charge,
  lastWords,
  LendingNetwork,
  outcome,
  sorobanData,
} from '../support/lending-network.js';

const LANDED = 'txSuccess/invokeHostFunctionSuccess';

let lending: LendingNetwork;
beforeEach(async () => {
  lending = await LendingNetwork.start({}, { borrowers: 6 });
});
afterEach(async () => {
  await lending.stop();
});

type Change = Parameters<LendingNetwork['redeclared']>[1];

describe('an archived entry', () => {
  const life = async (): Promise<number | undefined> =>
    (await lending.server.getLedgerEntries(lending.instance(lending.pool.pool))).entries[0]
      ?.liveUntilLedgerSeq;
  const lapse = (): void => {
    lending.network.control.archive({ pool: lending.pool.pool, contracts: ['pool'], loans: [] });
  };

  it('makes transactions signed before it fail, and is reported with a lifetime of 0', async () => {
    const loan = await lending.loan(lending.borrower(0));
    lapse();
    expect(await life()).toBe(0);
    const [reply] = await lending.land([loan]);
    if (!reply) throw new Error('one was sent');
    expect(outcome(reply)).toBe('txFailed/invokeHostFunctionEntryArchived');
    expect(lastWords(reply)).toEqual([
      'trying to access an archived contract data entry',
      lending.pool.pool,
      undefined,
    ]);
    expect(charge(reply)).toMatchObject({ refundable: 0n });
  });

  it('is restored by a call that lists it, for a fee; a second one that lists it lands too', async () => {
    const { diskReadBytes } = sorobanData(await lending.loan(lending.borrower(0))).resources;
    lapse();
    const loans = await Promise.all(
      [0, 1].map((index) =>
        lending.redeclared(lending.borrower(index), (data) => {
          data.appendFootprint([], [lending.loanKey(2n)]);
        }),
      ),
    );
    const [first] = loans;
    const data = first && sorobanData(first);
    if (!data || data.ext.type !== 'resourceExt') throw new Error('no restore list');
    const listed = data.ext.value.archivedSorobanEntries.map((index) =>
      data.resources.footprint.readWrite[index]?.toXdr('base64'),
    );
    expect(listed).toEqual([lending.instance(lending.pool.pool).toXdr('base64')]);
    expect(data.resources.diskReadBytes).toBeGreaterThan(diskReadBytes + 300);
    expect((await lending.land(loans)).map(outcome)).toEqual([LANDED, LANDED]);
    expect(await life()).toBeGreaterThan(lending.network.control.head().ledger);
  });

  it('is restored by the operation for it, and only that entry', async () => {
    lapse();
    const operator = lending.borrower(5);
    const footprint = new SorobanDataBuilder()
      .setReadWrite([
        lending.instance(lending.pool.pool),
        lending.instance(lending.pool.creditline),
      ])
      .build();
    const draft = new TransactionBuilder(await lending.server.getAccount(operator.publicKey()), {
      fee: '1000',
      networkPassphrase: lending.network.passphrase,
      sorobanData: footprint,
      timebounds: { minTime: 0, maxTime: 0 },
    })
      .addOperation(Operation.restoreFootprint({}))
      .build();
    const prepared = lending.signed(await lending.server.prepareTransaction(draft), operator);
    expect(sorobanData(prepared).resources.footprint.readWrite).toHaveLength(1);
    const [reply] = await lending.land([prepared]);
    if (!reply) throw new Error('one was sent');
    expect(outcome(reply)).toBe('txSuccess/restoreFootprintSuccess');
    expect(charge(reply).rent).toBeGreaterThan(0n);
    expect(await life()).toBe(lending.network.control.head().ledger + 120_960 - 1);
    expect((await lending.land([await lending.loan(lending.borrower(0))])).map(outcome)).toEqual([
      LANDED,
    ]);
  });

  it('refuses a restore list that names no contract entry', async () => {
    const change: Change = (data) => {
      data.setFootprint(data.getReadOnly(), data.getReadWrite());
    };
    const loan = await lending.redeclared(lending.borrower(0), change);
    const plain = sorobanData(loan);
    const listed = new xdr.SorobanTransactionData({
      resources: plain.resources,
      resourceFee: plain.resourceFee,
      ext: xdr.SorobanTransactionDataExt.resourceExt(
        new xdr.SorobanResourcesExtV0({ archivedSorobanEntries: [0] }),
      ),
    });
    expect(plain.resources.footprint.readWrite[0]?.type).toBe('trustline');
    expect(await lending.errorOf(await lending.withData(lending.borrower(0), listed))).toBe(
      'txSorobanInvalid',
    );
  });
});
