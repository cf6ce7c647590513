import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { givenBorrowers, givenPool, givenService, loanBody, type GivenPool, type Service } from './support/given.js';

let service: Service;
let pool: GivenPool;
beforeAll(async () => {
  service = await givenService();
  pool = await givenPool(service);
});
afterAll(() => service.stop());

describe('POST /loans', () => {
  test('holds and answers the transaction', async () => {
    const [borrower] = givenBorrowers(service, pool.contract);
    const answer = await service.app.inject({ method: 'POST', url: '/loans', payload: loanBody(pool, borrower!), headers: { 'idempotency-key': 'k1' } });
    console.log(answer.statusCode, answer.headers, answer.body);
    expect(answer.statusCode).toBe(201);
    const again = await service.app.inject({ method: 'POST', url: '/loans', payload: loanBody(pool, borrower!), headers: { 'idempotency-key': 'k1' } });
    console.log(again.statusCode, again.headers, again.body);
    expect(again.body).toBe(answer.body);
  });
});
