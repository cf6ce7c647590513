import { CODE_BYTES } from './instruction-model.js';
import { type Generation } from '../contracts/generations.js';
import type { ContractCode } from '../contracts/host.js';

/** Bytes of the recorded code where a generation's differ from the first one's. */
const LATER_CODE_BYTES: Readonly<
  Partial<Record<Generation, Partial<Record<ContractCode['name'], number>>>>
> = {
  g2: { parameters: 29_028, pool: 34_309, creditline: 35_054 },
  g3: {
    parameters: 33_334,
    reputation: 24_437,
    vendor_registry: 23_234,
    pool: 47_551,
    creditline: 39_139,
  },
};

export const codeBytes = ({ name, generation = 'g1' }: ContractCode): number =>
  LATER_CODE_BYTES[generation]?.[name] ?? CODE_BYTES[name];
