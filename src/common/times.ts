/**
 * Times on the wire: RFC 3339 in UTC. Chain times are whole seconds and are printed without a
 * fraction.
 */
export const timeOf = (unixSeconds: bigint): string =>
  new Date(Number(unixSeconds) * 1000).toISOString().replace('.000Z', 'Z');
export const secondsOf = (time: Date): bigint => BigInt(Math.floor(time.getTime() / 1000));
/** A chain time that the database returned. */
export const chainTime = (time: Date): string => timeOf(secondsOf(time));
