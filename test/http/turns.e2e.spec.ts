import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bearer, givenKey } from '../support/access.js';
import { ask, givenService, type Service } from '../support/given.js';

/** Tenants take turns with requests that write loans, however many keys each of them has. */
const KEYS = 8;
const FLOOD = 240;
const FEW = 20;
let service: Service;
beforeAll(async () => {
  service = await givenService({ RATE_WRITES_PER_MINUTE: '0' });
});
afterAll(() => service.stop());

test('a tenant that floods with many keys has one answer for each of another tenant that waits', async () => {
  const flooding = await Promise.all(
    Array.from({ length: KEYS }, () => givenKey(service.app, { tenantId: 'flood' })),
  );
  const patient = await givenKey(service.app, { tenantId: 'patient' });
  const order: string[] = [];
  const submit = async (tenant: string, key: string): Promise<void> => {
    await ask(service, {
      url: '/loans/01a20439-8365-721f-97de-c7ac9caaa4ad/submission',
      body: { signedXdr: 'AAAA' },
      headers: bearer(key),
    });
    order.push(tenant);
  };
  // each key is known to the process, so that no request waits for the database before its turn
  await Promise.all([...flooding, patient].map((key) => submit('known', key)));
  order.length = 0;
  const all = Array.from({ length: FLOOD }, (_, at) =>
    submit('flood', flooding[at % KEYS] ?? ''),
  ).concat(Array.from({ length: FEW }, () => submit('patient', patient)));
  await Promise.all(all);
  // what was admitted before the others came, and then at most one for each of theirs
  const before = order.lastIndexOf('patient') + 1 - FEW;
  expect(order).toHaveLength(FLOOD + FEW);
  expect(before).toBeLessThanOrEqual(64 + 2 * FEW);
}, 60_000);
