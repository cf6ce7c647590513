import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { PROBLEMS } from '../common/problems/problems.js';
import { HoldfastError } from '../common/errors.js';
import { problemOf } from './problem-body.js';
import { uuidV7 } from '../common/uuid.js';
import { validationFailed } from './validation.js';

/**
 * A request that Node's parser gives up on passes no hook and no filter, so the problem is written
 * to the socket. The parser's own message is not sent.
 */
export function answerUnparsed(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return; // the client has already gone
  if (socket.writable) socket.write(answerOf(understood(error.code)));
  socket.destroy();
}

function understood(code: string | undefined): HoldfastError {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new HoldfastError('REQUEST_TIMEOUT', PROBLEMS.REQUEST_TIMEOUT.meaning);
    case 'HPE_HEADER_OVERFLOW':
      return new HoldfastError('HEADERS_TOO_LARGE', PROBLEMS.HEADERS_TOO_LARGE.meaning);
    default:
      return validationFailed([{ field: 'request', message: 'is not valid HTTP' }]);
  }
}

/** Answers a request whose host is in doubt, and closes its connection. */
export function answerTwoHosts(response: ServerResponse): void {
  const { status, headers, body } = partsOf(
    validationFailed([{ field: 'Host', message: 'occurs more than once' }]),
  );
  response.writeHead(status, headers).end(body);
}

interface Parts {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
function partsOf(error: HoldfastError): Parts {
  const id = uuidV7();
  const body = JSON.stringify(problemOf(error, { id, method: 'GET' }));
  return {
    status: PROBLEMS[error.code].status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      'x-request-id': id,
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
    },
    body,
  };
}

function answerOf(error: HoldfastError): string {
  const { status, headers, body } = partsOf(error);
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\r\n');
}
