import { isBlank } from '#application/forms/is-blank';
import type { LinkChoice } from '#application/ports/decide-links';
import { isSameBrowser } from '../sign-in/browser-cookie.ts';
import type { Told } from '../sign-in/told.ts';
import { seeOther } from './come-back.ts';
import type { DecideOptions } from './options.ts';
import { FROM_BESIDE } from './paths.ts';
import { refusalPage } from './refusal-page.ts';
import { linkRefusalWords, NOTHING } from './refusal-words.ts';
import { MOST_REASON } from './request-page.ts';

/** Stores what the form says. @param fields of one of our own forms. */
export async function choose(
  request: Request,
  fields: URLSearchParams,
  { links, publicUrl }: DecideOptions,
): Promise<Response> {
  const handle = fields.get('at') ?? '';
  const choice = choiceIn(fields);
  if (choice === null) return refusalPage(UNREADABLE, null);
  const isOwner = (browser: string): boolean => isSameBrowser(request, publicUrl, browser);
  const stored = await links.choose(handle, isOwner, choice);
  if (!('refused' in stored)) return seeOther(FROM_BESIDE.request(handle));
  const { told, link } = linkRefusalWords(stored);
  return refusalPage(told, link);
}

/** What may be granted is judged with the press, by the policy of then. */
function choiceIn(fields: URLSearchParams): LinkChoice | null {
  const decision = fields.get('decision');
  if (decision === 'approve') {
    const ttlMs = Number(fields.get('ttl'));
    return Number.isSafeInteger(ttlMs) && ttlMs > 0 ? { kind: 'approve', ttlMs } : null;
  }
  // No database keeps a NUL.
  const reason = (fields.get('reason') ?? '').replaceAll('\0', '').trim();
  const isReason = !isBlank(reason) && reason.length <= MOST_REASON;
  return decision === 'deny' && isReason ? { kind: 'deny', reason } : null;
}

const UNREADABLE: Told = {
  title: 'That was not a decision',
  text: `${NOTHING} Choose a time to approve for, or say in at most ${MOST_REASON} characters why not.`,
  status: 400,
  again: true,
};
