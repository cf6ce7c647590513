import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { HoldfastError } from '../common/errors.js';
import type { HttpErrorsFilter } from './http-errors.filter.js';
import { problemIndex, problemPageOf } from './problem-pages.js';

const PUBLIC = { config: { access: 'public' } as object };
/** Mounts the pages that the `type` of every problem points at. */
export function mountProblemPages(adapter: FastifyAdapter, errors: HttpErrorsFilter): void {
  const fastify = adapter.getInstance();
  fastify.get('/problems', PUBLIC, (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(problemIndex()),
  );
  fastify.get<{ Params: { code: string } }>('/problems/:code', PUBLIC, (request, reply) => {
    const page = problemPageOf(request.params.code);
    if (page !== null) return reply.type('text/html; charset=utf-8').send(page);
    errors.answer(
      new HoldfastError('NOT_FOUND', 'There is no such code; /problems lists them.'),
      request,
      reply,
    );
    return reply;
  });
}
