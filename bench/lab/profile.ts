import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { formatTable } from '../../src/cli/table.js';
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

const FUNCTIONS_SHOWN = 15;
const PLACES_SHOWN = 12;
const IDLE = new Set(['(idle)', '(root)', '(program)']);
const DIST = fileURLToPath(new URL('../../', import.meta.url));

/** Time on top of the stack, milliseconds. */
interface SelfTime {
  readonly places: ReadonlyMap<string, number>;
  readonly functions: ReadonlyMap<string, number>;
  readonly busy: number;
}

/** Where the processes whose CPU profiles are in the folder have spent their time. */
export function profileSummary(folder: string): string {
  const { places, functions, busy } = selfTimeOf(folder);
  const table = (title: string, times: ReadonlyMap<string, number>, most: number): string =>
    formatTable(
      [
        { name: title, right: false },
        { name: 'ms', right: true },
        { name: '% of busy', right: true },
      ],
      [...times]
        .sort(([, a], [, b]) => b - a)
        .slice(0, most)
        .map(([name, ms]) => [name, short(ms), short((ms / busy) * 100)]),
    );
  return (
    `\nSelf time of the API, start-up included: ${short(busy)} ms busy\n\n` +
    `${table('file of the service, or package', places, PLACES_SHOWN)}\n\n` +
    table('function of the service', functions, FUNCTIONS_SHOWN)
  );
}

function selfTimeOf(folder: string): SelfTime {
  const places = new Map<string, number>();
  const functions = new Map<string, number>();
  let busy = 0;
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))) {
    const profile = profileSchema.parse(JSON.parse(readFileSync(path.join(folder, file), 'utf8')));
    const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
    for (const [index, id] of profile.samples.entries()) {
      const frame = frames.get(id);
      if (!frame || IDLE.has(frame.functionName)) continue;
      const ms = (profile.timeDeltas[index] ?? 0) / 1000;
      busy += ms;
      const place = placeOf(frame.url) ?? (frame.functionName || 'node');
      add(places, place, ms);
      if (place.startsWith('src/'))
        add(functions, `${frame.functionName || '(anonymous)'}  ${place}`, ms);
    }
  }
  return { places, functions, busy };
}

const add = (times: Map<string, number>, name: string, ms: number): void => {
  times.set(name, (times.get(name) ?? 0) + ms);
};

/** @returns undefined for what has no file, such as the garbage collector */
function placeOf(url: string): string | undefined {
  const packaged = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(url)?.[1];
  if (packaged !== undefined) return packaged;
  if (url.startsWith('node:')) return 'node';
  if (!url.startsWith('file:')) return undefined;
  return path.relative(DIST, fileURLToPath(url)).replace(/\.js$/, '.ts');
}
