import type { PreparedApproval } from '#application/ports/sign-in';
import { approvedPage } from './approved-page.ts';
import type { AwaitingConfirmation } from './attempt.ts';
import type { SignInOptions } from './options.ts';
import { refusalPage } from './refusal-page.ts';
import { signerWords } from './provider-words.ts';
import { signInRefusalWords } from './refusal-words.ts';

/** Signs the statement with the key of this sign-in, hands it in, and forgets the key. */
export async function finishSignIn(
  link: string,
  { statement }: PreparedApproval,
  { key, idToken, signIn, keys }: Pick<AwaitingConfirmation, 'key' | 'idToken' | 'signIn' | 'keys'>,
  { signIns, signer, now }: SignInOptions,
): Promise<Response> {
  const secret = new Uint8Array(Buffer.from(key, 'base64'));
  const signed = await signer.sign(statement, secret, idToken);
  secret.fill(0);
  if (!signed.ok) return refusalPage(signerWords(signed.fault), link);
  const { bundle } = signed;
  const completed = await signIns.complete(link, { bundle, idToken, signIn, keys });
  if ('refused' in completed) return refusalPage(signInRefusalWords(completed), link);
  return approvedPage(completed, await now());
}
