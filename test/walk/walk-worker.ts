import { BREAKAGES } from './breakages.js';
import { walk, type WalkOptions, type WalkReport } from './walk.js';

/** One walk in a process of its own, for `walkInProcess`. */
export interface WalkOrder extends Omit<WalkOptions, 'breakage'> {
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

async function walkAsOrdered({ breakage, ...options }: WalkOrder): Promise<WalkAnswer> {
  try {
    const broken = BREAKAGES.find(({ name }) => name === breakage);
    if (breakage !== undefined && !broken) throw new Error(`no breakage "${breakage}"`);
    return {
      report: await walk({ ...options, ...(broken && { breakage: broken.breakage }) }),
    };
  } catch (thrown) {
    return { failure: String(thrown) };
  }
}
