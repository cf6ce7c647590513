import { describe, expect, it } from '@jest/globals';
import { ADMIN, ALICE, IDS, LendingWorld } from '../../test/support/lending-world.js';
import { contractId, failureOf, MemoryNetwork } from '../../test/support/memory-host.js';
import { GENERATION_TRAITS } from './generations.js';
import { parametersContract } from './parameters.contract.js';
import {
  DEFAULT_PARAMETERS,
  type ProtocolParameters,
  protocolParameters,
} from './protocol-parameters.js';
import { address, symbol } from './scval.js';

const AT = contractId(1);

describe('parameters', () => {
  it('answers the published defaults', () => {
    const network = new MemoryNetwork();
    network.deploy(parametersContract(GENERATION_TRAITS.g1), AT);
    expect(
      failureOf(() => network.invoke(ALICE, AT, { fn: 'get_parameters', args: [] }), {
        parameters: AT,
      }),
    ).toBe('parameters #4');
    network.invoke(ADMIN, AT, { fn: 'initialize_defaults', args: [address.encode(ADMIN)] });
    expect(
      protocolParameters.decode(network.invoke(ALICE, AT, { fn: 'get_parameters', args: [] })),
    ).toEqual({
      base_interest_bps: 0,
      default_penalty: 20,
      full_repayment_reward: 10,
      grace_period_seconds: 0n,
      large_loan_default_penalty: 30,
      large_loan_threshold: 5_000n,
      min_guarantee_percent: 20n,
      min_reputation_threshold: 50,
    });
    expect(
      failureOf(
        () =>
          network.invoke(ADMIN, AT, { fn: 'initialize_defaults', args: [address.encode(ADMIN)] }),
        { parameters: AT },
      ),
    ).toBe('parameters #1');
  });

  it.each([
    [{ min_guarantee_percent: 0n }],
    [{ min_guarantee_percent: 101n }],
    [{ large_loan_threshold: 0n }],
  ])('refuses %p', (bad) => {
    const network = new MemoryNetwork();
    network.deploy(parametersContract(GENERATION_TRAITS.g1), AT);
    const args = [
      address.encode(ADMIN),
      protocolParameters.encode({ ...DEFAULT_PARAMETERS, ...bad }),
    ];
    expect(
      failureOf(() => network.invoke(ADMIN, AT, { fn: 'initialize', args }), { parameters: AT }),
    ).toBe('parameters #3');
  });

  it('rule create_loan: guarantee, threshold and base interest', () => {
    const set = (world: LendingWorld, parameters: Partial<ProtocolParameters>): void => {
      const value = protocolParameters.encode({ ...DEFAULT_PARAMETERS, ...parameters });
      world.network.write({
        contract: IDS.parameters,
        durability: 'instance',
        key: symbol('PARAMS'),
        value,
      });
    };
    const world = LendingWorld.ready();
    set(world, { min_guarantee_percent: 21n });
    expect(world.refusal()).toBe('creditline #2');
    set(world, { min_reputation_threshold: 101 });
    expect(world.refusal()).toBe('creditline #4');
    set(world, { base_interest_bps: 10_600 });
    expect(world.refusal({ total: 5_000n, guarantee: 1_000n })).toBe('creditline #18');
    set(world, { base_interest_bps: 600 });
    world.createLoan({ total: 5_000n, guarantee: 1_000n });
  });
});
