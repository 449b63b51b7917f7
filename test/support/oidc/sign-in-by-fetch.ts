import type { Visited, Visitor } from './browse.ts';

/**
 * Opens the provider's page and presses the button of `sub` (or gives up, with `''`), as a person
 * would in a browser. Gives where the provider sent them in the end.
 */
export async function signInAt(
  browser: Visitor,
  authorizationUrl: string,
  sub: string,
): Promise<Visited> {
  const page = await browser.get(authorizationUrl);
  return pressAccount(browser, page, sub);
}

/** As `signInAt`, from the provider's page on. */
export async function pressAccount(browser: Visitor, page: Visited, sub: string): Promise<Visited> {
  const action = /<form method="post" action="([^"]+)">/.exec(page.body)?.[1];
  if (action === undefined)
    throw new Error(`no page to sign in at: ${page.status} ${page.url} ${page.body.slice(0, 300)}`);
  return browser.post(new URL(action, page.url).href, { person: sub });
}
