import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { formatTable } from '../../src/cli/table.js';
import type { Child } from './children.js';
import { short } from './figures.js';

const profileSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({
        functionName: z.string(),
        url: z.string(),
        lineNumber: z.number(),
      }),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

const PRELOAD = new URL('./profile-preload.js', import.meta.url);
const LOOK_MS = 20;
const WRITTEN_WITHIN_MS = 20_000;
const FUNCTIONS_SHOWN = 15;
const PLACES_SHOWN = 20;
const IDLE = new Set(['(idle)', '(root)']);
/** The profiler's own start, by place. */
const PROFILER = new Set(['dispatch', 'node:inspector']);
const DIST = fileURLToPath(new URL('../../', import.meta.url));

/** Time on top of the stack, microseconds. */
interface SelfTime {
  readonly places: ReadonlyMap<string, number>;
  readonly functions: ReadonlyMap<string, number>;
  readonly busy: number;
}

/** Profiles services that were started with its arguments, a window at a time. */
export class Profiler {
  readonly #windows = new Map<string, { answers: number; files: string[] }>();
  #count = 0;

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  /** Of node, for each service. */
  get args(): readonly string[] {
    const preload = new URL(PRELOAD);
    preload.searchParams.set('folder', path.resolve(this.folder));
    return ['--import', preload.href];
  }

  async begin(services: readonly Child[]): Promise<void> {
    this.#count++;
    await this.#signal(services, 'begun');
  }

  async end(services: readonly Child[], window: string, answers: number): Promise<void> {
    await this.#signal(services, 'written');
    const of = this.#windows.get(window) ?? { answers: 0, files: [] };
    of.answers += answers;
    of.files.push(
      ...services.map(({ pid }) => path.join(this.folder, `${pid}-${this.#count}.cpuprofile`)),
    );
    this.#windows.set(window, of);
  }

  async #signal(services: readonly Child[], said: string): Promise<void> {
    for (const { pid } of services) process.kill(pid, 'SIGUSR2');
    const until = performance.now() + WRITTEN_WITHIN_MS;
    while (!services.every((one) => one.output().includes(`profile ${this.#count} ${said}`))) {
      if (performance.now() > until) throw new Error(`a service has not said "${said}"`);
      await wait(LOOK_MS);
    }
  }

  /** For each kind of window, where the CPU of an answer went. */
  summary(): string {
    return [...this.#windows]
      .map(([window, { answers, files }]) => tableOf(window, answers, selfTimeOf(files)))
      .join('\n');
  }
}

function tableOf(window: string, answers: number, { places, functions, busy }: SelfTime): string {
  const table = (title: string, times: ReadonlyMap<string, number>, most: number): string =>
    formatTable(
      [
        { name: title, right: false },
        { name: 'µs', right: true },
        { name: '%', right: true },
      ],
      [...times]
        .sort(([, a], [, b]) => b - a)
        .slice(0, most)
        .map(([name, us]) => [name, short(us / answers), short((us / busy) * 100)]),
    );
  return (
    `\n${window}: ${short(busy / answers)} µs for each of ${answers} answers, by self time\n\n` +
    `${table('file of the service, or package', places, PLACES_SHOWN)}\n\n` +
    `${table('function', functions, FUNCTIONS_SHOWN)}\n`
  );
}

function selfTimeOf(files: readonly string[]): SelfTime {
  const places = new Map<string, number>();
  const functions = new Map<string, number>();
  let busy = 0;
  for (const file of files) {
    const profile = profileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
    for (const [index, id] of profile.samples.entries()) {
      const frame = frames.get(id);
      if (!frame || IDLE.has(frame.functionName)) continue;
      const us = profile.timeDeltas[index] ?? 0;
      const place = placeOf(frame.url) ?? (frame.functionName || 'node');
      if (PROFILER.has(place)) continue;
      busy += us;
      add(places, place, us);
      add(functions, `${frame.functionName || '(anonymous)'}  ${place}`, us);
    }
  }
  return { places, functions, busy };
}

const add = (times: Map<string, number>, name: string, us: number): void => {
  times.set(name, (times.get(name) ?? 0) + us);
};

/** @returns undefined for what has no file, such as the garbage collector */
function placeOf(url: string): string | undefined {
  const packaged = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(url)?.[1];
  if (packaged !== undefined) return packaged;
  if (url.startsWith('node:')) return url;
  if (!url.startsWith('file:')) return undefined;
  return path.relative(DIST, fileURLToPath(url)).replace(/\.js$/, '.ts');
}
