/**
 * Times on the wire: RFC 3339 in UTC. Chain times are whole seconds and are printed without a
 * fraction.
 */
export const timeOf = (unixSeconds: bigint): string =>
  new Date(Number(unixSeconds) * 1000).toISOString().replace('.000Z', 'Z');
export const secondsOf = (time: Date): bigint => BigInt(Math.floor(time.getTime() / 1000));
/** A chain time that the database returned. */
export const chainTime = (time: Date): string => timeOf(secondsOf(time));

const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;
const MINUTE_MS = 60_000;

/**
 * The instant of an RFC 3339 time, cut to milliseconds; null when it is none. `Date.parse` does not
 * do: it takes 30 February for 2 March.
 */
export function instantOf(text: string): Date | null {
  const found = RFC3339.exec(text);
  if (!found) return null;
  const part = (index: number): number => Number(found[index] ?? 0);
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map(part);
  const [offsetHours, offsetMinutes] = [part(9), part(10)];
  const local = new Date(0);
  local.setUTCFullYear(year ?? 0, (month ?? 0) - 1, day);
  const isDate = local.getUTCMonth() + 1 === month && local.getUTCDate() === day;
  local.setUTCHours(hour ?? 0, minute, second, Math.floor(part(7) * 1000));
  const offset = (offsetHours * 60 + offsetMinutes) * MINUTE_MS;
  const instant = new Date(local.getTime() - (found[8] === '-' ? -offset : offset));
  const isTime = (hour ?? 24) < 24 && (minute ?? 60) < 60 && offsetHours < 24 && offsetMinutes < 60;
  // a leap second, the last of a day in UTC, is the first second of the next, as in unix time
  const isSecond = (second ?? 60) < 60 || (second === 60 && instant.getTime() % DAY_MS < 1000);
  return isDate && isTime && isSecond ? instant : null;
}
const DAY_MS = 1440 * MINUTE_MS;
