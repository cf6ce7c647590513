import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import {
  ask,
  givenBorrowers,
  givenPool,
  givenService,
  loanBody,
  postLoan,
  signed,
  type Answer,
  type GivenPool,
  type Service,
} from '../support/given.js';

/**
 * 40 live holds on one lending contract (docs/protocol.md#counter-window). All were built at one
 * loan counter, so each can land on the same 25 ids: liquidity does not stop the others. The test
 * checks what lands, what traps and what the answers say, and that the ledger agrees with the chain
 * each time.
 */
const WINDOW = 25; // K = 24 and the next id itself
let service: Service;
let given: GivenPool;
let settlement: SettlementService;
beforeAll(async () => {
  service = await givenService();
  given = await givenPool(service, { deposit: 10_000_0000000n });
  settlement = new SettlementService({
    ledger: service.ledger,
    pools: service.registry,
    chain: service.chain,
  });
});
afterAll(async () => {
  await service.stop();
});

interface Offer {
  readonly loan: { id: string };
  readonly reservation: { id: string };
  readonly transaction: { xdr: string; loanIdWindow: { first: string; last: string } };
}
async function countStates(): Promise<Record<string, number>> {
  const list = await ask(service, { url: `/reservations?poolId=${given.pool.id}&limit=100` });
  const states = (list.body['reservations'] as { state: string }[]).map((one) => one.state);
  return Object.fromEntries(
    [...new Set(states)].map((state) => [state, states.filter((one) => one === state).length]),
  );
}

test(
  '40 holds, 30 submitted before a ledger closes: 25 land, 5 trap; 10 later ones are not ' +
    'forwarded, and their holds end by proof',
  async () => {
    const borrowers = givenBorrowers(service, given.contract, { count: 40 });
    const asked = await Promise.all(
      borrowers.map((borrower) => postLoan(service, loanBody(given, borrower))),
    );
    expect(asked.map((answer) => answer.status)).toEqual(Array.from({ length: 40 }, () => 201));
    const offers = asked.map((answer) => answer.body as unknown as Offer);
    expect(
      new Set(
        offers.map(
          (offer) =>
            `${offer.transaction.loanIdWindow.first}-${offer.transaction.loanIdWindow.last}`,
        ),
      ),
    ).toEqual(new Set([`1-${WINDOW}`]));

    const submit = (at: number): Promise<Answer> => {
      const [offer, borrower] = [offers[at], borrowers[at]];
      if (!offer || !borrower) throw new Error(`no offer ${at}`);
      return ask(service, {
        url: `/loans/${offer.loan.id}/submission`,
        body: { signedXdr: signed(offer.transaction.xdr, service.network.passphrase, borrower) },
      });
    };
    const early = await Promise.all(Array.from({ length: 30 }, (_, at) => submit(at)));
    expect(early.map((answer) => [answer.status, answer.body['status']])).toEqual(
      Array.from({ length: 30 }, () => [202, 'PENDING']),
    );
    await service.network.closeLedgers(4); // a ledger has room for eight or nine of them

    const late = await Promise.all(Array.from({ length: 10 }, (_, at) => submit(30 + at)));
    expect(
      late.map((answer) => [answer.status, answer.body['code'], answer.body['nextLoanId']]),
    ).toEqual(Array.from({ length: 10 }, () => [409, 'ENVELOPE_OUTDATED', `${WINDOW + 1}`]));
    expect(late[0]?.body['detail']).toContain('can only land on 1 to 25');

    await settlement.observePool(given.pool);
    await service.network.closeLedgers(1);
    // a second reply of a later ledger agrees that five failed
    await settlement.observePool(given.pool);
    // a trap kills the envelope, not the hold
    expect(await countStates()).toEqual({ settled: WINDOW, held: 15 });
    expect(service.network.control.figures(given.contract)).toMatchObject({
      locked: '25000000000',
    });
    expect(await service.ledger.reader.position(given.pool.id)).toMatchObject({
      locked: 2500_0000000n,
      held: 1500_0000000n,
      heldCount: 15,
      inFlight: 0n,
      available: 6000_0000000n,
    });
    const trapped = await ask(service, { url: `/reservations?poolId=${given.pool.id}&state=held` });
    const stories = await Promise.all(
      (trapped.body['reservations'] as { id: string }[]).map(({ id }) =>
        ask(service, { url: `/reservations/${id}` }),
      ),
    );
    const failed = stories.filter(
      ({ body }) => (body['envelopes'] as { state: string }[])[0]?.state === 'failed',
    );
    expect(failed).toHaveLength(5);
    for (const { text } of failed) expect(text).toContain('invokeHostFunctionTrapped');

    // a trapped borrower may ask for a new transaction under the same hold at once, and is given
    // the
    // ids that come next
    const rebuilt = failed[0]?.body['reservation'] as { id: string; loanId: string };
    const again = await ask(service, {
      method: 'POST',
      url: `/loans/${rebuilt.loanId}/transaction`,
    });
    expect([
      again.status,
      (again.body as unknown as Offer).reservation.id,
      (again.body as unknown as Offer).transaction.loanIdWindow,
    ]).toEqual([201, rebuilt.id, { first: '26', last: '50' }]);

    // the deadline passes: the ten and the new one are proven dead, the four without a rebuild are
    // released, and nothing counts any more
    service.network.control.travel(1000);
    for (let round = 0; round < 6; round++) {
      await service.network.closeLedgers(1);
      await settlement.expireLapsed(given.pool);
    }
    expect(await countStates()).toEqual({ settled: WINDOW, released: 4, expired: 11 });
    await settlement.observePool(given.pool);
    expect(await service.ledger.reader.position(given.pool.id)).toMatchObject({
      held: 0n,
      heldCount: 0,
      inFlight: 0n,
      available: 7500_0000000n,
    });
  },
  60_000,
);
