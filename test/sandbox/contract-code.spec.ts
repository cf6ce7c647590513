import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contract, xdr } from '@stellar/stellar-sdk';
import { CODE_BYTES } from '../../sandbox/network/instruction-model.js';
import { codeKey, instanceKey, instanceOf } from '../../sandbox/network/ledger-entries.js';
import { recorded } from '../support/recorded.js';
import { LendingNetwork } from '../support/lending-network.js';

/** Node's own; the compiler's library has it only for browsers. */
interface WasmReader {
  validate(bytes: Uint8Array): boolean;
  readonly Module: {
    new (bytes: Uint8Array): object;
    customSections(module: object, name: string): ArrayBuffer[];
  };
}
const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WasmReader };

let lending: LendingNetwork;
beforeAll(async () => {
  lending = await LendingNetwork.start({}, { borrowers: 1 });
});
afterAll(async () => {
  await lending.stop();
});

interface Code {
  readonly bytes: Uint8Array;
  readonly liveUntil: number | undefined;
}

/** The code of a contract, found as a service finds it: the instance names its hash. */
async function codeOf(address: string): Promise<Code> {
  const instance = await lending.server.getLedgerEntries(instanceKey(address).key);
  const { executable } = instanceOf(instance.entries[0]!.val);
  if (executable.type !== 'contractExecutableWasm') throw new Error('no Wasm');
  const found = await lending.server.getLedgerEntries(codeKey(executable.value.toBytes()).key);
  const [entry] = found.entries;
  if (entry?.val.type !== 'contractCode') throw new Error('no code');
  return {
    bytes: Uint8Array.from(entry.val.value.code),
    liveUntil: entry.liveUntilLedgerSeq,
  };
}

/** Functions with the number of their arguments. */
async function functionsOf(address: string): Promise<Record<string, number>> {
  const spec = contract.Spec.fromWasm(Buffer.from((await codeOf(address)).bytes));
  return Object.fromEntries(spec.funcs().map((each) => [each.name.toString(), each.inputs.length]));
}

describe('the code of a contract', () => {
  it('is a Wasm module of the recorded size, which lives as long as its instance', async () => {
    const { pool } = lending.pool;
    const { bytes, liveUntil } = await codeOf(pool);
    expect(WebAssembly.validate(bytes)).toBe(true);
    expect(bytes).toHaveLength(CODE_BYTES.pool);
    const instance = await lending.server.getLedgerEntries(instanceKey(pool).key);
    expect(liveUntil).toBeLessThanOrEqual(Number(instance.entries[0]?.liveUntilLedgerSeq));
    expect(liveUntil).toBeGreaterThan(2_000_000);
  });

  it('names the version of the interface of the host', async () => {
    const { bytes } = await codeOf(lending.pool.pool);
    const [section] = WebAssembly.Module.customSections(
      new WebAssembly.Module(bytes),
      'contractenvmetav0',
    );
    const { value } = xdr.ScEnvMetaEntry.fromXdr(Buffer.from(section!));
    expect(value).toMatchObject({ protocol: 27, preRelease: 0 });
  });

  it('names functions with their arguments, errors and events', async () => {
    expect(await functionsOf(lending.pool.pool)).toMatchObject({
      fund_loan: 3,
      distribute_interest: 1,
    });
    expect(await functionsOf(lending.pool.creditline)).toMatchObject({
      create_loan: 6,
      initialize: 5,
    });
    const spec = contract.Spec.fromWasm(Buffer.from((await codeOf(lending.pool.pool)).bytes));
    expect(spec.getFunc('deposit').inputs.map(({ name }) => name.toString())).toEqual([
      'provider',
      'amount',
    ]);
    expect(spec.errorCases().map(({ name, value }) => [name.toString(), value])).toContainEqual([
      'NotCreditLine',
      9,
    ]);
    expect(spec.events().map(({ name }) => name.toString())).toContain('LQFUND');
  });

  it.each(['g1', 'g2', 'g3'] as const)(
    'of generation %s exports what the recorded contracts export',
    async (generation) => {
      const made = lending.network.control.deployPool({
        profile: 'scaled',
        decimals: 7,
        deposit: 0n,
        generation,
      });
      const { contracts } = recorded(generation);
      for (const role of ['pool', 'creditline'] as const)
        expect({ role, functions: Object.keys(await functionsOf(made[role])).sort() }).toEqual({
          role,
          functions: [...(contracts[role]?.functions ?? [])].sort(),
        });
    },
  );

  it('shows which generation it is by the arguments', async () => {
    const takes = async (generation: 'g2' | 'g3'): Promise<Record<string, number>> =>
      functionsOf(
        lending.network.control.deployPool({
          profile: 'stepfi',
          decimals: 7,
          deposit: 0n,
          generation,
        }).pool,
      );
    expect(await takes('g2')).toMatchObject({ initialize: 4, distribute_interest: 2 });
    expect(await takes('g3')).toMatchObject({ initialize: 5, propose_upgrade: 1 });
  });

  it('of the fork has another interface', async () => {
    const fork = lending.network.control.deployPool({
      profile: 'trustup',
      decimals: 7,
      deposit: 0n,
    });
    expect(await functionsOf(fork.creditline)).toMatchObject({ create_loan: 5 });
    expect(await functionsOf(fork.pool)).toMatchObject({ pause: 1, distribute_interest: 2 });
  });
});
