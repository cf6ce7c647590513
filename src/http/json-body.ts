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
          'Bodies are application/json in UTF-8; another charset is not read.',
        ),
      );
      return;
    }
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body as Buffer);
    } catch {
      done(validationFailed([{ field: 'body', message: 'is not valid UTF-8' }]));
      return;
    }
    void parse(request, text, (error, value) => {
      const fault = error ? null : jsonFault(text);
      done(error ?? (fault ? validationFailed([fault]) : null), value);
    });
  });
}
