import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { isPublicAddress } from './public-address.ts';

/** A webhook's host is, or resolves to, an address inside the network. */
export class AddressRefused extends Error {
  override name = 'AddressRefused';
  readonly code = 'address-refused';
  constructor() {
    super('the host is not on the public internet');
  }
}

export interface GuardedAgent {
  /** Any address may be reached: for development and for receivers inside the network. */
  readonly allowPrivate: boolean;
  readonly connectTimeoutMs: number;
  /** Resolves names, as `dns.lookup` does. */
  readonly lookup?: LookupFunction;
}

/**
 * An HTTP agent that judges addresses as it connects. The name is resolved once, and the socket
 * goes to the very address that was judged: a name that answers differently the next time (DNS
 * rebinding) finds no gap. One private address among the answers refuses them all.
 * Rejects requests with AddressRefused.
 */
export function guardedAgent(options: GuardedAgent): Agent {
  const { allowPrivate, connectTimeoutMs: timeout, lookup = systemLookup } = options;
  if (allowPrivate) return new Agent({ connect: { timeout, lookup } });
  const connect = buildConnector({ timeout, lookup: judged(lookup) });
  return new Agent({
    connect(target, callback) {
      // Node resolves no name that is an address already, so `lookup` would never see it.
      const host = target.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) !== 0 && !isPublicAddress(host)) callback(new AddressRefused(), null);
      else connect(target, callback);
    },
  });
}

function judged(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      const addresses = listed(found);
      const allPublic = addresses.every(({ address }) => isPublicAddress(address));
      const [first] = addresses;
      if (first === undefined || !allPublic) return callback(new AddressRefused(), []);
      // Node asks for all of them when it may try both families, and for one otherwise.
      if (options.all === true) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

const listed = (found: string | LookupAddress[]): LookupAddress[] =>
  typeof found === 'string' ? [{ address: found, family: isIP(found) }] : found;
