import ipaddr from 'ipaddr.js';

/** A network as `ipaddr.js` has it: its first address and how many bits of it count. */
export type Network = ReturnType<typeof ipaddr.parseCIDR>;

/** Public by its number, and yet reached from inside a cloud alone: where Azure gives out what a machine may know. */
const METADATA = ['168.63.129.16'];
/** What is given out for hosts of the internet; everything else of IPv6 is special. */
const GLOBAL_V6: Network = ipaddr.parseCIDR('2000::/3');

/**
 * Why an address is none that may be sent to, as the end of a sentence; null when it may. Whatever is not a public
 * address of one host is refused: loopback, private, link-local (and with it what clouds tell their machines),
 * shared, multicast, reserved, and IPv6 addresses that stand for an IPv4 one by translation. An IPv4-mapped address is
 * judged as the IPv4 address it is.
 * @param address an IPv4 or IPv6 address, without brackets
 * @param allowed networks that may be sent to all the same
 */
export function addressTrouble(address: string, allowed: readonly Network[]): string | null {
  if (!ipaddr.isValid(address)) return 'is no address';
  const parsed = ipaddr.process(address);
  if (allowed.some((network) => lies(parsed, network))) return null;
  const text = parsed.toString();
  if (METADATA.includes(text)) return 'is an address of a cloud’s own services';
  const range = parsed.range();
  if (range !== 'unicast') return `is no public address (${range})`;
  return parsed.kind() === 'ipv6' && !lies(parsed, GLOBAL_V6) ? 'is no public address (reserved)' : null;
}

function lies(address: ReturnType<typeof ipaddr.process>, [base, bits]: Network): boolean {
  return address.kind() === base.kind() && address.match(base, bits);
}
