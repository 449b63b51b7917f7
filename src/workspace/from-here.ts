/** What is known of who asks: the request's method, path and headers. */
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly header: (name: string) => string | undefined;
}

const LOCAL = new Set(['127.0.0.1', 'localhost']);
/** What a browser says of requests that this server's own page or its visitor made. */
const OWN_SITES = new Set([undefined, 'same-origin', 'none']);

/**
 * Keeps out pages of other sites and of other ports, which a browser lets reach loopback and which
 * could act as people here: the address asked must be a local one (a name that was rebound to
 * 127.0.0.1 is not), and whoever says where they come from must come from this very server. Links
 * from anywhere, and frames, may lead to `pages`.
 *
 * @see Fetch Metadata Request Headers, https://www.w3.org/TR/fetch-metadata/
 */
export function isFromHere({ method, path, header }: Asked, pages: ReadonlySet<string>): boolean {
  const own = `http://${header('host') ?? ''}`;
  if (!URL.canParse(own) || !LOCAL.has(new URL(own).hostname)) return false;
  const origin = header('origin');
  if (origin !== undefined && origin !== own) return false;
  if (OWN_SITES.has(header('sec-fetch-site'))) return true;
  return method === 'GET' && header('sec-fetch-mode') === 'navigate' && pages.has(path);
}

/**
 * Whether a body is said to be JSON. A page of another origin cannot send that without asking first
 * (CORS preflight, Fetch Standard §4.8), which is answered nowhere here.
 */
export function isJsonType(contentType: string | undefined): boolean {
  return /^application\/json\s*(?:;|$)/i.test(contentType ?? '');
}
