import { handleIn, stateOf } from '#application/links/link-secrets';
import { refuseLink } from '#application/ports/decide-links';
import { isSameBrowser } from '../sign-in/browser-cookie.ts';
import { CALLBACK_PATH } from '../sign-in/paths.ts';
import { readAttempt } from './attempt.ts';
import type { DecideOptions } from './options.ts';
import { FROM_BESIDE } from './paths.ts';
import { providerRefused } from './provider-refused.ts';
import { refusalPage } from './refusal-page.ts';
import { linkRefusalWords } from './refusal-words.ts';

/** Whether the provider sends back a browser that began at a link of ours. */
export const isOfLink = ({ pathname, searchParams }: URL): boolean =>
  pathname === CALLBACK_PATH && handleIn(searchParams.get('state') ?? '') !== null;

/**
 * The browser is back from the provider. What was kept for it is taken out, once; from here on the
 * person is known, and the browser goes on to the request by a handle that the provider never saw.
 */
export async function comeBack(request: Request, options: DecideOptions): Promise<Response> {
  const { links, provider, publicUrl, now, log } = options;
  const query = new URL(request.url).searchParams;
  const handle = handleIn(query.get('state') ?? '') ?? '';
  const back = await links.comeBack(handle, (browser) =>
    isSameBrowser(request, publicUrl, browser),
  );
  if ('refused' in back) {
    // Somebody may have been sent to the provider by whoever began.
    if (back.code === 'other-browser')
      log.warn({ code: back.code }, 'a sign-in came back in another browser');
    const { told, link } = linkRefusalWords(back);
    return refusalPage(told, link);
  }
  const attempt = readAttempt(back.secret);
  if (attempt === null)
    return refusalPage(linkRefusalWords(refuseLink({ code: 'attempt-over' })).told, back.link);
  const redirectUri = `${publicUrl}${CALLBACK_PATH}`;
  const underWay = { ...attempt, state: stateOf(handle), redirectUri };
  const signedIn = await provider.redeem(underWay, query, await now());
  if ('failed' in signedIn) return providerRefused(signedIn, back.link, options);
  const known = await links.identify(back.handle, signedIn.signIn);
  if ('refused' in known) return refusalPage(linkRefusalWords(known).told, back.link);
  return seeOther(FROM_BESIDE.request(back.handle));
}

/** On with a GET, so that looking again asks nobody to send anything again (RFC 9110 §15.4.4). */
export function seeOther(location: string): Response {
  const headers = { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };
  return new Response(null, { status: 303, headers });
}
