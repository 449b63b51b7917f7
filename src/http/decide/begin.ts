import { randomBytes } from 'node:crypto';
import { stateOf } from '#application/links/link-secrets';
import { newBrowserCookie } from '../sign-in/browser-cookie.ts';
import { goPage } from '../sign-in/go-page.ts';
import { CALLBACK_PATH } from '../sign-in/paths.ts';
import { encodeAttempt } from './attempt.ts';
import type { DecideOptions } from './options.ts';
import { providerRefused } from './provider-refused.ts';
import { linkRefusalWords } from './refusal-words.ts';
import { refusalPage } from './refusal-page.ts';

/** Sends the browser to the provider, to come back as somebody. Nothing is signed on this sign-in. */
export async function begin(link: string, options: DecideOptions): Promise<Response> {
  const { links, provider, publicUrl } = options;
  const cookie = newBrowserCookie(publicUrl, '/');
  const [codeVerifier, nonce] = [newSecret(), newSecret()];
  const begunAt = await options.now();
  const kept = encodeAttempt({ codeVerifier, nonce, begunAt });
  const begun = await links.begin(link, cookie.hash, kept);
  if ('refused' in begun) return refusalPage(linkRefusalWords(begun).told, link);
  const sent = await provider.authorizationUrl({
    state: stateOf(begun.handle),
    codeVerifier,
    nonce,
    redirectUri: `${publicUrl}${CALLBACK_PATH}`,
    begunAt,
  });
  return 'failed' in sent ? providerRefused(sent, link, options) : goPage(sent.url, cookie.header);
}

const newSecret = (): string => randomBytes(32).toString('base64url');
