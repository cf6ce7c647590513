import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { formatTable } from '../../src/cli/table.js';

/** The parts of a section, in their order. */
export const PARTS = ['You see', 'It means', 'Look', 'Act', 'Do not', 'Over'] as const;
export type Part = (typeof PARTS)[number];

/**
 * `at`: its place among all blocks of the file; the same text may stand in several places and print
 * different things.
 */
export interface Block {
  readonly at: number;
  readonly section: string;
  readonly part: Part;
  readonly language: 'sh' | 'sql';
  readonly text: string;
  /** null: the document shows no output below it */ readonly output: string | null;
  readonly notRun: boolean;
}
export interface Section {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly parts: readonly string[];
  readonly blocks: readonly Block[];
}

/** Blocks that no test can run. With more of them too little of the runbook would be tested. */
export const NOT_RUN = ['reindex', 'pg_basebackup'];
/** Anchors that alert rules and other documents link to. */
export const ANCHORS = [
  'shortfall',
  'holds-not-settling',
  'holds-lapsing',
  'chain-unreachable',
  'chain-lagging',
  'database-away',
  'queue-stuck',
  'hot-pool',
  'ledger-error',
  'unexplained',
  'contract-upgraded',
  'quarantine',
  'restore',
  'upgrade',
  'key-leaked',
  'snapshot-stale',
  'dead-letters',
  'server-errors',
  'in-transit',
  'counter-mismatch',
  'pool-paused',
  'jobs-late',
  'rpc-away',
  'clock-lag',
  'counter-window-full',
  'outbid',
  'retries',
  'process-down',
  'strangers',
  'outdated',
  'network-reset',
  'rollback',
];

const BLOCK = /```(sh|sql)\n([^]*?)```\n(?:```text\n([^]*?)```)?/g;
const SAYS_NOT_RUN = '# not run by the tests: ';
/** A service that keeps running: its block ends when the log says that it serves. */
const STAYS = /^ROLE=(worker|api) npm start\n$/;
const SERVES = /worker runs|listening on/;

/**
 * @param file a runbook: sections that begin with their anchors, parts in bold, blocks with what
 * they print
 */
export function readRunbook(file: string): Section[] {
  let at = 0;
  return readFileSync(file, 'utf8')
    .split(/\n(?=<a id=)/)
    .slice(1)
    .map((text) => {
      const [id = '', ...aliases] = [...text.matchAll(/<a id="([^"]+)"><\/a>/g)].map(
        ([, name]) => name ?? '',
      );
      const parts = text
        .split(/\n(?=\*\*(?:You see|It means|Look|Act|Do not|Over)\.\*\*)/)
        .slice(1)
        .map((part) => ({ name: /^\*\*([^.]+)\./.exec(part)?.[1] ?? '', part }));
      const blocks = parts.flatMap(({ name, part }) =>
        [...part.matchAll(BLOCK)].map(([, language, block = '', output]): Block => ({
          at: at++,
          section: id,
          part: name as Part,
          language: language as 'sh' | 'sql',
          text: block,
          output: output ?? null,
          notRun: block.startsWith(SAYS_NOT_RUN),
        })),
      );
      return { id, aliases, parts: parts.map(({ name }) => name), blocks };
    });
}

/** Writes what the blocks printed below them, where something is shown. */
export function writeRunbook(file: string, printed: ReadonlyMap<number, string>): void {
  let at = -1;
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replaceAll(
      BLOCK,
      (whole, language: string, text: string, shown: string | undefined) => {
        at += 1;
        return shown === undefined
          ? whole
          : `\`\`\`${language}\n${text}\`\`\`\n\`\`\`text\n${printed.get(at) ?? shown}\`\`\``;
      },
    ),
  );
}

