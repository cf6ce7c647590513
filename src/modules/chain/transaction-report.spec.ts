import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { StrKey, xdr } from '@stellar/stellar-sdk';
import {
  address,
  borrower,
  chainOn,
  CREDITLINE,
  i128,
  POOL,
  ScriptedChain,
  symbol,
  u64,
  VENDOR,
} from '../../../test/support/scripted-chain.js';
import type { SorobanChain } from './soroban-chain.js';

const HASH = 'ab'.repeat(32);
const RANGE = {
  latestLedger: 1_003,
  latestLedgerCloseTime: '1790000010',
  oldestLedger: 12,
  oldestLedgerCloseTime: '1789990000',
  txHash: HASH,
};
const FOUND = {
  ...RANGE,
  ledger: 1_001,
  createdAt: '1790000005',
  applicationOrder: 1,
  feeBump: false,
  envelopeXdr: 'AAAA',
};

let node: ScriptedChain;
let chain: SorobanChain;
beforeEach(async () => {
  node = new ScriptedChain();
  chain = chainOn(await node.rpc.start());
});
afterEach(() => node.rpc.stop());
const answer = (reply: unknown): void => {
  node.rpc.answers['getTransaction'] = () => reply;
};

type Result = xdr.TransactionResultResult;
const call = (result: xdr.InvokeHostFunctionResult): xdr.OperationResult =>
  xdr.OperationResult.opInner(xdr.OperationResultTr.invokeHostFunction(result));
const SUCCEEDED = call(xdr.InvokeHostFunctionResult.invokeHostFunctionSuccess(new Uint8Array(32)));
const TRAPPED = call(xdr.InvokeHostFunctionResult.invokeHostFunctionTrapped());
const encoded = (result: Result): string =>
  new xdr.TransactionResult({ feeCharged: 100n, result, ext: xdr.TransactionResultExt.v0() }).toXdr(
    'base64',
  );
const inner = (result: xdr.InnerTransactionResultResult): xdr.InnerTransactionResultPair =>
  new xdr.InnerTransactionResultPair({
    transactionHash: new Uint8Array(32),
    result: new xdr.InnerTransactionResult({
      feeCharged: 100n,
      result,
      ext: xdr.InnerTransactionResultExt.v0(),
    }),
  });

const event = (
  contract: string,
  topics: xdr.ScVal[],
  data: xdr.ScVal,
  type = xdr.ContractEventType.contract,
): xdr.ContractEvent =>
  new xdr.ContractEvent({
    ext: xdr.ExtensionPoint.v0(),
    contractId: new xdr.ContractId(StrKey.decodeContract(contract)),
    type,
    body: xdr.ContractEventBody.v0(new xdr.ContractEventV0({ topics, data })),
  });
const LOANCRTD = event(
  CREDITLINE,
  [symbol('LOANCRTD'), address(borrower.publicKey()), address(VENDOR)],
  xdr.ScVal.scvVec([u64(41n), i128(1_000n), i128(200n), xdr.ScVal.scvVec([])]),
);
const LQFUND = event(POOL, [symbol('LQFUND'), address(CREDITLINE)], i128(800n));
const diagnostic = (error: xdr.ScError): string =>
  new xdr.DiagnosticEvent({
    inSuccessfulContractCall: false,
    event: event(
      CREDITLINE,
      [symbol('error'), xdr.ScVal.scvError(error)],
      xdr.ScVal.scvVoid(),
      xdr.ContractEventType.diagnostic,
    ),
  }).toXdr('base64');
const meta = (events: xdr.ContractEvent[], diagnostics: xdr.DiagnosticEvent[] = []): string =>
  xdr.TransactionMeta.v4(
    new xdr.TransactionMetaV4({
      ext: xdr.ExtensionPoint.v0(),
      txChangesBefore: [],
      operations: [new xdr.OperationMetaV2({ ext: xdr.ExtensionPoint.v0(), changes: [], events })],
      txChangesAfter: [],
      sorobanMeta: null,
      events: [],
      diagnosticEvents: diagnostics,
    }),
  ).toXdr('base64');

const DECODED = [
  {
    contract: CREDITLINE,
    name: 'LOANCRTD',
    topics: ['LOANCRTD', borrower.publicKey(), VENDOR],
    data: ['41', '1000', '200', []],
  },
  { contract: POOL, name: 'LQFUND', topics: ['LQFUND', CREDITLINE], data: '800' },
];

