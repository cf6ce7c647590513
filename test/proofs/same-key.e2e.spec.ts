import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { givenPool, givenService, loanBody, signed, type Service } from '../support/given.js';
import { oneBorrower } from '../support/held-loans.js';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import {
  postLoanTo,
  type ServicePlace,
  type ServiceProcess,
  startServiceProcess,
} from '../support/service-process.js';

let service: Service;
let place: ServicePlace;
const running: ServiceProcess[] = [];
beforeAll(async () => {
  service = await givenService();
  place = {
    databaseUrl: service.database.url,
    rpcUrl: service.network.rpcUrl,
    passphrase: service.network.passphrase,
  };
});
afterAll(async () => {
  await Promise.all(running.map((each) => each.stop()));
  await service.stop();
});

async function start(): Promise<ServiceProcess> {
  const process = await startServiceProcess(place);
  running.push(process);
  return process;
}
interface Said {
  readonly status: number;
  readonly text: string;
  readonly replayed: string | null;
  readonly state: string | null;
}
async function asked(of: ServiceProcess, body: unknown, key: string): Promise<Said> {
  const answer = await postLoanTo({ url: of.url, apiKey: service.key }, body, key);
  return {
    status: answer.status,
    text: await answer.text(),
    replayed: answer.headers.get('idempotency-replayed'),
    state: answer.headers.get('holdfast-reservation-state'),
  };
}

test(
  'one key, two processes, a restart in between and after settlement: the same answer, byte ' +
    'for byte; the members of the body in another order are the same request',
  async () => {
    const pool = await givenPool(service, { deposit: 150_0000000n });
    const borrower = oneBorrower(service, pool);
    const body = loanBody(pool, borrower);
    const turned = Object.fromEntries(Object.entries(body).toReversed());
    const [one, two] = await Promise.all([start(), start()]);
    const first = await asked(one, body, 'the-key');
    expect(first).toMatchObject({ status: 201, replayed: null, state: 'held' });
    expect(await asked(two, turned, 'the-key')).toEqual({ ...first, replayed: 'true' });
    await one.stop();
    expect(await asked(two, body, 'the-key')).toEqual({ ...first, replayed: 'true' });
    const restarted = await start();
    expect(await asked(restarted, body, 'the-key')).toEqual({ ...first, replayed: 'true' });

    const { transaction } = JSON.parse(first.text) as { transaction: { xdr: string } };
    expect(
      (await service.chain.submit(signed(transaction.xdr, service.network.passphrase, borrower)))
        .status,
    ).toBe('PENDING');
    await service.network.closeLedgers(1);
    await new SettlementService({
      ledger: service.ledger,
      pools: service.registry,
      chain: service.chain,
    }).observePool(pool.pool);
    for (const each of [two, restarted])
      expect(await asked(each, turned, 'the-key')).toEqual({
        ...first,
        replayed: 'true',
        state: 'settled',
      });

    // 50 are left: refused for good under its key
    const short = await asked(two, loanBody(pool, oneBorrower(service, pool)), 'another-key');
    expect(short).toMatchObject({ status: 409, replayed: null });
    expect(await asked(restarted, { ...body, totalAmount: '126' }, 'the-key')).toMatchObject({
      status: 422,
    });
  },
  90_000,
);

test('one key, two processes and a restart: the same authorization, byte for byte', async () => {
  const pool = await givenPool(service, { deposit: 150_0000000n });
  const body = loanBody(pool, oneBorrower(service, pool), { signing: 'authorization' });
  const [one, two] = await Promise.all([start(), start()]);
  const [first, second] = await Promise.all([
    asked(one, body, 'signed-once'),
    asked(two, body, 'signed-once'),
  ]);
  expect(first).toMatchObject({ status: 201, state: 'held' });
  expect(second).toEqual({ ...first, replayed: first.replayed === null ? 'true' : null });
  const { authorization } = JSON.parse(first.text) as { authorization: { entryXdr: string } };
  expect(authorization.entryXdr).not.toBe('');
  await one.stop();
  expect(await asked(await start(), body, 'signed-once')).toEqual({ ...first, replayed: 'true' });
  // the other way to sign is another request
  expect(await asked(two, { ...body, signing: 'transaction' }, 'signed-once')).toMatchObject({
    status: 422,
  });
}, 90_000);

test('a recorded refusal is the same from another process after a restart', async () => {
  const pool = await givenPool(service, { deposit: 50_0000000n });
  const body = loanBody(pool, oneBorrower(service, pool));
  const one = await start();
  const first = await asked(one, body, 'refused');
  expect(first).toMatchObject({ status: 409, replayed: null });
  await one.stop();
  const two = await start();
  expect(await asked(two, body, 'refused')).toEqual({ ...first, replayed: 'true' });
}, 90_000);
