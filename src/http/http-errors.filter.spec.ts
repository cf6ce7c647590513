import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { HttpException, Logger } from '@nestjs/common';
import { PROBLEMS } from '../common/problems/problems.js';
import { type ErrorCode, HoldfastError } from '../common/errors.js';
import { codeOf } from '../telemetry/log-scope.js';
import { HttpErrorsFilter, type ProblemReply } from './http-errors.filter.js';
import { problemOf } from './problem-body.js';

const logged = jest.spyOn(Logger.prototype, 'error');
beforeEach(() => {
  logged.mockImplementation(() => undefined);
});
afterEach(() => {
  logged.mockReset();
});

interface Written {
  status?: number;
  noted?: string | undefined;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

function answered(
  thrown: unknown,
  request = { id: 'r1', method: 'GET', url: '/x?y=1' },
  sent = false,
): Written {
  const written: Written = { headers: {}, body: {} };
  const raw = {};
  const reply: ProblemReply = {
    sent,
    raw,
    code: (status) => {
      written.status = status;
    },
    header: (name, value) => {
      written.headers[name] = value;
    },
    send: (body) => {
      written.body = JSON.parse(body) as Record<string, unknown>;
    },
  };
  new HttpErrorsFilter((path) => (path === '/x' ? ['POST'] : [])).answer(thrown, request, reply);
  written.noted = codeOf(raw);
  return written;
}

test.each(Object.entries(PROBLEMS))(
  '%s is written with its own status, flags and title',
  (code, facts) => {
    const { status, headers, body, noted } = answered(
      new HoldfastError(code as ErrorCode, 'a sentence', { extra: 1 }),
    );
    expect([status, noted]).toEqual([facts.status, code]);
    expect(body).toMatchObject({
      type: `/problems/${code}`,
      title: facts.title,
      status: facts.status,
      detail: 'a sentence',
      code,
      retryable: facts.retryable,
      holdMade: false,
      extra: 1,
    });
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect('retry-after' in headers).toBe(facts.retryAfterSeconds !== null);
    expect('requestId' in body).toBe(!facts.sticky);
  },
);

test('a recorded refusal is the same text for every request', () => {
  const refusal = new HoldfastError('INSUFFICIENT_LIQUIDITY', 'short', { available: '1' });
  expect(problemOf(refusal, { id: 'r1', method: 'POST' })).toEqual(
    problemOf(refusal, { id: 'r2', method: 'POST' }),
  );
});

describe('Retry-After', () => {
  test.each([
    [0.2, '1'],
    [7, '7'],
    [1.5, '2'],
    [undefined, '1'],
  ])('of %p is %p', (retryAfterSeconds, written) => {
    expect(
      answered(new HoldfastError('BUSY_RETRY', 'busy', { retryAfterSeconds })).headers[
        'retry-after'
      ],
    ).toBe(written);
  });
});

describe('errors of others', () => {
  test.each([
    [new HttpException('Cannot GET /nowhere', 404), '/nowhere', 404, 'NOT_FOUND'],
    [new HttpException('Cannot GET /x', 404), '/x', 405, 'METHOD_NOT_ALLOWED'],
    [
      Object.assign(new Error('too long'), { statusCode: 414, code: 'FST_ERR_MAX_PARAM_LENGTH' }),
      '/nowhere',
      404,
      'NOT_FOUND',
    ],
    [
      Object.assign(new Error('bad'), { statusCode: 400, code: 'FST_ERR_CTP_INVALID_JSON_BODY' }),
      '/x',
      400,
      'VALIDATION_FAILED',
    ],
    [Object.assign(new Error('big'), { statusCode: 413 }), '/x', 413, 'PAYLOAD_TOO_LARGE'],
    [
      Object.assign(new Error('of another media'), { statusCode: 415 }),
      '/x',
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [Object.assign(new Error('deadlock'), { code: '40P01' }), '/x', 503, 'BUSY_RETRY'],
    [Object.assign(new Error('violates check'), { code: '23514' }), '/x', 500, 'INTERNAL'],
    ['a text that was thrown', '/x', 500, 'INTERNAL'],
  ])('%s at %s is %i %s', (thrown, url, status, code) => {
    const written = answered(thrown, { id: 'r1', method: 'GET', url });
    expect([written.status, written.body['code']]).toEqual([status, code]);
    expect(JSON.stringify(written.body)).not.toContain(
      thrown instanceof Error ? thrown.message : thrown,
    );
  });

  test('a GET that fails made no hold; after a POST that fails it is unknown', () => {
    expect(answered(new Error('x')).body['holdMade']).toBe(false);
    expect(
      answered(new Error('x'), { id: 'r', method: 'POST', url: '/loans' }).body['holdMade'],
    ).toBeNull();
  });

  test("the log alone has the cause, under the request's id", () => {
    const cause = new Error('secret');
    answered(cause);
    expect(logged).toHaveBeenCalledWith(
      { requestId: 'r1', method: 'GET', err: cause },
      expect.any(String),
    );
    logged.mockClear();
    answered(new HoldfastError('BUSY_RETRY', 'busy'));
    expect(logged).not.toHaveBeenCalled();
  });

  test('an answer that was sent is left alone', () => {
    expect(answered(new Error('x'), undefined, true)).toEqual({ headers: {}, body: {} });
  });
});
