/**
 * An envelope lands only while the creditline's next loan id is one of its own
 * (docs/protocol.md#counter-window). A counter below its first id was read before it was built. An
 * unknown counter refuses nothing here: it is read again before a submission.
 */
export const isOutdated = (
  envelope: { readonly loanIdLast: bigint },
  lastLoanId: bigint | null,
): boolean => lastLoanId !== null && lastLoanId >= envelope.loanIdLast;

/** The id that the creditline's next loan will have, as text. */
export const nextLoanId = (lastLoanId: bigint | null): string | null =>
  lastLoanId === null ? null : (lastLoanId + 1n).toString();

/** How many loans may still land before the envelope; null when the counter is not known. */
export function loansLeft(
  { loanIdFirst, loanIdLast }: { readonly loanIdFirst: bigint; readonly loanIdLast: bigint },
  lastLoanId: bigint | null,
): number | null {
  if (lastLoanId === null) return null;
  const next = lastLoanId + 1n > loanIdFirst ? lastLoanId + 1n : loanIdFirst;
  return next > loanIdLast ? 0 : Number(loanIdLast - next);
}
