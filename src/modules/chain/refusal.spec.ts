import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { StrKey } from '@stellar/stellar-sdk';
import {
  address,
  balanceEntry,
  borrower,
  chainOn,
  CREDITLINE,
  fundingRequest,
  instanceEntry,
  PARAMETERS,
  POOL,
  REGISTRY,
  REPUTATION,
  ScriptedChain,
  TOKEN,
  VENDOR,
} from '../../../test/support/scripted-chain.js';
import type { ContractRefusal } from './chain.js';
import { balanceKey, instanceKey } from './ledger-entries.js';
import { hostFailure } from './refusal.js';
import type { SorobanChain } from './soroban-chain.js';

let node: ScriptedChain;
let chain: SorobanChain;
beforeEach(async () => {
  node = new ScriptedChain();
  chain = chainOn(await node.rpc.start());
});
afterEach(() => node.rpc.stop());

const BORROWER = borrower.publicKey();
const failing = (contract: string, error: string, data = '"failing with contract error"'): string =>
  `[Diagnostic Event] contract:${contract}, topics:[error, Error(${error})], data:${data}`;
const call = (caller: string | null, callee: string, fn: string, data = 'Void'): string =>
  `[Diagnostic Event] ${caller === null ? '' : `contract:${caller}, `}topics:[fn_call, ${callee}, ${fn}], data:${data}`;
const log = (top: string, ...lines: string[]): string =>
  `HostError: Error(${top})\n\nEvent log (newest ` +
  `first):\n${lines.map((line, index) => `   ${index}: ${line}`).join('\n')}\n`;
const entrance = call(null, CREDITLINE, 'create_loan', `[${BORROWER}, ${VENDOR}, 1000, 200]`);

async function refused(error: string): Promise<ContractRefusal> {
  node.rpc.answers['simulateTransaction'] = () => ({ latestLedger: 1_001, error, events: [] });
  const result = await chain.buildFunding(fundingRequest());
  if (result.kind !== 'refused') throw new Error(`expected a refusal, got ${result.kind}`);
  return result.refusal;
}

describe('a refusal names the contract it began in', () => {
  const own: readonly (readonly [number, string, string])[] = [
    [2, 'InsufficientGuarantee', 'caller'],
    [3, 'VendorNotActive', 'caller'],
    [4, 'InsufficientReputation', 'caller'],
    [5, 'InsufficientLiquidity', 'liquidity'],
    [9, 'InvalidAmount', 'caller'],
    [10, 'Overflow', 'caller'],
    [16, 'InvalidVendor', 'links'],
    [17, 'VendorValidationFailed', 'links'],
    [18, 'ExposureLimitExceeded', 'caller'],
    [20, 'ParametersUnavailable', 'links'],
    [21, 'ReentrancyDetected', 'protocol'],
    [26, 'NotInitialized', 'links'],
  ];
  test.each(own)('creditline #%d is %s, %s', async (number, name, kind) => {
    const refusal = await refused(
      log(
        `Contract, #${number}`,
        failing(
          CREDITLINE,
          `Contract, #${number}`,
          '"escalating Ok(ScErrorType::Contract) frame-exit to Err"',
        ),
        entrance,
      ),
    );
    expect(refusal).toMatchObject({
      contract: 'lending_contract',
      contractId: CREDITLINE,
      number,
      name,
      kind,
    });
    expect(refusal.sentence).toMatch(/^[A-Z].*\.$/);
  });

  const inner: readonly (readonly [string, string, number, string, string])[] = [
    ['pool', POOL, 6, 'InsufficientLiquidity', 'liquidity'],
    ['pool', POOL, 9, 'NotCreditLine', 'links'],
    ['pool', POOL, 3, 'NotInitialized', 'protocol'],
    ['token', TOKEN, 13, 'TrustlineMissing', 'caller'],
    ['token', TOKEN, 11, 'BalanceDeauthorized', 'caller'],
    ['reputation', REPUTATION, 6, 'NotInitialized', 'protocol'],
    ['parameters', PARAMETERS, 4, 'NotInitialized', 'protocol'],
    ['vendor_registry', REGISTRY, 2, 'NotInitialized', 'protocol'],
  ];
  test.each(inner)(
    '%s (%s) #%d is %s, %s, although the creditline passes the number on',
    async (...row) => {
      const [contract, id, number, name, kind] = row;
      const refusal = await refused(
        log(
          `Contract, #${number}`,
          failing(
            CREDITLINE,
            `Contract, #${number}`,
            '"escalating error to VM trap from failed host function call: call"',
          ),
          failing(
            CREDITLINE,
            `Contract, #${number}`,
            '["contract call failed", some_call, [1, 2]]',
          ),
          failing(id, `Contract, #${number}`),
          call(CREDITLINE, id, 'some_call', '[1, 2]'),
          entrance,
        ),
      );
      expect(refusal).toMatchObject({ contract, contractId: id, number, name, kind });
    },
  );

  test('an error that the creditline caught and replaced is not the origin', async () => {
    const refusal = await refused(
      log(
        'Contract, #17',
        failing(CREDITLINE, 'Contract, #17'),
        failing(REGISTRY, 'Contract, #2'),
        call(CREDITLINE, REGISTRY, 'is_active', VENDOR),
        entrance,
      ),
    );
    expect(refusal).toMatchObject({ contract: 'lending_contract', number: 17, kind: 'links' });
  });

  test('a number from an unnamed contract, or from no contract, is not recorded for the caller', async () => {
    const other = StrKey.encodeContract(new Uint8Array(32).fill(99));
    expect(await refused(log('Contract, #5', failing(other, 'Contract, #5')))).toMatchObject({
      contract: 'unknown',
      contractId: other,
      number: 5,
      kind: 'protocol',
    });
    expect(await refused('HostError: Error(Contract, #5)')).toMatchObject({
      contract: 'unknown',
      contractId: null,
      number: 5,
      kind: 'protocol',
    });
    expect(await refused(log('Contract, #99', failing(CREDITLINE, 'Contract, #99')))).toMatchObject(
      { contract: 'lending_contract', number: 99, kind: 'protocol', name: 'Error99' },
    );
  });

  test("a host error has no number: a broken link, or else the deployment's fault", async () => {
    const missing = log(
      'Storage, MissingValue',
      `[Diagnostic Event] contract:${CREDITLINE}, topics:[error, Error(Storage, ` +
        'MissingValue)], data:["trying to get non-existing value for contract instance", ' +
        `${POOL}]`,
      entrance,
    );
    const links = {
      LIQPOOL: address(POOL),
      TOKEN: address(TOKEN),
      MERCHANT: address(REGISTRY),
      REPCONT: address(REPUTATION),
    };
    node.put(instanceKey(CREDITLINE), instanceEntry(CREDITLINE, links));
    node.put(instanceKey(REGISTRY), instanceEntry(REGISTRY, {}));
    expect(await refused(missing)).toMatchObject({
      contract: 'lending_contract',
      number: null,
      name: 'ReputationMissing',
      kind: 'links',
    });
    node.put(instanceKey(REPUTATION), instanceEntry(REPUTATION, {}));
    expect(await refused(missing)).toMatchObject({
      contract: 'lending_contract',
      number: null,
      name: 'Storage/MissingValue',
      kind: 'protocol',
    });
    expect(await refused('something else went wrong')).toMatchObject({
      contract: 'unknown',
      contractId: null,
      number: null,
      kind: 'protocol',
    });
  });

  test('ids printed as hex by older nodes are read too', () => {
    const hex = (id: string): string => Buffer.from(StrKey.decodeContract(id)).toString('hex');
    const text = log(
      'Contract, #10',
      failing(hex(TOKEN), 'Contract, #10'),
      call(hex(POOL), `Bytes(${hex(TOKEN)})`, 'transfer', `[${POOL}, ${VENDOR}, 800]`),
    );
    expect(hostFailure(text)).toEqual({
      number: 10,
      kind: 'Contract/10',
      origin: TOKEN,
      payer: POOL,
    });
  });
});

