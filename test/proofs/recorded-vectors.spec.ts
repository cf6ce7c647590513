import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { StrKey, xdr } from '@stellar/stellar-sdk';
import { creditlineKey } from '../../sandbox/contracts/creditline-storage.js';
import { contractDataKey } from '../../sandbox/network/ledger-entries.js';
import { ABSENT_FUNCTIONS } from '../support/recorded-differences.js';
import { CODE_NAMES, codeOf } from '../support/recorded-code.js';
import { instalment, RecordedDeployment } from '../support/recorded-deployment.js';
import { recorded } from '../support/recorded.js';
import { entryBytes, plain } from '../support/recorded-values.js';

const GENERATIONS = ['g1', 'g2', 'g3'] as const;
type Step = readonly [string, ...(string | number)[]];
interface Vector {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly result: Readonly<
    Record<
      (typeof GENERATIONS)[number],
      {
        readonly after: Readonly<Record<string, number>>;
        readonly poolEvents: readonly Readonly<Record<string, number | readonly number[]>>[];
      }
    >
  >;
}
const vectors = JSON.parse(
  readFileSync('test/recorded/pool-vectors.json', 'utf8'),
) as readonly Vector[];

describe.each(GENERATIONS)('the deployment of %s', (generation) => {
  const recording = recorded(generation);

  it('exports the recorded functions, except those that are left out', () => {
    for (const [role, name] of Object.entries(CODE_NAMES)) {
      const published = recording.contracts[role]?.functions;
      if (!published) continue;
      const absent = ABSENT_FUNCTIONS.filter(
        (row) => row.role === role && row.generations.includes(generation),
      ).flatMap(({ functions }) => functions);
      expect({
        role,
        functions: [
          ...Object.keys(codeOf(generation).get(name)?.functions ?? {}),
          ...absent,
        ].sort(),
      }).toEqual({ role, functions: [...published].sort() });
    }
  });

  it.each(Object.entries(recording.sizes))(
    'writes a loan entry of the recorded bytes with %s instalments',
    (instalments, { loanEntryBytes, note }) => {
      const deployed = new RecordedDeployment(recording);
      deployed.keep(deployed.deposit(10_000n));
      const { overlay } = deployed.keep(
        deployed.createLoan('A', [1200, 240], {
          repayment_schedule: Array.from({ length: Number(instalments) }, (_, at) =>
            instalment(at),
          ),
          loan_type: [note?.includes('learner') ? 'LearnerInstallment' : 'Standard'],
        }),
      );
      const entry = overlay.get(
        contractDataKey(deployed.world.id('creditline'), creditlineKey.loan(1n), 'persistent').id,
      );
      expect(entry && entryBytes(entry.data)).toBe(loanEntryBytes);
    },
  );

  it.each(recording.vectors)(
    'keeps the recorded figures of the vector "$name"',
    ({ steps, recorded: figures }) => {
      const deployed = new RecordedDeployment(recording);
      for (const step of steps) deployed.keep(deployed.step(step));
      expect(deployed.figures()).toEqual(figures);
    },
  );

  it.each(vectors)('keeps the figures and events of the vector "$name"', ({ steps, result }) => {
    const deployed = new RecordedDeployment(recording);
    const events = steps.flatMap((step) =>
      poolEvents(deployed.keep(deployed.step(step)).events, deployed.world.id('pool')),
    );
    const { after, poolEvents: expected } = result[generation];
    const { spendable, ...figures } = after;
    expect(deployed.figures()).toEqual(figures);
    expect(Math.min(figures['available'] ?? 0, figures['tokens'] ?? 0)).toBe(spendable);
    expect(events).toEqual(expected);
  });
});

describe('the outflow cap of g3', () => {
  const recording = recorded('g3');

  it.each(recording.outflowVectors ?? [])(
    'of $bps basis points over $available takes $fundingsInOneLedger in one ledger as recorded',
    ({ available, bps, fundingsInOneLedger, outcome }) => {
      const deployed = new RecordedDeployment(recording);
      deployed.keep(deployed.deposit(BigInt(available)));
      deployed.keep(
        deployed.call(['pool', 'set_outflow_cap_bps'], {
          admin: deployed.world.account('admin'),
          bps,
        }),
      );
      const ends = fundingsInOneLedger.map((amount, at) => {
        // a guarantee of a fifth, rounded up
        const total = Math.ceil((amount * 5) / 4);
        const done = deployed.createLoan(at === 0 ? 'A' : 'B', [
          Math.max(total, amount + 1),
          Math.max(total, amount + 1) - amount,
        ]);
        if (done.ok) deployed.world.keep(done);
        return done.ok ? 'ok' : done.raised.error;
      });
      expect(ends).toEqual(outcome.map((each) => (each.includes('16') ? 'Contract 16' : each)));
    },
  );
});

const MONEY_EVENTS = ['LQREPAY', 'LQGUART', 'LQLOSS'];

/** Money events of the pool after a call, as the vectors write them: one object for each call. */
function poolEvents(
  events: readonly string[],
  pool: string,
): readonly Readonly<Record<string, unknown>>[] {
  const found = events.flatMap((text) => {
    const event = xdr.ContractEvent.fromXdr(text, 'base64');
    const { topics, data } = event.body.value;
    const [topic] = topics;
    const name = topic?.type === 'scvSymbol' ? topic.value.toString() : '';
    const from = event.contractId;
    return from && StrKey.encodeContract(from.toBytes()) === pool && MONEY_EVENTS.includes(name)
      ? [[name, numbers(plain(data))] as const]
      : [];
  });
  return found.length > 0 ? [Object.fromEntries(found)] : [];
}

const numbers = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(Number) : Number(value);
