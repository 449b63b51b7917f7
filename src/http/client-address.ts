import { isIPv6 } from 'node:net';

/** Who sent a request, as far as the connection tells. */
export interface Sender {
  /** The address at the other end of the connection; `undefined` once it is closed. */
  readonly peer: string | undefined;
}

/** Longer than any address (RFC 4291 §2.2) with a port. */
const LONGEST = 64;

/**
 * The address that a request came from, to count by; never to trust. Each proxy in front of the
 * service adds the address that it was asked from at the end of `X-Forwarded-For`, so with `proxies`
 * of them that many from the end is the client's, and whatever stands before it the client wrote.
 * Of IPv6 the first 64 bits: whoever has one address there has them all (RFC 4291 §2.5.4).
 *
 * @returns `null` where nothing tells.
 */
export function clientAddress(
  headers: Pick<Headers, 'get'>,
  { peer }: Sender,
  proxies: number,
): string | null {
  const forwarded = (headers.get('x-forwarded-for') ?? '').split(',').map((one) => one.trim());
  const named = proxies === 0 ? undefined : forwarded.at(-proxies);
  const address = named === undefined || named === '' ? peer : named.slice(0, LONGEST);
  if (address === undefined) return null;
  return isIPv6(address) ? networkOf(address) : address;
}

function networkOf(address: string): string {
  const bare = address.split('%')[0] ?? address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = bare.split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const between = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const all = [...before, ...Array.from({ length: between }, () => '0'), ...after];
  const network = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}

// An IPv4 address at the end stands for two groups.
function groupsOf(text: string): readonly string[] {
  const groups = text === '' ? [] : text.split(':');
  return groups.flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));
}
