/** Exact arithmetic on amounts, which are decimal text of up to 39 digits. */

const placesOf = (amount) => amount.split('.')[1]?.length ?? 0;
function unitsOf(amount, places) {
  const [whole, rest = ''] = amount.split('.');
  return BigInt(whole + rest.padEnd(places, '0'));
}

export function minus(a, b) {
  const places = Math.max(placesOf(a), placesOf(b));
  const units = unitsOf(a, places) - unitsOf(b, places);
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  const [whole, rest] = [
    digits.slice(0, digits.length - places),
    digits.slice(digits.length - places).replace(/0+$/, ''),
  ];
  return `${units < 0n ? '-' : ''}${whole}${rest === '' ? '' : `.${rest}`}`;
}

/** In tenths of a percent. What is neither nothing nor everything is not rounded to it. */
export function percentOf(part, whole) {
  const places = Math.max(placesOf(part), placesOf(whole));
  const [units, of] = [unitsOf(part, places), unitsOf(whole, places)];
  if (of === 0n || units === 0n) return '0 %';
  const tenths = (units * 1000n) / of;
  if (tenths === 0n) return 'less than 0.1 %';
  return `${tenths / 10n}.${tenths % 10n} %`;
}
