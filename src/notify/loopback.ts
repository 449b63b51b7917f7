import { isIPv4 } from 'node:net';

/**
 * Whether a host, as a setting or an address has it, is this machine. An address, not a name that
 * begins like one: `127.example.com` is somebody's.
 */
export function isLoopback(hostname: string): boolean {
  if (['localhost', '::1', '[::1]'].includes(hostname)) return true;
  return isIPv4(hostname) && hostname.startsWith('127.');
}
