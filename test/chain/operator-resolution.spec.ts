import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { invariants } from '../support/given-ledger.js';
import {
  AMOUNT,
  assertEndsLogged,
  chainOver,
  endsOf,
  openStage,
  reservationNow,
  settlementOn,
  type Stage,
  type StageHold,
  stageHold,
  stagePool,
} from '../support/settlement-stage.js';
import { run as runCommand } from '../../src/cli/command-line.js';
import { resolveCommand } from '../../src/cli/resolve.command.js';
import { HoldfastError } from '../../src/common/errors.js';
import { readConfig } from '../../src/common/config.js';
import { openRooms } from '../../src/cli/rooms.js';
import type { BorrowerLoan, Chain } from '../../src/modules/chain/chain.js';
import type { TransactionReport } from '../../src/modules/chain/transaction-outcome.js';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';
import type { AlarmName } from '../../src/modules/settlement/alarm-log.js';
import {
  OperatorResolution,
  type OperatorOutcome,
  type OperatorRequest,
} from '../../src/modules/settlement/operator-resolution.js';

let stage: Stage;
let pool: PoolRecord;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());
/**
 * `some`: some tests end a hold without the service, or by the command line, which logs it
 * differently.
 */
afterEach(() => assertEndsLogged(stage, 'some'));
beforeEach(async () => {
  pool = await stagePool(stage);
  await settlementOn(stage).settlement.observePool(pool);
});
afterEach(async () => {
  const {
    held,
    held_sum: heldSum,
    in_flight: inFlight,
    in_flight_sum: inFlightSum,
  } = await invariants(stage.under, pool.id);
  await stage.under.registry.change(pool.id, { state: 'closed' });
  if (held !== heldSum || inFlight !== inFlightSum)
    throw new Error(
      `counters are not sums: held ${held}, sum ${heldSum}; in flight ${inFlight}, sum ${inFlightSum}`,
    );
});

const WHY = { reason: 'seen on two explorers, ticket 4711', by: 'ada' };
const wish = (
  hold: { reservationId: string },
  change: Partial<OperatorRequest>,
): OperatorRequest => ({
  reservationId: hold.reservationId,
  as: 'expired',
  ledger: null,
  loanId: null,
  envelopeHash: null,
  ...WHY,
  ...change,
});
function operatorOn(own: Partial<Chain> = {}): {
  ask: (wish: OperatorRequest) => Promise<OperatorOutcome>;
  raised: AlarmName[];
} {
  const chain = chainOver(stage, own);
  const raised: AlarmName[] = [];
  const { settlement } = settlementOn(stage, { chain });
  const resolution = new OperatorResolution(
    { ledger: stage.under.ledger, pools: stage.under.registry, chain, settlement },
    {
      raise: (name) => {
        raised.push(name);
      },
    },
    endsOf(stage),
  );
  return { ask: (of) => resolution.resolve(of), raised };
}
const passTime = async (): Promise<void> => {
  stage.network.control.travel(400);
  await stage.network.closeLedgers(1);
};
const heldNow = async (): Promise<bigint | undefined> =>
  (await stage.under.ledger.reader.position(pool.id))?.held;

