import { describe, expect, it } from '@jest/globals';
import { xdr } from '@stellar/stellar-sdk';
import { recorded, type RecordedStep } from '../../test/support/recorded.js';
import { lifetimeAfterWrite } from './entry-lifetime.js';
import { MIN_PERSISTENT_LIFETIME } from './ledger-settings.js';
import { compareKeys } from './ledger-key-order.js';
import { keyed } from './ledger-entries.js';
import { storedEntry, type StoredEntry } from './ledger-state.js';
import { declaredResources, eventsFee, nonRefundableFee, rentFee } from './resource-fees.js';
import { declaredSize, withMargin } from './simulated-fee.js';

/**
 * Rent of a loan that grew depends on its creation, which the one-step model does not know.
 * Proposals have another lifetime and are not modelled.
 */
const TOLERANCE = 0.001;
const LEFT_OUT = [
  'mark_defaulted',
  'cancel_loan',
  'repay_installment',
  'approve_loan',
  'propose',
  'approve',
];

interface Landed {
  readonly name: string;
  readonly data: xdr.SorobanTransactionData;
  readonly body: xdr.InvokeHostFunctionOp;
  readonly changes: readonly xdr.LedgerEntryChange[];
  readonly eventBytes: number;
  readonly fee: number;
  readonly ledger: number;
}

/** Landed as simulated, in the ledger after the simulation. */
function landed(step: RecordedStep): Landed[] {
  const { transaction, simulation, ledger } = step;
  if (
    transaction?.status !== 'SUCCESS' ||
    step.altered ||
    step.network !== undefined ||
    ledger === undefined
  )
    return [];
  if (
    transaction.envelopeXdr === undefined ||
    transaction.resultMetaXdr === undefined ||
    simulation?.transactionData === undefined
  )
    return [];
  if (step.simulatedAtLedger !== undefined && step.simulatedAtLedger !== ledger - 1) return [];
  const envelope = xdr.TransactionEnvelope.fromXdr(transaction.envelopeXdr, 'base64');
  const meta = xdr.TransactionMeta.fromXdr(transaction.resultMetaXdr, 'base64');
  const body =
    envelope.type === 'envelopeTypeTx' ? envelope.value.tx.operations[0]?.body : undefined;
  if (body?.type !== 'invokeHostFunction' || meta.type !== 'v4') return [];
  const [operation] = meta.value.operations;
  const eventBytes = (operation?.events ?? []).reduce(
    (sum, event) => sum + event.toXdr().length,
    meta.value.sorobanMeta?.returnValue?.toXdr().length ?? 0,
  );
  const data = xdr.SorobanTransactionData.fromXdr(simulation.transactionData, 'base64');
  return [
    {
      name: step.name,
      data,
      body: body.value,
      changes: operation?.changes ?? [],
      eventBytes,
      fee: Number(simulation.minResourceFee),
      ledger: ledger - 1,
    },
  ];
}

function keyOf({ data }: xdr.LedgerEntry): string {
  if (data.type === 'account')
    return keyed(
      xdr.LedgerKey.account(new xdr.LedgerKeyAccount({ accountId: data.value.accountId })),
    ).id;
  if (data.type !== 'contractData') return data.type;
  const { contract, key, durability } = data.value;
  return keyed(
    xdr.LedgerKey.contractData(new xdr.LedgerKeyContractData({ contract, key, durability })),
  ).id;
}

function predicted({ data, body, changes, eventBytes, ledger }: Landed): number {
  const [before, after] = [new Map<string, StoredEntry>(), new Map<string, StoredEntry>()];
  for (const change of changes) {
    if (change.type === 'ledgerEntryState')
      before.set(
        keyOf(change.value),
        storedEntry(
          change.value.data,
          ledger - 1,
          lifetimeAfterWrite(change.value.data, undefined, ledger - 1, MIN_PERSISTENT_LIFETIME),
        ),
      );
    if (change.type !== 'ledgerEntryCreated' && change.type !== 'ledgerEntryUpdated') continue;
    const id = keyOf(change.value);
    after.set(
      id,
      storedEntry(
        change.value.data,
        ledger,
        lifetimeAfterWrite(change.value.data, before.get(id), ledger, MIN_PERSISTENT_LIFETIME),
      ),
    );
  }
  const { readOnly, readWrite } = data.resources.footprint;
  const rent = rentFee([...readOnly, ...readWrite], { before, after, ledger });
  return Number(
    nonRefundableFee(declaredResources(data, declaredSize(body, data))) +
      withMargin(rent + eventsFee(eventBytes)),
  );
}

describe.each(['g1', 'g2'] as const)('the fee of a simulation, %s', (generation) => {
  const { steps } = recorded(generation);

  it('is the recorded one', () => {
    const compared = steps
      .filter((step) => !LEFT_OUT.includes(step.function ?? ''))
      .flatMap(landed)
      .map((each) => ({ name: each.name, fee: each.fee, predicted: predicted(each) }));
    expect(compared.length).toBeGreaterThan(40);
    expect(
      compared.filter(({ fee, predicted: ours }) => Math.abs(ours / fee - 1) > TOLERANCE),
    ).toEqual([]);
    expect(
      compared.filter(({ fee, predicted: ours }) => Math.abs(ours - fee) <= 2).length,
    ).toBeGreaterThan(compared.length * 0.8);
  });

  it('is for a footprint in the order of the host', () => {
    const footprints = steps.flatMap(({ simulation }) =>
      simulation?.transactionData === undefined
        ? []
        : [
            xdr.SorobanTransactionData.fromXdr(simulation.transactionData, 'base64').resources
              .footprint,
          ],
    );
    expect(footprints.length).toBeGreaterThan(100);
    for (const { readOnly, readWrite } of footprints) {
      for (const keys of [readOnly, readWrite])
        expect(keys.toReversed().toSorted(compareKeys)).toEqual(keys);
    }
  });
});
