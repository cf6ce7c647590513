import { isIP } from 'node:net';
import { z } from 'zod';

const NETWORKS_WRONG = 'must be addresses or CIDR ranges, separated by commas';
/** A variable that lists addresses and CIDR ranges. */
export const networks = z
  .string()
  .regex(/^[0-9A-Fa-f.:/, ]+$/, NETWORKS_WRONG)
  .refine(
    (text) => text.split(',').every((each) => each.trim() === '' || isNetwork(each.trim())),
    NETWORKS_WRONG,
  );
function isNetwork(text: string): boolean {
  const [address = '', prefix = '0', ...more] = text.split('/');
  const longest = isIP(address) === 6 ? 128 : 32;
  return (
    isIP(address) !== 0 && more.length === 0 && /^[0-9]+$/.test(prefix) && Number(prefix) <= longest
  );
}
