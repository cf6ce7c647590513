import { median } from '../lab/figures.js';

/** One figure over the time of a run, in the order of its samples. */
export interface Series {
  readonly name: string;
  readonly unit: string;
  /** How much more it may be at the end than at the beginning, as a share. */
  readonly growthMax: number;
  /** A growth below this is noise, in the figure's own unit. */
  readonly noise: number;
  readonly points: readonly Point[];
}
interface Point {
  readonly seconds: number;
  readonly value: number;
}

export interface Judgement {
  readonly first: number;
  readonly last: number;
  readonly most: number;
  /** What the trend adds from the first judged point to the last. */
  readonly growth: number;
  readonly steady: boolean;
}

/** Caches fill and pools open in the first part, which is not judged. */
const WARM_UP_SHARE = 1 / 3;
const POINTS_LEAST = 4;

/**
 * Whether a figure stays where it is. The trend is the median of the slopes between all pairs of
 * points, which a single peak (a checkpoint, a vacuum, a collection of garbage) does not move.
 * @throws Error with too few points for a trend
 */
export function judge({ points, growthMax, noise }: Series): Judgement {
  const end = points.at(-1)?.seconds ?? 0;
  const judged = points.filter(({ seconds }) => seconds >= end * WARM_UP_SHARE);
  if (judged.length < POINTS_LEAST)
    throw new Error(`${judged.length} samples show no trend; at least ${POINTS_LEAST} are needed`);
  const slopes = judged.flatMap((one, at) =>
    judged
      .slice(at + 1)
      .map((other) => (other.value - one.value) / Math.max(1e-9, other.seconds - one.seconds)),
  );
  const values = judged.map(({ value }) => value);
  const lasted = end - (judged[0]?.seconds ?? 0);
  const growth = median(slopes) * lasted;
  return {
    first: values[0] ?? 0,
    last: values.at(-1) ?? 0,
    most: Math.max(...values),
    growth,
    steady: growth <= Math.max(noise, growthMax * median(values)),
  };
}
