import { spreadOf } from './lab/figures.js';
import { memoryOf } from './lab/cpu.js';
import type { Progress } from './lab/progress.js';
import type { Outcome } from './lab/section.js';
import { Stage } from './lab/stage.js';

const STARTS = 3;
export const START_SECONDS = 15;
const MIB = 1024 ** 2;

/** From the start of a process to the moment when it serves, and what it then occupies. */
export async function measureStart(progress: Progress): Promise<Outcome> {
  progress.next('cold start', START_SECONDS);
  const stage = await Stage.open({ ledgerSeconds: 5 });
  try {
    const rows = [];
    for (const role of ['api', 'worker'] as const) {
      const times: number[] = [];
      const memories: number[] = [];
      for (let start = 0; start < STARTS; start++) {
        const begun = performance.now();
        const service = await stage.startService({ role });
        times.push(performance.now() - begun);
        memories.push(memoryOf(service.pid) / MIB);
        await service.stop();
      }
      rows.push({
        label: `ROLE=${role}`,
        kind: 'ours' as const,
        bar: spreadOf(times),
        figures: [spreadOf(memories).median],
      });
    }
    return {
      section: {
        title: 'Cold start and memory',
        about:
          'From the start of the process to the line that it serves, on a migrated database. What ' +
          'limits: loading and compiling modules.',
        unit: 'milliseconds',
        columns: ['MiB resident'],
        rows,
      },
      faults: [],
      ratios: {},
    };
  } finally {
    await stage.close();
  }
}
