import { randomBytes } from 'node:crypto';
import { signInNonce } from '#ledger/sign-in-nonce';
import { encodeAttempt } from './attempt.ts';
import { newBrowserCookie } from './browser-cookie.ts';
import { goPage } from './go-page.ts';
import type { SignInOptions } from './options.ts';
import { CALLBACK_PATH } from './paths.ts';
import { refusalPage } from './refusal-page.ts';
import { signInRefusalWords } from './refusal-words.ts';
import { providerRefused } from './provider-refused.ts';

/**
 * Makes the key that will sign, binds the sign-in to it and to the statement, and sends the browser
 * to the provider. The key exists sealed in one row from here until the browser is back.
 */
export async function beginSignIn(link: string, options: SignInOptions): Promise<Response> {
  const { signIns, provider, signer, publicUrl, log } = options;
  const prepared = await signIns.show(link);
  if ('refused' in prepared) return refusalPage(signInRefusalWords(prepared), link);
  const published = await provider.keys();
  if ('failed' in published) return providerRefused(published, link, options);
  // Before the browser leaves: a witness must have seen the keys earlier than the token's time.
  const relied = await signIns.relyOn(link, published.keys);
  if ('refused' in relied) {
    // The person can only wait; whoever runs the service can ask the witness.
    log.warn({ code: relied.code }, 'a sign-in waits for its provider to be known');
    return refusalPage(signInRefusalWords(relied), link);
  }
  const { spki, secret } = signer.newKey();
  const cookie = newBrowserCookie(publicUrl);
  const codeVerifier = randomBytes(32).toString('base64url');
  const begunAt = await options.now();
  const attempt = encodeAttempt({
    step: 'begun',
    key: Buffer.from(secret).toString('base64'),
    spki: Buffer.from(spki).toString('base64'),
    codeVerifier,
    begunAt,
    browser: cookie.hash,
  });
  const begun = await signIns.begin(link, attempt);
  if ('refused' in begun) return refusalPage(signInRefusalWords(begun), link);
  const sent = await provider.authorizationUrl({
    state: begun.handle,
    codeVerifier,
    nonce: signInNonce(prepared.digest, spki),
    redirectUri: `${publicUrl}${CALLBACK_PATH}`,
    begunAt,
  });
  if ('failed' in sent) return providerRefused(sent, link, options);
  return goPage(sent.url, cookie.header);
}
