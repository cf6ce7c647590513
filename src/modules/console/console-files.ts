import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { RouteAccess } from '../../http/access-rule.js';
import { HoldfastError } from '../../common/errors.js';
import { inPackage } from '../../common/places.js';
import type { HttpErrorsFilter, ProblemReply } from '../../http/http-errors.filter.js';

export const CONSOLE_PATH = '/console';
const ACCESS: RouteAccess = { access: 'operate', page: true };
const PUBLIC = inPackage('dist', 'src', 'modules', 'console', 'public');
const CHARTS = path.dirname(createRequire(import.meta.url).resolve('uplot/dist/uPlot.iife.min.js'));
/** The chart library as published; nothing is bundled. */
const CHART_FILES = ['uPlot.iife.min.js', 'uPlot.min.css'];
const PAGE = 'index.html';
const VERSION = '{version}';
/**
 * No inline code and nothing from other origins; the jobs page is shown in a frame. The chart
 * library sets styles through the DOM, which `style-src` allows.
 */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src " +
  "'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const YEAR_SECONDS = 31_536_000;

/** The folder of every file that the page may load, by name. Other names are not found. */
export function consoleFiles(): ReadonlyMap<string, string> {
  const own = readdirSync(PUBLIC)
    .filter((name) => name !== PAGE)
    .map((name) => [name, PUBLIC] as const);
  return new Map([...own, ...CHART_FILES.map((name) => [name, CHARTS] as const)]);
}

/**
 * Serves the console's page and its files to operators. File addresses contain a hash of all files,
 * so a browser keeps them for a year and never mixes two versions. The page itself is revalidated.
 */
export async function mountConsole(
  app: NestFastifyApplication,
  errors: HttpErrorsFilter,
): Promise<void> {
  const files = consoleFiles();
  const version = versionOf(files);
  const page = readFileSync(path.join(PUBLIC, PAGE), 'utf8').replaceAll(VERSION, version);
  await app
    .getHttpAdapter()
    .getInstance()
    .register(
      async (scope) => {
        await scope.register(fastifyStatic, {
          root: [PUBLIC, CHARTS],
          serve: false,
          cacheControl: false,
        });
        scope.get('/', { config: ACCESS as object }, (_request, reply) =>
          reply
            .header('content-security-policy', POLICY)
            .header('cache-control', 'no-cache')
            .type('text/html; charset=utf-8')
            .send(page),
        );
        scope.get<{ Params: { version: string; file: string } }>(
          '/assets/:version/:file',
          { config: ACCESS as object },
          (request, reply) => {
            const { file } = request.params;
            const folder = files.get(file);
            if (folder === undefined || request.params.version !== version) {
              // answered here, because a plugin with a scope of its own does not know Nest's
              // filters
              errors.answer(
                new HoldfastError('NOT_FOUND', 'There is no such file; load the console again.'),
                request,
                reply as unknown as ProblemReply,
              );
              return reply;
            }
            return reply
              .header('cache-control', `private, max-age=${YEAR_SECONDS}, immutable`)
              .sendFile(file, folder);
          },
        );
      },
      { prefix: CONSOLE_PATH },
    );
}

function versionOf(files: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const [name, folder] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${name}\0`).update(readFileSync(path.join(folder, name)));
  return hash.digest('hex').slice(0, 16);
}
