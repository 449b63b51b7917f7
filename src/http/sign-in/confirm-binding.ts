import { readSignedIn } from './attempt.ts';
import { finishSignIn } from './finish-sign-in.ts';
import type { SignInOptions } from './options.ts';
import { formFields, isOwnForm } from './own-form.ts';
import { refusalPage } from './refusal-page.ts';
import { resumeHere } from './resume-here.ts';
import { signInRefusalWords } from './refusal-words.ts';
import { CROSS_SITE, NOT_MINE } from './told.ts';

/** The answer to "Are these both you?". Either answer uses the question up, of the browser asked. */
export async function confirmBinding(request: Request, options: SignInOptions): Promise<Response> {
  const { signIns, publicUrl } = options;
  if (!isOwnForm(request, publicUrl)) return refusalPage(CROSS_SITE, null);
  const fields = await formFields(request);
  const [handle, answer] = [fields?.get('handle') ?? null, fields?.get('answer')];
  if (handle === null) return refusalPage(CROSS_SITE, null);
  const resumed = await resumeHere(request, handle, readSignedIn, options);
  if ('refused' in resumed) return refusalPage(signInRefusalWords(resumed), null);
  const { link, prepared, attempt } = resumed;
  if (answer !== 'mine') return refusalPage(NOT_MINE, link);
  const bound = await signIns.bind(link, attempt.signIn);
  if ('refused' in bound) return refusalPage(signInRefusalWords(bound), link);
  return finishSignIn(link, prepared, attempt, options);
}
