import type { PreparedApproval, VerifiedSignIn } from '#application/ports/sign-in';
import type { SignedIn } from '#application/ports/identity-provider';
import type { Digest } from '#ledger/digest';
import { signInNonce } from '#ledger/sign-in-nonce';
import { encodeAttempt, readBegun, type Begun } from './attempt.ts';
import { confirmPage } from './confirm-page.ts';
import { finishSignIn } from './finish-sign-in.ts';
import type { SignInOptions } from './options.ts';
import { CALLBACK_PATH } from './paths.ts';
import { recordedKeys } from './recorded-keys.ts';
import { refusalPage } from './refusal-page.ts';
import { resumeHere } from './resume-here.ts';
import { providerWords } from './provider-words.ts';
import { signInRefusalWords } from './refusal-words.ts';
import { providerRefused } from './provider-refused.ts';

/**
 * The browser is back from the provider. What was kept for it is taken out, once, so a callback that
 * is replayed finds nothing. A crash from here on leaves nothing: the person begins again.
 */
export async function comeBack(request: Request, options: SignInOptions): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const handle = query.get('state');
  if (handle === null) return refusalPage(providerWords('answer-refused'), null);
  const resumed = await resumeHere(request, handle, readBegun, options);
  if ('refused' in resumed && resumed.code === 'other-browser')
    // Somebody may have been sent to the provider by whoever began.
    options.log.warn({ code: resumed.code }, 'a sign-in came back in another browser');
  if ('refused' in resumed) return refusalPage(signInRefusalWords(resumed), null);
  const { link, prepared, attempt } = resumed;
  const signedIn = await redeem(query, handle, prepared, attempt, options);
  if ('failed' in signedIn) return providerRefused(signedIn, link, options);
  const recorded = await recordedKeys(link, signedIn, options);
  if ('refused' in recorded) return refusalPage(signInRefusalWords(recorded), link);
  return judged(link, prepared, attempt, { ...signedIn, entry: recorded.entry }, options);
}

async function redeem(
  query: URLSearchParams,
  state: string,
  prepared: PreparedApproval,
  { spki, codeVerifier, begunAt }: Begun,
  { provider, publicUrl, now }: SignInOptions,
) {
  const underWay = {
    state,
    codeVerifier,
    begunAt,
    nonce: signInNonce(prepared.digest, Buffer.from(spki, 'base64')),
    redirectUri: `${publicUrl}${CALLBACK_PATH}`,
  };
  return provider.redeem(underWay, query, await now());
}

async function judged(
  link: string,
  prepared: PreparedApproval,
  { key, browser }: Begun,
  { idToken, signIn, entry }: SignedIn & { readonly entry: Digest },
  options: SignInOptions,
): Promise<Response> {
  const checked = await options.signIns.check(link, signIn);
  if (!('refused' in checked)) {
    const signing = { key, idToken, signIn, keys: entry };
    return finishSignIn(link, prepared, signing, options);
  }
  if (checked.code !== 'not-bound') return refusalPage(signInRefusalWords(checked), link);
  const kept = { step: 'signed-in' as const, key, browser, idToken, signIn, keys: entry };
  return askWhetherMine(link, prepared, signIn, encodeAttempt(kept), options);
}

async function askWhetherMine(
  link: string,
  prepared: PreparedApproval,
  signIn: VerifiedSignIn,
  kept: Uint8Array,
  { signIns }: SignInOptions,
): Promise<Response> {
  const begun = await signIns.begin(link, kept);
  if ('refused' in begun) return refusalPage(signInRefusalWords(begun), link);
  return confirmPage(begun.handle, prepared, signIn);
}