const VARIES: readonly (readonly [RegExp, string])[] = [
  [/[0-9]+(?= +[0-9]+ +C[A-Z2-7]{55})/g, 'N'],
  // the snapshot's ledger before hold seconds and contract, as `pools` lists them; widths
  [/ +/g, ' '],
  [/[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+(Z|\+00)?/g, 'TIME'],
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID'],
  [/\b[0-9a-f]{64}\b/g, 'HASH'],
  [/\b[GC][A-Z2-7]{55}\b/g, 'ADDRESS'],
  [/"(ledger|sequence|[a-zA-Z]*(Ledger|Seconds))":-?[0-9.]+/g, '"$1":N'],
  [/\b[A-Z][A-Za-z]+18[0-9]{11}\b/g, 'MIGRATION'],
  [/ledger [0-9]+/g, 'ledger N'],
  [/latency \([0-9]+s\)/g, 'latency (Ns)'],
];
const VARYING_COLUMN = /ledger|seconds|(^|_)pid$|^lag$|^deadlocks$/;

/**
 * The stable part of an output: ids, hashes, addresses, times, ledgers, ages and the widths of
 * columns are taken out.
 */
export function shapeOf(output: string): string {
  const lines = output.split('\n');
  const rule = lines.findIndex((line) => /^-+(-\+-+)*$/.test(line));
  const names = rule > 0 ? (lines[rule - 1] ?? '').split('|').map((name) => name.trim()) : [];
  return lines
    .map((line, at) => {
      if (at === rule) return '---';
      const cells = line.split('|').map((cell) => cell.trim());
      const row =
        rule >= 0 && at > rule && cells.length === names.length && !/^\([0-9]+ rows?\)$/.test(line)
          ? cells.map((cell, column) =>
              VARYING_COLUMN.test(names[column] ?? '') && /^-?[0-9.]+$/.test(cell) ? 'N' : cell,
            )
          : cells;
      return VARIES.reduce(
        (text, [pattern, word]) => text.replaceAll(pattern, word),
        row.join(' | '),
      );
    })
    .join('\n');
}

const NUMBERS: ReadonlySet<number> = new Set([20, 21, 23, 1700]);

/** @param url of the database @returns as `holdfast sql` shows it */
export async function runSql(url: string, query: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, application_name: 'a look' });
  await client.connect();
  try {
    await client.query("set default_transaction_read_only = on; set timezone = 'UTC'");
    const { fields, rows } = await client.query<(string | null)[]>({
      text: query,
      rowMode: 'array',
      types: {
        getTypeParser:
          () =>
          (value: string): string =>
            value,
      },
    });
    return `${formatTable(
      fields.map(({ name, dataTypeID }) => ({ name, right: NUMBERS.has(dataTypeID) })),
      rows,
    )}\n`;
  } finally {
    await client.end();
  }
}

/**
 * A folder with an `npm` that runs the scripts of package.json, and an `npx` that runs its command
 * line and the programs of its packages. Neither builds first: the tests run on a build.
 */
export function folderWithNpm(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-runbook-'));
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    scripts: Record<string, string>;
  };
  const cases = Object.entries(scripts)
    .map(([name, script]) => [name, script.replace('scripts/run.mjs ', '')] as const)
    .filter(([, script]) => /^node (--\S+ )*dist\//.test(script))
    .map(([name, script]) => `  ${name}) exec ${script} "$@" ;;`)
    .join('\n');
  const program = (name: string, text: string): void => {
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}`, { mode: 0o755 });
  };
  program(
    'npm',
    `[ "$1" = run ] && shift
name=$1; shift
[ "$1" = -- ] && shift
case "$name" in
${cases}
  *) echo "no script $name" >&2; exit 1 ;;
esac
`,
  );
  program(
    'npx',
    `[ "$1" = holdfast ] || exec "$@"
shift
exec node --enable-source-maps dist/program/cli.js "$@"
`,
  );
  return folder;
}

const SHELL_LIMIT_MS = 60_000;

/**
 * Runs one block as a person would.
 * @returns its output, with its exit code when that is not 0
 */
export async function runShell(text: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { child, output } = typed(text, env);
  const late = setTimeout(() => {
    child.kill('SIGKILL');
  }, SHELL_LIMIT_MS);
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  clearTimeout(late);
  const printed = output();
  const line = printed === '' || printed.endsWith('\n') ? printed : `${printed}\n`;
  return code === 0 ? line : `${line}(exit code ${code})\n`;
}

export interface Started {
  readonly role: 'worker' | 'api';
  readonly process: ChildProcess;
  output(): string;
}

/**
 * Runs a block that stays in the foreground. @returns null when it does not; resolves when the
 * service logs that it serves
 */
export async function startBlock(text: string, env: NodeJS.ProcessEnv): Promise<Started | null> {
  const role = STAYS.exec(text)?.[1] as 'worker' | 'api' | undefined;
  if (role === undefined) return null;
  const { child, output, onOutput } = typed(`${text.replace('npm', 'exec npm')}`, env);
  await new Promise<void>((resolve, reject) => {
    onOutput(() => {
      if (SERVES.test(output())) resolve();
    });
    child.once('exit', () => {
      reject(new Error(`it ended before it served:\n${output()}`));
    });
  });
  return { role, process: child, output };
}

function typed(
  text: string,
  env: NodeJS.ProcessEnv,
): { child: ChildProcess; output: () => string; onOutput: (listener: () => void) => void } {
  // both streams through one pipe, as on a terminal: with two, answer and log lines would come in
  // either order
  const child = spawn('bash', ['-o', 'pipefail', '-c', `exec 2>&1\n${text}`], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let notify: () => void = () => undefined;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      notify();
    });
  return {
    child,
    output: () => output,
    onOutput: (listener) => {
      notify = listener;
    },
  };
}
