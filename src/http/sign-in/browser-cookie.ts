import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { SIGN_IN_PATH } from './paths.ts';

// A browser keeps a name with this prefix only from https (RFC 6265bis §4.1.3).
const nameFor = (secure: boolean): string =>
  secure ? '__Secure-breakglass-sign-in' : 'breakglass-sign-in';

const MAX_AGE_S = 900;

/** What ties a sign-in to the browser that began it: a cookie there, its hash in the attempt. */
export function newBrowserCookie(publicUrl: string): {
  readonly header: string;
  readonly hash: string;
} {
  const secure = publicUrl.startsWith('https:');
  const value = randomBytes(32).toString('base64url');
  // Lax, because the browser comes back from the provider's site.
  const path = `${new URL(publicUrl).pathname.replace(/\/$/, '')}${SIGN_IN_PATH}`;
  const rules = `Path=${path}; Max-Age=${MAX_AGE_S}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  return { header: `${nameFor(secure)}=${value}; ${rules}`, hash: hash('sha256', value) };
}

/** Is it the browser whose cookie had this hash (SHA-256, hex)? */
export function isSameBrowser(request: Request, publicUrl: string, expected: string): boolean {
  const name = nameFor(publicUrl.startsWith('https:'));
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
  const [found, wanted] = [hash('sha256', value, 'buffer'), Buffer.from(expected, 'hex')];
  return found.length === wanted.length && timingSafeEqual(found, wanted);
}