type FoundReport = Extract<TransactionReport, { status: 'success' | 'failed' }>;
/** The node finds the envelope, with an outcome that has no certificate. */
async function found(
  change: Partial<FoundReport> & { status: 'success' | 'failed' },
): Promise<{ own: Partial<Chain>; ledger: number }> {
  await stage.network.closeLedgers(1);
  const head = await stage.chain.head();
  const report = {
    latestLedger: head.ledger,
    latestCloseTime: head.closeTime,
    oldestLedger: head.oldestLedger,
    ledger: head.ledger,
    closeTime: head.closeTime,
    feeBump: false,
    feeCharged: 90_000n,
  };
  const whole =
    change.status === 'success'
      ? { ...report, status: 'success' as const, events: [] }
      : {
          ...report,
          status: 'failed' as const,
          applied: false,
          resultCode: 'txBadSeq',
          cause: null,
        };
  return { own: { findTransaction: () => Promise.resolve({ ...whole }) }, ledger: head.ledger };
}
/** The node has forgotten the ledgers of the hold; the creditline lists these loans. */
async function forgotten(
  loans: readonly Partial<BorrowerLoan>[],
  hold: StageHold,
): Promise<Partial<Chain>> {
  const head = await stage.chain.head();
  const { vendor, total, guarantee } = (
    await stage.under.connections.read.query<{ vendor: string; total: string; guarantee: string }>(
      'select vendor, total_amount::text as total, guarantee_amount::text as guarantee ' +
        'from loans where reservation_id = $1',
      [hold.reservationId],
    )
  ).rows[0] ?? { vendor: '', total: '0', guarantee: '0' };
  const listed = loans.map((loan) => ({
    loanId: hold.funding.loanIdFirst,
    vendor,
    totalAmount: BigInt(total),
    guaranteeAmount: BigInt(guarantee),
    createdAt: hold.funding.maxTime - 10n,
    ...loan,
  }));
  return {
    head: () => Promise.resolve({ ...head, oldestLedger: head.ledger }),
    borrowerLoans: () => Promise.resolve({ ledger: head.ledger, loans: listed }),
    findTransaction: () =>
      Promise.resolve({
        status: 'not_found',
        latestLedger: head.ledger,
        latestCloseTime: head.closeTime,
        oldestLedger: head.ledger,
      }),
  };
}

describe('what the evidence proves is recorded instead of what a person states', () => {
  test('a landing, although the person says expired', async () => {
    const hold = await stageHold(stage, pool);
    await hold.submit();
    const { ledger } = await stage.network.closeLedgers(1);
    expect(await operatorOn().ask(wish(hold, {}))).toMatchObject({
      kind: 'proven',
      state: 'settled',
      sentence: expect.stringContaining('the evidence proves'),
    });
    expect(await reservationNow(stage, hold.reservationId)).toMatchObject({
      state: 'settled',
      settled_ledger: String(ledger),
      evidence: { certificate: 'D4' },
    });
  });

  test("a loan in the contract's own list, where look-ups prove nothing any more", async () => {
    const hold = await stageHold(stage, pool);
    await passTime();
    expect(await operatorOn(await forgotten([{}], hold)).ask(wish(hold, {}))).toMatchObject({
      kind: 'proven',
      state: 'settled',
      sentence: expect.stringContaining('list of loans proves'),
    });
    expect(await reservationNow(stage, hold.reservationId)).toMatchObject({
      evidence: { certificate: 'contract_state' },
    });
  });

  test(
    'while the evidence is being gathered a person decides nothing: before the deadline, ' +
      'and after it until both votes are in',
    async () => {
      const hold = await stageHold(stage, pool);
      for (const as of ['expired', 'released'] as const)
        expect(await operatorOn().ask(wish(hold, { as }))).toMatchObject({
          kind: 'refused',
          why: 'nothing_for_a_person',
          sentence: expect.stringContaining('may_still_land'),
        });
      expect(await operatorOn().ask(wish(hold, { as: 'settled', ledger: 5 }))).toMatchObject({
        kind: 'refused',
        why: 'nothing_for_a_person',
      });
      await passTime();
      expect(await operatorOn().ask(wish(hold, {}))).toMatchObject({
        kind: 'refused',
        why: 'nothing_for_a_person',
      });
      expect(await heldNow()).toBe(AMOUNT);
    },
  );

  test('a node that is down is no evidence: nothing is decided without it', async () => {
    const hold = await stageHold(stage, pool);
    const away = () => Promise.reject(new HoldfastError('CHAIN_UNREACHABLE', 'the node is away'));
    await expect(operatorOn({ findTransaction: away }).ask(wish(hold, {}))).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
    });
    expect(await heldNow()).toBe(AMOUNT);
  });
});

