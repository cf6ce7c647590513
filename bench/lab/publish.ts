import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { chartFile, pageOf } from './page.js';
import { printSection, type Section } from './section.js';

const ARTIFACTS = 'artifacts';

export interface Results {
  readonly sections: readonly Section[];
  /** Broken invariants of the product, and what could not be measured. */
  readonly faults: readonly string[];
  /** Further members of the JSON. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/**
 * Prints the results and writes them as `artifacts/NAME.json`, as a page, and each chart as a file
 * in `artifacts/NAME`.
 * @returns the exit code: 1 with any fault
 */
export function publish(name: string, { sections, faults, more = {} }: Results): number {
  for (const section of sections) console.log(printSection(section));
  const at = new Date().toISOString();
  const machine =
    `${at.slice(0, 16).replace('T', ' ')} UTC, ${cpus().length} cores ` +
    `(${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}, ` +
    'client, service, network and database on one machine';
  const target = path.join(ARTIFACTS, name);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  writeFileSync(
    `${target}.json`,
    `${JSON.stringify({ at, machine, sections, faults, ...more }, null, 2)}\n`,
  );
  writeFileSync(`${target}.html`, pageOf({ title: 'Holdfast, measured', machine }, sections));
  for (const section of sections) {
    const chart = chartFile(section);
    const file = section.title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    if (chart !== null) writeFileSync(path.join(target, `${file}.svg`), chart);
  }
  console.log(`\nWritten to ${target}.html, ${target}.json, and as charts to ${target}`);
  for (const fault of faults) console.error(`Wrong: ${fault}`);
  return faults.length === 0 ? 0 : 1;
}
