import { walk, type WalkOptions, type WalkReport } from './walk.js';

/** Makes the walks that its parent, a `WalkLane`, orders. */
export type WalkAnswer = { readonly report: WalkReport } | { readonly failure: string };

process.once('disconnect', () => process.exit()); // the parent has ended, or needs no more walks
process.on('message', (options: WalkOptions) => {
  void walk(options).then(
    (report) => answer({ report }),
    (thrown: unknown) => answer({ failure: String(thrown) }),
  );
});

function answer(outcome: WalkAnswer): void {
  process.send?.(outcome);
}
