import type { Visited, Visitor } from '../oidc/browse.ts';
import { pressAccount } from '../oidc/sign-in-by-fetch.ts';

const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };

/** Opens a link, presses its button and signs in as `sub`; gives the page that comes of it. */
export async function signInOn(browser: Visitor, link: string, sub: string): Promise<Visited> {
  const { body } = await browser.post(link, {}, SAME_ORIGIN);
  const onwards = /content="0; url=([^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&');
  if (onwards === undefined) throw new Error(`the page leads nowhere: ${body.slice(0, 300)}`);
  return pressAccount(browser, await browser.get(onwards), sub);
}

/** Says of the two accounts that the page names that both are theirs. */
export function confirmOn(browser: Visitor, link: string, { body }: Visited): Promise<Visited> {
  const handle = /name="handle" value="([^"]+)"/.exec(body)?.[1] ?? '';
  const to = new URL('/sign-in/confirm', link).href;
  return browser.post(to, { handle, answer: 'mine' }, SAME_ORIGIN);
}
