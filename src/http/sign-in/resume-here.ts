import type { PreparedApproval } from '#application/ports/sign-in';
import { refuseSignIn, type SignInRefusal } from '#application/ports/sign-in-refusal';
import { isSameBrowser } from './browser-cookie.ts';
import type { SignInOptions } from './options.ts';

export interface ResumedHere<Attempt> {
  readonly link: string;
  readonly prepared: PreparedApproval;
  readonly attempt: Attempt;
}

/**
 * Takes out, once, what was kept for this browser. A handle stands in addresses and so in logs: one
 * that another browser shows neither leads to the link, nor uses anything up for the one it is for.
 */
export async function resumeHere<Attempt extends { readonly browser: string }>(
  request: Request,
  handle: string,
  read: (kept: Uint8Array) => Attempt | null,
  { signIns, publicUrl }: Pick<SignInOptions, 'signIns' | 'publicUrl'>,
): Promise<ResumedHere<Attempt> | SignInRefusal> {
  const ownIn = (kept: Uint8Array): Attempt | null => {
    const attempt = read(kept);
    return attempt !== null && isSameBrowser(request, publicUrl, attempt.browser) ? attempt : null;
  };
  const resumed = await signIns.resume(handle, (kept) => ownIn(kept) !== null);
  if ('refused' in resumed) return resumed;
  const { link, prepared, secret } = resumed;
  const attempt = ownIn(secret);
  return attempt === null ? refuseSignIn({ code: 'other-browser' }) : { link, prepared, attempt };
}