describe('SUCCESS without our events', () => {
  test(
    'settled, at the ledger in which the node found it and no other; with who and why in ' +
      'the journal',
    async () => {
      const hold = await stageHold(stage, pool);
      const { own, ledger } = await found({ status: 'success' });
      await stage.network.closeLedgers(1);
      const made = await forgotten([{ loanId: hold.funding.loanIdFirst + 3n }], hold);
      const { ask, raised } = operatorOn({
        ...own,
        borrowerLoans: made.borrowerLoans ?? stage.chain.borrowerLoans.bind(stage.chain),
      });
      const S = hold.funding.issuedAfterLedger;
      expect(await ask(wish(hold, { as: 'settled' }))).toMatchObject({ why: 'ledger_needed' });
      expect(await ask(wish(hold, { as: 'settled', ledger: S }))).toMatchObject({
        why: 'ledger_impossible',
      });
      expect(await ask(wish(hold, { as: 'settled', ledger: ledger + 500 }))).toMatchObject({
        why: 'ledger_impossible',
      });
      expect(await ask(wish(hold, { as: 'settled', ledger: ledger + 1 }))).toMatchObject({
        why: 'not_in_that_ledger',
        sentence: expect.stringContaining(`found it in ledger ${ledger}`),
      });
      expect(
        await ask(wish(hold, { as: 'settled', ledger, envelopeHash: 'c'.repeat(64) })),
      ).toMatchObject({ why: 'which_envelope' });
      expect(await ask(wish(hold, { as: 'settled', ledger, loanId: 999n }))).toMatchObject({
        why: 'no_such_loan',
      });
      expect(raised).toEqual([]);
      expect(await heldNow()).toBe(AMOUNT);
      expect(await ask(wish(hold, { as: 'settled', ledger }))).toEqual({
        kind: 'resolved',
        state: 'settled',
        alarm: 'success_without_our_events',
      });
      expect(stage.ends.at(-1)).toEqual({
        poolId: pool.id,
        reservationId: hold.reservationId,
        outcome: 'settled',
        ledger,
        certificate: 'operator',
      });
      expect(raised).toEqual(['resolved_by_operator']);
      expect(await reservationNow(stage, hold.reservationId)).toMatchObject({
        state: 'settled',
        settled_ledger: String(ledger),
        events: ['held', 'settled'],
        evidence: {
          certificate: 'operator',
          by: 'ada',
          reason: WHY.reason,
          alarm: 'success_without_our_events',
          chainLoanId: String(hold.funding.loanIdFirst + 3n),
          saidLedger: ledger,
          loansRead: 1,
        },
      });
      expect(await ask(wish(hold, { as: 'settled', ledger }))).toMatchObject({ why: 'ended' });
    },
  );

  test(
    'no loan in the list: it is not settled, and it is released only after the deadline, ' +
      'its sequence being consumed',
    async () => {
      const hold = await stageHold(stage, pool);
      const { own, ledger } = await found({ status: 'success' });
      const consumed = (address: string) =>
        Promise.resolve(new Map([[address, { ledger, sequence: hold.funding.sequence }]]));
      const { ask } = operatorOn({ ...own, accountSequences: () => consumed(hold.borrower) });
      expect(await ask(wish(hold, { as: 'settled', ledger }))).toMatchObject({
        why: 'no_such_loan',
      });
      for (const as of ['expired', 'released'] as const)
        expect(await ask(wish(hold, { as }))).toMatchObject({
          why: 'may_still_land',
          sentence: expect.stringContaining('Before that only `settled`'),
        });
      await passTime();
      const later = operatorOn({
        ...(await found({ status: 'success' })).own,
        accountSequences: () => consumed(hold.borrower),
      });
      expect(await later.ask(wish(hold, { as: 'released' }))).toEqual({
        kind: 'resolved',
        state: 'released',
        alarm: 'success_without_our_events',
      });
      expect(await reservationNow(stage, hold.reservationId)).toMatchObject({
        state: 'released',
        reason: 'sequence_consumed',
        evidence: { certificate: 'operator', by: 'ada' },
      });
      expect(await heldNow()).toBe(0n);
    },
  );

  test('a hold whose loan the creditline lists is not released', async () => {
    const hold = await stageHold(stage, pool);
    await passTime();
    const list = await forgotten([{}], hold);
    const { ask } = operatorOn({
      ...(await found({ status: 'success' })).own,
      borrowerLoans: list.borrowerLoans ?? stage.chain.borrowerLoans.bind(stage.chain),
    });
    expect(await ask(wish(hold, {}))).toMatchObject({
      why: 'loan_exists',
      sentence: expect.stringContaining(`loan ${hold.funding.loanIdFirst}`),
    });
  });
});

