import { asError } from '../../common/errors.js';

/** One thing that was checked. Without faults it holds, as far as it is known. */
export interface Check {
  readonly name: string;
  /** What holds when there is no fault. */
  readonly says: string;
  readonly faults: readonly string[];
  /** What the bundle cannot show, in sentences. */
  readonly unknown: readonly string[];
}

/** Collects what one check finds. */
export class Findings {
  readonly faults: string[] = [];
  readonly unknown: string[] = [];

  same(what: string, found: unknown, expected: unknown): void {
    if (String(found) !== String(expected))
      this.faults.push(`${what} is ${String(found)}, not ${String(expected)}`);
  }
  holds(condition: boolean, fault: string): void {
    if (!condition) this.faults.push(fault);
  }
  notKnown(sentence: string): void {
    this.unknown.push(sentence);
  }
}

export function check(name: string, says: string, look: (findings: Findings) => void): Check {
  const findings = new Findings();
  try {
    look(findings);
  } catch (thrown) {
    findings.faults.push(`it cannot be read: ${asError(thrown).message.split('\n')[0] ?? ''}`);
  }
  return { name, says, faults: findings.faults, unknown: findings.unknown };
}
