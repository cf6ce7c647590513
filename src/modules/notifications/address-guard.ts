import { lookup as resolve, type LookupAddress, type LookupOptions } from 'node:dns';
import { lookup as lookUp } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * Addresses that are not on the public internet (IANA special-purpose registries): local ones,
 * those of the network, and the cloud's own such as 169.254.169.254.
 */
const RANGES: readonly (readonly [address: string, prefix: number, family: 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 96, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['100::', 64, 'ipv6'],
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];
const INSIDE = new BlockList();
for (const [address, prefix, family] of RANGES) INSIDE.addSubnet(address, prefix, family);

/** Covers IPv4 written as IPv6 (`::ffff:10.0.0.1`), which BlockList checks by its IPv4 rules. */
export const isPublicAddress = (address: string): boolean =>
  isIP(address) !== 0 && !INSIDE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Addresses and CIDR ranges separated by commas, as the configuration has them. */
export function networksOf(text: string): BlockList {
  const list = new BlockList();
  for (const each of text.split(',').map((part) => part.trim())) {
    if (each === '') continue;
    const [address = '', prefix] = each.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** Whether a webhook may be posted there. @param inside what is allowed though it is not public */
const isReachable = (address: string, inside: BlockList | undefined): boolean =>
  isPublicAddress(address) ||
  (inside?.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4') ?? false);

/**
 * Node does not look up a host that is already an address, so it is checked before.
 * @param hostname as URL has it, IPv6 in brackets
 */
export function isForbiddenLiteral(hostname: string, inside?: BlockList): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) !== 0 && !isReachable(bare, inside);
}

/**
 * Whether a host has an address now that no webhook is posted to. A name that cannot be looked up
 * now may get an address later.
 */
export async function isForbiddenHost(hostname: string, inside?: BlockList): Promise<boolean> {
  if (isForbiddenLiteral(hostname, inside)) return true;
  const found = await lookUp(hostname, { all: true }).catch((): LookupAddress[] => []);
  return found.some(({ address }) => !isReachable(address, inside));
}

/**
 * The look-up of the connection itself. The checked address is the one that is connected to, so a
 * name cannot change its address in between. One inside address among several refuses all.
 */
export const lookupWithin =
  (inside?: BlockList): LookupFunction =>
  (hostname: string, options: LookupOptions, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const forbidden = error
        ? undefined
        : addresses.find(({ address }) => !isReachable(address, inside));
      const [first] = addresses ?? [];
      const failure =
        error ??
        (forbidden || !first
          ? Object.assign(new Error('the host has an address that is not public'), {
              code: 'EADDRESSFORBIDDEN',
            })
          : null);
      if (failure || !first) callback(failure, '', 0);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
export const publicLookup = lookupWithin();