describe('FAILED without effect', () => {
  test(
    'cannot be settled; can be released only with a consumed sequence, and expired once ' +
      'every deadline has passed',
    async () => {
      const hold = await stageHold(stage, pool);
      const first = await found({ status: 'failed' });
      expect(
        await operatorOn(first.own).ask(wish(hold, { as: 'settled', ledger: first.ledger })),
      ).toMatchObject({ why: 'not_in_that_ledger', sentence: expect.stringContaining('FAILED') });
      expect(await operatorOn(first.own).ask(wish(hold, {}))).toMatchObject({
        why: 'may_still_land',
      });
      await passTime();
      const { own } = await found({ status: 'failed' });
      expect(await operatorOn(own).ask(wish(hold, { as: 'released' }))).toMatchObject({
        why: 'sequence_not_consumed',
      });
      expect(await operatorOn(own).ask(wish(hold, { ledger: 7 }))).toEqual({
        kind: 'resolved',
        state: 'expired',
        alarm: 'failed_without_effect',
      });
      const head = await stage.chain.head();
      const { rows } = await stage.under.connections.read.query(
        'select envelope_hash as hash, ledger::int, extract(epoch from close_time)::text as ' +
          `closed, evidence ->> 'saidLedger' as said from reservation_events where ` +
          `reservation_id = $1 and kind = 'expired'`,
        [hold.reservationId],
      );
      expect(rows).toEqual([
        {
          hash: hold.funding.hash,
          ledger: head.ledger,
          closed: expect.stringMatching(new RegExp(`^${head.closeTime}`)),
          said: '7',
        },
      ]);
    },
  );

  test(
    'a person can decide although the list of loans cannot be read, and the journal says ' +
      'that it was not read',
    async () => {
      const hold = await stageHold(stage, pool);
      await passTime();
      const { own } = await found({ status: 'failed' });
      const broken = () =>
        Promise.reject(new HoldfastError('CHAIN_UNREACHABLE', 'get_user_loans traps'));
      expect(await operatorOn({ ...own, borrowerLoans: broken }).ask(wish(hold, {}))).toMatchObject(
        {
          kind: 'resolved',
        },
      );
      expect(await reservationNow(stage, hold.reservationId)).toMatchObject({
        evidence: { loansRead: null },
      });
    },
  );
});

