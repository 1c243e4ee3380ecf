import { lookup as resolve } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whether an address is one that anybody on the internet can reach: not this machine, not a private network, no special use. */
export const isPublicAddress = (address: string): boolean => {
  if (!ipaddr.isValid(address)) return false;
  // IPv4 within IPv6 (::ffff:127.0.0.1) is judged as what it is; other transition ranges are no unicast, and refused.
  const processed = ipaddr.process(address);
  // The older form of it (::127.0.0.1, RFC 4291, 2.5.5.1) means nothing any more, and is in no range of its own.
  if (processed instanceof ipaddr.IPv6 && processed.match(ipaddr.IPv6.parseCIDR('::/96'))) return false;
  return processed.range() === 'unicast';
};

/** The error of a name that leads to a private address. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

/**
 * A `lookup` for sockets that connects to public addresses alone. The check is of the very addresses that are connected to: a name that is
 * resolved again between check and use (DNS rebinding) gains nothing.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '', 0);
    const [first, ...others] = addresses.filter(({ address }) => isPublicAddress(address));
    if (first === undefined) return callback(new PrivateAddressError(`${hostname} has no public address`), '', 0);
    if (options.all === true) return callback(null, [first, ...others]);
    callback(null, first.address, first.family);
  });
};
