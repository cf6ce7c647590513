import { isUtf8 } from 'node:buffer';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { HoldfastError } from '../common/errors.js';
import { jsonFault } from './strict-json.js';
import { validationFailed } from './validation.js';

/**
 * Parses bodies with Fastify's own parser, which refuses __proto__, and then refuses what JSON allows
 * and a ledger must not accept. The charset can only be UTF-8 (RFC 8259).
 */
export function readJsonStrictly(adapter: FastifyAdapter): void {
  const fastify = adapter.getInstance();
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeContentTypeParser('application/json');
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(
      request.headers['content-type'] ?? '',
    )?.[1];
    if (charset !== undefined && !/^(utf-?8|us-ascii)$/i.test(charset)) {
      done(
        new HoldfastError(
          'UNSUPPORTED_MEDIA_TYPE',
          'Send the body as application/json in UTF-8. Other charsets are not accepted.',
        ),
      );
      return;
    }
    const bytes = body as Buffer;
    if (!isUtf8(bytes)) {
      done(validationFailed([{ field: 'body', message: 'is not valid UTF-8' }]));
      return;
    }
    const text = bytes.toString('utf8');
    void parse(request, text, (error, value) => {
      const fault = error ? null : jsonFault(text);
      done(error ?? (fault ? validationFailed([fault]) : null), value);
    });
  });
}