describe('two loans that may both be of this hold', () => {
  test(
    'the person must name one that settled no other hold; its ledger is one that the node ' +
      'no longer has',
    async () => {
      const hold = await stageHold(stage, pool);
      const id = hold.funding.loanIdFirst;
      const head = await stage.network.closeLedgers(3);
      await passTime();
      const { ask } = operatorOn(await forgotten([{ loanId: id }, { loanId: id + 1n }], hold));
      const say = (loanId: bigint | null, ledger = head.ledger) =>
        ask(wish(hold, { as: 'settled', ledger, loanId }));
      expect(await say(null)).toMatchObject({
        why: 'which_loan',
        sentence: expect.stringContaining(`${id}, ${id + 1n}`),
      });
      expect(await say(id + 9n)).toMatchObject({ why: 'no_such_loan' });
      expect(await say(id, (await stage.chain.head()).ledger)).toMatchObject({
        why: 'not_in_that_ledger',
        sentence: expect.stringContaining('still has ledger'),
      });
      const earlier = await stageHold(stage, pool);
      await stage.under.ledger.ends.settle([
        {
          poolId: pool.id,
          reservationId: earlier.reservationId,
          envelopeHash: earlier.funding.hash,
          settledLedger: head.ledger,
          closeTime: 1_800_000_000n,
          loanId: id + 1n,
          feeBump: false,
        },
      ]);
      await stage.under.connections.write.query(
        'update reservations set borrower = $2 where id = $1',
        [earlier.reservationId, hold.borrower],
      );
      expect(await say(id + 1n)).toMatchObject({
        why: 'loan_of_another_hold',
        sentence: expect.stringContaining(earlier.reservationId),
      });
      expect(await say(id)).toEqual({
        kind: 'resolved',
        state: 'settled',
        alarm: 'loans_ambiguous',
      });
      expect(await reservationNow(stage, hold.reservationId)).toMatchObject({
        evidence: { certificate: 'operator', alarm: 'loans_ambiguous', chainLoanId: id.toString() },
      });
    },
  );

  test('when neither is its loan, it expires after the deadline', async () => {
    const hold = await stageHold(stage, pool);
    const id = hold.funding.loanIdFirst;
    await passTime();
    expect(
      await operatorOn(await forgotten([{ loanId: id }, { loanId: id + 1n }], hold)).ask(
        wish(hold, {}),
      ),
    ).toEqual({ kind: 'resolved', state: 'expired', alarm: 'loans_ambiguous' });
  });

  test('before the deadline a person can only settle it, and only by a loan that exists', async () => {
    const hold = await stageHold(stage, pool);
    const { ledger } = await stage.network.closeLedgers(3);
    await stage.network.closeLedgers(2);
    expect(await operatorOn(await forgotten([], hold)).ask(wish(hold, {}))).toMatchObject({
      why: 'may_still_land',
    });
    expect(
      await operatorOn(await forgotten([], hold)).ask(wish(hold, { as: 'settled', ledger })),
    ).toMatchObject({
      why: 'no_such_loan',
      sentence: expect.stringContaining('did not land by then'),
    });
    expect(
      await operatorOn(await forgotten([{}], hold)).ask(wish(hold, { as: 'settled', ledger })),
    ).toEqual({ kind: 'resolved', state: 'settled', alarm: 'lookup_proves_nothing' });
  });
});

test(
  'a chain that went backwards: a person decides once the deadline has passed by the ' +
    'clock of that chain',
  async () => {
    const hold = await stageHold(stage, pool);
    const head = await stage.chain.head();
    await stage.under.connections.write.query(
      'update pools set head_ledger = head_ledger + 500 where id = $1',
      [pool.id],
    );
    const { ask } = operatorOn();
    expect(await ask(wish(hold, {}))).toMatchObject({ why: 'may_still_land' });
    await passTime();
    expect(await ask(wish(hold, {}))).toEqual({
      kind: 'resolved',
      state: 'expired',
      alarm: 'chain_went_backwards',
    });
    expect(head.ledger).toBeGreaterThan(0);
  },
);

test('a decision does not cover an envelope that was issued in between', async () => {
  const hold = await stageHold(stage, pool);
  await passTime();
  const { own } = await found({ status: 'failed' });
  const raced = {
    ...own,
    borrowerLoans: async (...of: Parameters<Chain['borrowerLoans']>) => {
      await stage.under.connections.write.query(
        'update reservations set envelope_version = envelope_version + 1 where id = $1',
        [hold.reservationId],
      );
      return stage.chain.borrowerLoans(...of);
    },
  };
  expect(await operatorOn(raced).ask(wish(hold, {}))).toMatchObject({ why: 'moved' });
  const landed = await found({ status: 'success' });
  const list = await forgotten([{}], hold);
  const success = {
    ...landed.own,
    borrowerLoans: async (...of: Parameters<Chain['borrowerLoans']>) => {
      await stage.under.connections.write.query(
        'update reservations set envelope_version = envelope_version + 1 where id = $1',
        [hold.reservationId],
      );
      return (list.borrowerLoans ?? stage.chain.borrowerLoans.bind(stage.chain))(...of);
    },
  };
  expect(
    await operatorOn(success).ask(wish(hold, { as: 'settled', ledger: landed.ledger })),
  ).toMatchObject({ why: 'moved' });
  expect(await heldNow()).toBe(AMOUNT);
});

