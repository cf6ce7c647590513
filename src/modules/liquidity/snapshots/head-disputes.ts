import type { LedgerTime } from '../../../common/ledger-time.js';
import type { HeadSeen } from './ledger-snapshots.js';

/** An alarm that a head raises, by its name in the log. */
export interface HeadDispute {
  readonly name: 'chain_went_backwards' | 'ledger_dated_twice' | 'head_disproved';
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What is wrong with a head, or with earlier ledgers that it disproves. */
export function headDisputes(
  { ledger, closeTime }: LedgerTime,
  { dating, forgotten }: HeadSeen,
): readonly HeadDispute[] {
  const head = factsOf({ ledger, closeTime });
  const lost = forgotten.map(({ poolId: pool, headLedger, snapshotLedger }): HeadDispute => ({
    name: 'head_disproved',
    facts: { pool, headLedger, snapshotLedger, by: head },
  }));
  if (dating.kind !== 'waiting')
    return [
      ...dating.disproved.map((each): HeadDispute => ({
        name: 'head_disproved',
        facts: { ...factsOf(each), by: head },
      })),
      ...lost,
    ];
  const waiting: HeadDispute = dating.farBehind
    ? { name: 'chain_went_backwards', facts: { ledger, known: dating.against.ledger } }
    : { name: 'ledger_dated_twice', facts: { ...head, known: factsOf(dating.against) } };
  return [waiting, ...lost];
}

const factsOf = ({ ledger, closeTime }: LedgerTime) => ({
  ledger,
  closeTime: closeTime.toString(),
});
