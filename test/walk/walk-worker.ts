import { BREAKAGES } from './breakages.js';
import { walk, type WalkReport } from './walk.js';

/** One walk in a process of its own, for `walkInProcess`. */
export interface WalkOrder {
  readonly seed: number;
  readonly ledgers: number;
  /** Name of what is broken on purpose. */
  readonly breakage?: string;
}
export type WalkAnswer = { readonly report: WalkReport } | { readonly failure: string };

process.once('disconnect', () => process.exit()); // the parent has ended, or has its answer
process.once('message', (order: WalkOrder) => {
  void walkAsOrdered(order).then((answer) => {
    process.send?.(answer, () => process.disconnect());
  });
});

async function walkAsOrdered({ seed, ledgers, breakage }: WalkOrder): Promise<WalkAnswer> {
  try {
    const broken = BREAKAGES.find(({ name }) => name === breakage);
    if (breakage !== undefined && !broken) throw new Error(`no breakage "${breakage}"`);
    return {
      report: await walk({ seed, ledgers, ...(broken && { breakage: broken.breakage }) }),
    };
  } catch (thrown) {
    return { failure: String(thrown) };
  }
}