test('a name, a reason and an existing reservation are needed', async () => {
  const hold = await stageHold(stage, pool);
  const { ask } = operatorOn();
  for (const change of [{ by: ' ' }, { reason: 'because' }])
    expect(await ask(wish(hold, change))).toMatchObject({ why: 'no_who_or_why' });
  expect(await ask(wish({ reservationId: randomUUID() }, {}))).toMatchObject({ why: 'not_found' });
});

describe('holdfast resolve', () => {
  async function run(
    ...args: string[]
  ): Promise<{ code: number; said: string; complained: string }> {
    const [said, complained]: [string[], string[]] = [[], []];
    const open = () =>
      openRooms(
        {
          databaseUrl: stage.databaseUrl,
          rpcUrl: stage.network.rpcUrl,
          networkPassphrase: stage.network.passphrase,
        },
        readConfig({}),
      );
    const terminal = {
      open,
      say: (line: string) => said.push(line),
      complain: (line: string) => complained.push(line),
    };
    return {
      code: await runCommand(resolveCommand(terminal), args, terminal),
      said: said.join('\n'),
      complained: complained.join('\n'),
    };
  }
  const why = ['--reason', WHY.reason, '--by', 'ada'];

  test('reports a refusal with its reason, and what was proven instead', async () => {
    const hold = await stageHold(stage, pool);
    const args = ['--reservation', hold.reservationId, '--as', 'expired', ...why];
    expect(await run(...args)).toMatchObject({
      code: 1,
      complained: expect.stringContaining('Refused (nothing_for_a_person). No decision is needed'),
    });
    await hold.submit();
    await stage.network.closeLedgers(1);
    expect(await run(...args)).toEqual({
      code: 0,
      said: 'No decision was needed: the evidence proves that the reservation is settled, and this is recorded.',
      complained: '',
    });
  });

  test("resolves by a person's decision", async () => {
    const hold = await stageHold(stage, pool);
    await passTime();
    await stage.under.connections.write.query(
      'update pools set head_ledger = head_ledger + 500 where id = $1',
      [pool.id],
    ); // as known of the chain before it was reset
    const loan = await stage.under.connections.read.query<{ id: string }>(
      'select id from loans where pool_id = $1 and reservation_id = $2',
      [pool.id, hold.reservationId],
    );
    const named = loan.rows[0]?.id ?? ''; // the loan names its reservation
    expect(await run('--reservation', named, '--as', 'expired', ...why)).toEqual({
      code: 0,
      said:
        `Reservation ${hold.reservationId} is expired by the word of ada (alarm ` +
        'chain_went_backwards). It is in the journal.',
      complained: '',
    });
  });

  test.each([
    [[]],
    [['--reservation', 'x', '--as', 'expired', ...why]],
    [['--reservation', randomUUID(), '--as', 'settled', ...why]],
    [['--reservation', randomUUID(), '--as', 'expired', '--loan-id', '4', ...why]],
    [['--reservation', randomUUID(), '--as', 'expired', '--by', 'ada', '--reason', 'short']],
    [['--reservation', randomUUID(), '--as', 'gone', ...why]],
    [['--force']],
  ])('%j is answered with the usage', async (args) => {
    expect(await run(...args)).toMatchObject({
      code: 2,
      said: '',
      complained: expect.stringContaining('Usage: resolve --'),
    });
  });
});
