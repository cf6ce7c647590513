import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { tagOfBytes, tagMatches } from './etag.js';

/** The API's pages and the pages of problems, which are the same for everybody while a process runs. */
const DOCUMENT =
  /^\/(docs|docs\/openapi\.json|docs\/swagger-ui-init\.js|problems(\/[A-Z_]{1,40})?)(\?|$)/;
/** A start has more to do, and a process that ends soon needs no document. */
const SOON_MS = 10_000;
const CACHE_CONTROL = 'public, max-age=300';
const gzipped = promisify(gzip);

interface Document {
  readonly type: string;
  /** Encoded once: the API's document is most of a megabyte. */
  readonly body: Buffer;
  readonly gzip: Buffer;
  readonly tag: string;
}

/**
 * Serves public documents from memory: each is made and compressed once, when it is first asked
 * for. Call it before the routes are made.
 */
export function keepDocuments(adapter: FastifyAdapter): void {
  const fastify = adapter.getInstance();
  const kept = new Map<string, Promise<Document>>();
  const pathOf = (url: string): string => url.split('?')[0] ?? url;
  fastify.addHook('preHandler', (request, reply, done) => {
    const made = kept.get(pathOf(request.url));
    if (!made) done();
    else
      made.then((document) => {
        void reply.type(document.type).send(document.body);
      }, done);
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const path = pathOf(request.url);
    const isDocument = reply.statusCode === 200 && DOCUMENT.test(request.url);
    const made =
      kept.get(path) ??
      (isDocument && typeof payload === 'string'
        ? documentOf(String(reply.getHeader('content-type')), payload)
        : undefined);
    if (!isDocument || !made) {
      done(null, payload);
      return;
    }
    kept.set(path, made);
    made.then(({ tag, body, gzip: compressed }) => {
      reply.header('etag', tag);
      reply.header('cache-control', CACHE_CONTROL);
      const others = [reply.getHeader('vary') ?? []].flat();
      reply.header('vary', [...others, 'accept-encoding'].join(', '));
      reply.removeHeader('content-length');
      if (tagMatches(request.headers['if-none-match'], tag)) {
        reply.code(304);
        done(null, null);
      } else if (/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
        reply.header('content-encoding', 'gzip');
        done(null, compressed);
      } else done(null, body);
    }, done);
  });
}

/**
 * Makes a document a while after the start, unless somebody asks earlier: it takes a quarter of a
 * second, for which all other requests would wait.
 */
export function makeSoon(adapter: FastifyAdapter, path: string): void {
  const fastify = adapter.getInstance();
  let timer: NodeJS.Timeout | undefined;
  fastify.addHook('onListen', (done) => {
    timer = setTimeout(() => void fastify.inject(path), SOON_MS).unref();
    done();
  });
  fastify.addHook('onClose', (_instance, done) => {
    clearTimeout(timer);
    done();
  });
}

async function documentOf(type: string, text: string): Promise<Document> {
  const body = Buffer.from(text);
  return { type, body, gzip: await gzipped(body), tag: tagOfBytes(text) };
}
