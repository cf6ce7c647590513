import { describe, expect, test } from '@jest/globals';
import type { ChainEvent } from '../../chain.js';
import type { ContractEvent } from '../../transaction-outcome.js';
import { xdr } from '@stellar/stellar-sdk';
import {
  recorded,
  type RecordedGeneration,
  type RecordedStep,
} from '../../../../../test/support/recorded.js';
import { contractEventOf } from '../../event-data.js';

import { familyOf } from '../families.js';

const GENERATIONS: readonly RecordedGeneration[] = ['g1', 'g2', 'g3'];

const eventsOf = ({ events = [] }: RecordedStep): ContractEvent[] =>
  events.flatMap(
    ({ xdr: text }) => contractEventOf(xdr.ContractEvent.fromXdr(text, 'base64')) ?? [],
  );

describe.each(GENERATIONS)('%s, as the real host ran it', (generation) => {
  const family = familyOf(generation);
  const { steps, contracts } = recorded(generation);
  const pool = contracts['pool']?.id ?? '';
  // after its upgrade the pool runs another generation
  const upgraded = steps.findIndex(({ name }) => name === 'upgrade' || name === 'execute_upgrade');
  const onMain = steps.slice(0, upgraded).filter(({ network }) => network === undefined);
  // a donation is no event of the pool
  const bridged = onMain.filter(({ bridge, name }) => bridge !== undefined && name !== 'donation');

  test.each(bridged.map((step) => [step.name, step] as const))(
    'the events of %s explain total, locked and the tokens',
    (_, step) => {
      const { total, locked, token } = step.bridge as Record<string, readonly [string, string]>;
      const figures = { total: BigInt(total?.[0] ?? 0), locked: BigInt(locked?.[0] ?? 0) };
      let tokens = BigInt(token?.[0] ?? 0);
      for (const event of eventsOf(step).filter(({ contract }) => contract === pool)) {
        const meaning = family.meaning(event, figures);
        expect(meaning.kind).not.toBe('unreadable');
        if (meaning.kind !== 'money') continue;
        figures.total += meaning.total;
        figures.locked += meaning.locked;
        tokens += meaning.tokens.reduce((sum, amount) => sum + amount, 0n);
      }
      const after = [figures.total, figures.locked, tokens].map(String);
      expect(after).toEqual([total?.[1], locked?.[1], token?.[1]]);
    },
  );

  const landed = onMain.filter(
    ({ function: name, transaction }) =>
      name === 'create_loan' && transaction?.status === 'SUCCESS',
  );
  test('every landed create_loan is recognised by its borrower and amount, and by no other', () => {
    const found = landed.flatMap((step) => {
      const events = eventsOf(step);
      const created = events.find(({ name }) => name === 'LOANCRTD');
      const [loanId, totalAmount, guarantee] = (created?.data ?? []) as readonly string[];
      const amount = BigInt(totalAmount ?? 0) - BigInt(guarantee ?? 0);
      const expected = {
        borrower: created?.topics[1] ?? '',
        amount,
        poolContract: pool,
        lendingContract: contracts['creditline']?.id ?? '',
      };
      // a loan without a funding moves nothing of the pool
      if (amount === 0n) return [];
      expect(family.landing(events, { ...expected, amount: amount + 1n })).toBeUndefined();
      expect(family.landing(events, { ...expected, borrower: pool })).toBeUndefined();
      return [[family.landing(events, expected)?.loanId?.toString(), loanId]];
    });
    expect(found.length).toBeGreaterThan(20);
    expect(found.filter(([seen, real]) => seen !== real)).toEqual([]);
  });

  test('every funding is read with its amount, and nothing is unreadable', () => {
    const placed = onMain.flatMap((step, at) =>
      eventsOf(step).map((event, index): ChainEvent => ({
        ...event,
        id: `${String(at).padStart(19, '0')}-${String(index).padStart(10, '0')}`,
        ledger: at,
        txHash: String(at),
      })),
    );
    const facts = family.facts(placed, {
      poolContract: pool,
      lendingContract: contracts['creditline']?.id ?? '',
      tokenContract: contracts['token']?.id ?? '',
    });
    expect(facts.unreadable).toEqual([]);
    expect(facts.fundings.length).toBeGreaterThan(20);
    expect(facts.fundings.filter(({ amount }) => amount === null)).toEqual([]);
    const vendors = facts.fundings.map(({ vendor }) => vendor);
    expect(vendors.includes(null)).toBe(generation !== 'g3');
  });

  test('the code is recognised by its functions, and as no other generation', () => {
    const arity = { distribute_interest: generation === 'g1' ? 1 : 2, create_loan: 6 };
    const interfaceOf = (role: string) => ({
      wasmHash: contracts[role]?.wasmHash ?? '',
      functions: new Map(
        (contracts[role]?.functions ?? []).map((name) => [
          name,
          Object.hasOwn(arity, name) ? arity[name as keyof typeof arity] : 0,
        ]),
      ),
    });
    const same = GENERATIONS.filter(
      (each) => familyOf(each).recognise(interfaceOf('pool'), interfaceOf('creditline')) === true,
    );
    expect(same).toEqual([generation]);
  });
});
