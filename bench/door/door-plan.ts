import type { Kind } from './requests.js';

/** What answers the service as the chain. */
export const CHAINS = ['network', 'stub', 'stub50'] as const;
export type ChainName = (typeof CHAINS)[number];

export interface DoorSetting {
  readonly chain: ChainName;
  /** API processes on one database. */
  readonly processes: number;
  /** `naive`: checks and then acts, without a lock. */
  readonly ledger: 'product' | 'naive';
  /** Folder of another build of the program, measured beside this one. */
  readonly build?: string;
}
export interface DoorPlan {
  readonly seconds: number;
  readonly rounds: number;
  readonly inFlight: readonly number[];
  readonly settings: readonly DoorSetting[];
  readonly kinds: readonly Kind[];
  /** Folder for CPU profiles of the API. */
  readonly profile?: string;
}

/** @param seconds that are planned for it */
export type Say = (what: string, seconds: number) => void;
export const WARM_UP_PLANNED = 15;
/** Of one setting. A third of each window is the floor's. */
export const roundSeconds = ({ seconds, inFlight, kinds }: DoorPlan): number =>
  (inFlight.length + kinds.length) * (seconds * 1.35 + 0.5) + 1;
export const words = ({ chain, processes, ledger, build }: DoorSetting): string =>
  CHAIN_WORDS[chain] +
  (processes > 1 ? `, ${processes} processes` : '') +
  (ledger === 'naive' ? ', check then act' : '') +
  (build === undefined ? '' : ', the other build');
const CHAIN_WORDS: Readonly<Record<ChainName, string>> = {
  network: 'local network',
  stub: 'chain answers at once',
  stub50: 'chain answers in 50 ms',
};
