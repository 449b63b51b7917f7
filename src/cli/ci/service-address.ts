import { UsageError } from '../report-failure.ts';
import type { Environment } from './job-environment.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Where a job asks. Over plain HTTP anybody on the way could read the token, answer in the service's
 * name and publish keys to go with it, so that it must be asked for by name; loopback aside.
 * @throws UsageError.
 */
export function serviceAddress(text: string | undefined, env: Environment): string {
  if (text === undefined || !URL.canParse(text))
    throw new UsageError('--url, or BREAKGLASS_URL: the address of the service.');
  const { protocol, hostname, username, search, hash } = new URL(text);
  if (username !== '' || search !== '' || hash !== '')
    throw new UsageError('--url, or BREAKGLASS_URL: an address without name, ? and #.');
  if (protocol === 'https:') return text;
  const isAllowed = LOOPBACK.test(hostname) || env['BREAKGLASS_PLAIN_HTTP'] === 'true';
  if (protocol === 'http:' && isAllowed) return text;
  throw new UsageError(
    '--url, or BREAKGLASS_URL: an https address. Plain http needs BREAKGLASS_PLAIN_HTTP=true, and shows the token to everybody on the way.',
  );
}
