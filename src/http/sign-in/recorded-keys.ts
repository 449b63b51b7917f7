import type { Digest } from '#ledger/digest';
import type { SignedIn } from '#application/ports/identity-provider';
import type { SignInRefusal } from '#application/ports/sign-in-refusal';
import type { SignInOptions } from './options.ts';

/**
 * The entry whose keys verify a token that the provider's keys of this moment verify. The oldest
 * one since the press: a witness has seen it before the token was issued, which is what convinces an
 * outsider. If the provider took a new key meanwhile, its set is recorded first.
 */
export async function recordedKeys(
  link: string,
  { idToken, signIn, keys }: SignedIn,
  { signIns, provider, now }: Pick<SignInOptions, 'signIns' | 'provider' | 'now'>,
): Promise<{ readonly entry: Digest } | SignInRefusal> {
  const sets = await signIns.reliedOn(link);
  if ('refused' in sets) return sets;
  for (const set of sets) {
    const verified = await provider.verify(idToken, [signIn.client], await now(), set.keys);
    if (!('failed' in verified)) return { entry: set.entry };
  }
  return signIns.relyOn(link, keys);
}
