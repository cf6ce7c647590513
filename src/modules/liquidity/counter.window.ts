/**
 * R11: an envelope lands only while the creditline's next loan id is one of its own. A counter before its first id is a reading older than the envelope. Not known
 * is not outdated: nothing is refused on this, the counter is read again before an envelope is handed over.
 */
export const isOutdated = (envelope: { readonly loanIdLast: bigint }, lastLoanId: bigint | null): boolean => lastLoanId !== null && lastLoanId >= envelope.loanIdLast;

/** The id that the creditline's next loan will have, as text. */
export const nextLoanId = (lastLoanId: bigint | null): string | null => (lastLoanId === null ? null : (lastLoanId + 1n).toString());