describe("the token's balance error", () => {
  const short = (...calls: string[]): string =>
    log(
      'Contract, #10',
      failing(CREDITLINE, 'Contract, #10', '["contract call failed", transfer, []]'),
      failing(
        TOKEN,
        'Contract, #10',
        '["resulting balance is not within the allowed range", 0, -200, 9223372036854775807]',
      ),
      ...calls,
    );

  test("is the caller's when the borrower pays the guarantee", async () => {
    const refusal = await refused(
      short(call(CREDITLINE, TOKEN, 'transfer', `[${BORROWER}, ${CREDITLINE}, 200]`), entrance),
    );
    expect(refusal).toMatchObject({
      contract: 'token',
      number: 10,
      kind: 'caller',
      name: 'BalanceError',
    });
    expect(refusal.sentence).toMatch(/borrower/);
  });

  test('is liquidity when the pool pays out', async () => {
    const refusal = await refused(
      short(
        call(POOL, TOKEN, 'transfer', `[${POOL}, ${VENDOR}, 800]`),
        call(CREDITLINE, POOL, 'fund_loan', `[${CREDITLINE}, ${VENDOR}, 800]`),
        entrance,
      ),
    );
    expect(refusal).toMatchObject({ contract: 'token', number: 10, kind: 'liquidity' });
    expect(refusal.sentence).toMatch(/pool/);
  });

  test('without arguments in the log the caller of the token decides', async () => {
    expect(await refused(short(call(POOL, TOKEN, 'transfer'), entrance))).toMatchObject({
      kind: 'liquidity',
    });
    expect(await refused(short(call(CREDITLINE, TOKEN, 'transfer'), entrance))).toMatchObject({
      kind: 'caller',
    });
  });

  test("without a call in the log the pool's balance decides", async () => {
    expect(await refused(short())).toMatchObject({ kind: 'liquidity' }); // 700 tokens against 800
    node.put(balanceKey(TOKEN, POOL), balanceEntry(800n));
    expect(await refused(short())).toMatchObject({ kind: 'caller' });
  });

  test('the same number in the creditline is an overflow', async () => {
    expect(
      await refused(log('Contract, #10', failing(CREDITLINE, 'Contract, #10'), entrance)),
    ).toMatchObject({ contract: 'lending_contract', name: 'Overflow' });
  });
});
