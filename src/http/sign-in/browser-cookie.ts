import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { SIGN_IN_PATH } from './paths.ts';

// A browser takes a name with this prefix only from this very host, over https and for every path
// (RFC 6265bis §4.1.3.2): no other host of the domain can put its own in place of it.
const prefixFor = (secure: boolean): string =>
  secure ? '__Host-breakglass-sign-in-' : 'breakglass-sign-in-';

const MAX_AGE_S = 900;

/**
 * What ties a sign-in to the browser that began it: a cookie there, its hash in the attempt. Each has
 * a name of its own, so that two requests can be approved side by side.
 *
 * @param folder where the browser comes back to, where the service is reached without TLS.
 */
export function newBrowserCookie(
  publicUrl: string,
  folder: string = SIGN_IN_PATH,
): {
  readonly header: string;
  readonly hash: string;
} {
  const secure = publicUrl.startsWith('https:');
  const name = `${prefixFor(secure)}${randomBytes(6).toString('hex')}`;
  const value = randomBytes(32).toString('base64url');
  const below = new URL(publicUrl).pathname.replace(/\/$/, '');
  const path = secure ? '/' : `${below}${folder}`;
  // Lax, because the browser comes back from the provider's site.
  const rules = `Path=${path}; Max-Age=${MAX_AGE_S}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  return { header: `${name}=${value}; ${rules}`, hash: hash('sha256', value) };
}

/** Is it the browser that has a cookie of this hash (SHA-256, hex)? */
export function isSameBrowser(request: Request, publicUrl: string, expected: string): boolean {
  const prefix = prefixFor(publicUrl.startsWith('https:'));
  const wanted = Buffer.from(expected, 'hex');
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs
    .filter((pair) => pair.startsWith(prefix))
    .map((pair) => hash('sha256', pair.slice(pair.indexOf('=') + 1), 'buffer'))
    .some((found) => found.length === wanted.length && timingSafeEqual(found, wanted));
}