describe('findTransaction', () => {
  test('NOT_FOUND is reported with its range of ledgers, as numbers and not as text', async () => {
    answer({ ...RANGE, status: 'NOT_FOUND', ledger: 0, createdAt: '0', feeBump: false });
    expect(await chain.findTransaction(HASH)).toEqual({
      status: 'not_found',
      latestLedger: 1_003,
      latestCloseTime: 1_790_000_010n,
      oldestLedger: 12,
    });
    expect(node.rpc.asked.find((request) => request.method === 'getTransaction')?.params).toEqual({
      hash: HASH,
    });
  });

  test('a landed loan carries both of its events, from beside the meta', async () => {
    answer({
      ...FOUND,
      status: 'SUCCESS',
      resultXdr: encoded(xdr.TransactionResultResult.txSuccess([SUCCEEDED])),
      events: {
        transactionEventsXdr: [],
        contractEventsXdr: [[LOANCRTD.toXdr('base64'), LQFUND.toXdr('base64')]],
      },
    });
    expect(await chain.findTransaction(HASH)).toEqual({
      status: 'success',
      latestLedger: 1_003,
      latestCloseTime: 1_790_000_010n,
      oldestLedger: 12,
      ledger: 1_001,
      closeTime: 1_790_000_005n,
      feeBump: false,
      feeCharged: 100n,
      events: DECODED,
    });
  });

  test("an older node's events are read from the meta", async () => {
    answer({
      ...FOUND,
      status: 'SUCCESS',
      resultXdr: encoded(xdr.TransactionResultResult.txSuccess([SUCCEEDED])),
      resultMetaXdr: meta([LOANCRTD, LQFUND]),
    });
    expect(await chain.findTransaction(HASH)).toMatchObject({ status: 'success', events: DECODED });
  });

  test('a success without events is reported as such: the verdict refuses it', async () => {
    answer({
      ...FOUND,
      status: 'SUCCESS',
      resultXdr: encoded(xdr.TransactionResultResult.txSuccess([SUCCEEDED])),
      events: { contractEventsXdr: [[]] },
    });
    expect(await chain.findTransaction(HASH)).toMatchObject({ status: 'success', events: [] });
  });

  test('a landed fee bump is read through to the inner result', async () => {
    answer({
      ...FOUND,
      status: 'SUCCESS',
      feeBump: true,
      resultXdr: encoded(
        xdr.TransactionResultResult.txFeeBumpInnerSuccess(
          inner(xdr.InnerTransactionResultResult.txSuccess([SUCCEEDED])),
        ),
      ),
      events: { contractEventsXdr: [[LQFUND.toXdr('base64')]] },
    });
    expect(await chain.findTransaction(HASH)).toMatchObject({
      status: 'success',
      feeBump: true,
      events: [DECODED[1]],
    });
  });

  test(
    'who decided is read from the diagnostics, beside the reply or in its meta; without any ' +
      'it is unknown',
    async () => {
      const failed = {
        ...FOUND,
        status: 'FAILED',
        resultXdr: encoded(xdr.TransactionResultResult.txFailed([TRAPPED])),
      };
      const expected = {
        status: 'failed',
        applied: true,
        resultCode: 'txFailed/invokeHostFunctionTrapped',
        ledger: 1_001,
        closeTime: 1_790_000_005n,
        feeCharged: 100n,
      };
      const outside = diagnostic(xdr.ScError.sceStorage(xdr.ScErrorCode.scecExceededLimit));
      answer({ ...failed, diagnosticEventsXdr: [outside] });
      expect(await chain.findTransaction(HASH)).toMatchObject({
        ...expected,
        cause: { by: 'ours', reason: 'outside_footprint', contract: null, number: null },
      });
      answer({
        ...failed,
        events: { diagnosticEventsXdr: [diagnostic(xdr.ScError.sceContract(6))] },
      });
      expect(await chain.findTransaction(HASH)).toMatchObject({
        ...expected,
        cause: { by: 'contract', reason: 'contract_error', contract: CREDITLINE, number: 6 },
      });
      answer({
        ...failed,
        resultMetaXdr: meta([], [xdr.DiagnosticEvent.fromXdr(outside, 'base64')]),
      });
      expect(await chain.findTransaction(HASH)).toMatchObject({
        ...expected,
        cause: { by: 'ours', reason: 'outside_footprint' },
      });
      answer(failed);
      expect(await chain.findTransaction(HASH)).toMatchObject({
        ...expected,
        cause: { by: 'unknown', reason: 'unknown' },
      });
    },
  );

  test('a failure before the operation is not applied: it consumed nothing', async () => {
    answer({
      ...FOUND,
      status: 'FAILED',
      resultXdr: encoded(xdr.TransactionResultResult.txBadSeq()),
    });
    expect(await chain.findTransaction(HASH)).toMatchObject({
      status: 'failed',
      applied: false,
      resultCode: 'txBadSeq',
      cause: null,
    });
    answer({
      ...FOUND,
      status: 'FAILED',
      feeBump: true,
      resultXdr: encoded(
        xdr.TransactionResultResult.txFeeBumpInnerFailed(
          inner(xdr.InnerTransactionResultResult.txTooLate()),
        ),
      ),
    });
    expect(await chain.findTransaction(HASH)).toMatchObject({
      status: 'failed',
      applied: false,
      resultCode: 'txTooLate',
      feeBump: true,
    });
    answer({
      ...FOUND,
      status: 'FAILED',
      feeBump: true,
      resultXdr: encoded(
        xdr.TransactionResultResult.txFeeBumpInnerFailed(
          inner(xdr.InnerTransactionResultResult.txFailed([TRAPPED])),
        ),
      ),
    });
    expect(await chain.findTransaction(HASH)).toMatchObject({
      status: 'failed',
      applied: true,
      resultCode: 'txFailed/invokeHostFunctionTrapped',
    });
  });

  const succeeded = encoded(xdr.TransactionResultResult.txSuccess([SUCCEEDED]));
  test.each([
    ['a status that contradicts its result', { ...FOUND, status: 'FAILED', resultXdr: succeeded }],
    [
      'a success whose result says failed',
      {
        ...FOUND,
        status: 'SUCCESS',
        resultXdr: encoded(xdr.TransactionResultResult.txFailed([TRAPPED])),
        events: { contractEventsXdr: [] },
      },
    ],
    [
      'a success with neither events nor meta',
      { ...FOUND, status: 'SUCCESS', resultXdr: succeeded },
    ],
    ['a result that is no XDR', { ...FOUND, status: 'FAILED', resultXdr: 'AAAA' }],
    ['a NOT_FOUND without its range', { status: 'NOT_FOUND', latestLedger: 1_003 }],
    [
      'a NOT_FOUND without the oldest ledger',
      { ...RANGE, oldestLedger: undefined, status: 'NOT_FOUND' },
    ],
    [
      'a close time that is no number',
      { ...RANGE, latestLedgerCloseTime: 'soon', status: 'NOT_FOUND' },
    ],
    ['a negative ledger', { ...RANGE, latestLedger: -1, status: 'NOT_FOUND' }],
    ['an unknown status', { ...RANGE, status: 'MAYBE' }],
  ])('%s proves nothing', async (_, reply) => {
    answer(reply);
    await expect(chain.findTransaction(HASH)).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
      facts: { method: 'getTransaction' },
    });
  });
});

