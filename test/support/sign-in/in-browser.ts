import type { Visited, Visitor } from '../oidc/browse.ts';
import { pressAccount } from '../oidc/sign-in-by-fetch.ts';

/** What a browser says of a form that the page itself sends (Fetch Metadata Request Headers). */
export const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };

/** Where a page sends its reader on. */
export function onwards({ body }: Visited): string {
  const to = /content="0; url=([^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&');
  if (to === undefined) throw new Error(`the page leads nowhere: ${body.slice(0, 300)}`);
  return to;
}

/** What the form of a page that asks whether both accounts are theirs goes by; empty without one. */
export const handleIn = ({ body }: Visited): string =>
  /name="handle" value="([^"]+)"/.exec(body)?.[1] ?? '';

/** Opens a link, presses its button and signs in as `sub`; gives the page that comes of it. */
export async function signInOn(browser: Visitor, link: string, sub: string): Promise<Visited> {
  const sent = await browser.post(link, {}, SAME_ORIGIN);
  return pressAccount(browser, await browser.get(onwards(sent)), sub);
}

/** Says of the two accounts that the page names that both are theirs. */
export function confirmOn(browser: Visitor, link: string, page: Visited): Promise<Visited> {
  const to = new URL('/sign-in/confirm', link).href;
  return browser.post(to, { handle: handleIn(page), answer: 'mine' }, SAME_ORIGIN);
}
