import { type ErrorCode, HoldfastError } from '../../common/errors.js';
import { formatAmount } from '../../common/money.js';
import { timeOf } from '../../common/times.js';
import type { RefusalFacts } from '../liquidity/reservation.js';

/** Refusals by the limits of a pool's own contract (docs/protocol.md#contract-limits), in words. */
const CAP_CODES = [
  'OUTFLOW_CAP_REACHED',
  'OUTFLOW_CAP_EXCEEDED',
  'VENDOR_CAP_REACHED',
  'VENDOR_CAP_EXCEEDED',
] as const satisfies readonly ErrorCode[];
type CapCode = (typeof CAP_CODES)[number];
export const isCapCode = (code: string): code is CapCode =>
  (CAP_CODES as readonly string[]).includes(code);

const AGAIN = 'Ask again with a new Idempotency-Key';

/** Words a refusal from its record alone: of the ledger with figures, or of the contract itself. */
export function capRefusal(code: CapCode, facts: RefusalFacts, decimals: number): HoldfastError {
  if (typeof facts['sentence'] === 'string') return ofContract(code, facts['sentence'], facts);
  const units = (name: string): string => formatAmount(BigInt(String(facts[name])), decimals);
  const { atLedger } = facts;
  switch (code) {
    case 'OUTFLOW_CAP_REACHED': {
      const [safeSum, held, asked] = [units('safeSum'), units('held'), units('asked')];
      const nextDeadline = deadlineOf(facts);
      return new HoldfastError(
        code,
        `The contract funds at most ${percentOf(facts)} % of what is available in one ledger, so ` +
          `holds may be ${safeSum} in all. ${held} is held, and this loan needs ${asked}. ${AGAIN}; ` +
          `${lapseWords(nextDeadline)}.`,
        { outflowCap: percentOf(facts), safeSum, held, asked, atLedger, nextDeadline },
      );
    }
    case 'OUTFLOW_CAP_EXCEEDED': {
      const [cap, asked] = [units('cap'), units('asked')];
      return new HoldfastError(
        code,
        `The contract funds at most ${percentOf(facts)} % of what is available in one ledger, ` +
          `which is ${cap} at ledger ${atLedger}; this loan needs ${asked}.`,
        { outflowCap: percentOf(facts), cap, asked, atLedger },
      );
    }
    default: {
      const [cap, funded, held, asked] = [
        units('cap'),
        units('funded'),
        units('held'),
        units('asked'),
      ];
      return new HoldfastError(
        code,
        `The contract funds at most ${cap} to one vendor and had funded ${funded} at ledger ` +
          `${atLedger}. ${held} is held for this vendor, and this loan needs ${asked}.` +
          (code === 'VENDOR_CAP_REACHED' ? ` ${AGAIN} when such a hold has ended.` : ''),
        { cap, funded, held, asked, atLedger },
      );
    }
  }
}

const percentOf = (facts: RefusalFacts): string => formatAmount(BigInt(Number(facts['capBps'])), 2);

/** When the next live hold of the pool can lapse, as it was recorded; null: none was live. */
export const deadlineOf = ({ nextDeadline }: RefusalFacts): string | null =>
  typeof nextDeadline === 'string' ? timeOf(BigInt(nextDeadline)) : null;
export const lapseWords = (nextDeadline: string | null): string =>
  nextDeadline === null
    ? 'no hold is live that could lapse'
    : `the next hold can lapse after ${nextDeadline}`;

function ofContract(
  code: CapCode,
  sentence: string,
  { contract, number, name }: RefusalFacts,
): HoldfastError {
  const again = code === 'OUTFLOW_CAP_REACHED' ? ` ${AGAIN} in a few seconds.` : '';
  return new HoldfastError(code, sentence + again, { contract, number, name, sentence });
}