describe('submit', () => {
  const SENT = { hash: HASH, latestLedger: 1_002, latestLedgerCloseTime: '1790000000' };
  test.each(['PENDING', 'DUPLICATE', 'TRY_AGAIN_LATER'])('passes %s on', async (status) => {
    node.rpc.answers['sendTransaction'] = () => ({ ...SENT, status });
    expect(await chain.submit('AAAA')).toEqual({ status, resultCode: null, latestLedger: 1_002 });
    expect(node.rpc.asked.find((request) => request.method === 'sendTransaction')?.params).toEqual({
      transaction: 'AAAA',
    });
  });

  test.each([
    ['AAAAAAAAAGT////9AAAAAA==', 'txTooLate'],
    ['AAAAAAAAAGT////7AAAAAA==', 'txBadSeq'],
    ['AAAAAAAAAGT////6AAAAAA==', 'txBadAuth'],
    ['AAAAAAAAAGT////3AAAAAA==', 'txInsufficientFee'],
    ['AAAAAAAAAGT////vAAAAAA==', 'txSorobanInvalid'],
    ['no xdr', null],
    [undefined, null],
  ])('ERROR with %s is %s', async (errorResultXdr, resultCode) => {
    node.rpc.answers['sendTransaction'] = () => ({ ...SENT, status: 'ERROR', errorResultXdr });
    expect(await chain.submit('AAAA')).toEqual({
      status: 'ERROR',
      resultCode,
      latestLedger: 1_002,
    });
  });

  test('an unknown status is not taken for an answer', async () => {
    node.rpc.answers['sendTransaction'] = () => ({ ...SENT, status: 'FILTERED' });
    await expect(chain.submit('AAAA')).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' });
  });
});
