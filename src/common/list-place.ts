/**
 * Where a page of a list ended: the time the hold was made, in microseconds of the Unix epoch, and
 * its reservation. The id makes each place unique. Lists are newest first.
 */
export interface ListPlace {
  readonly heldAtMicros: bigint;
  readonly reservationId: string;
}
