import type { BypassCard } from '#application/ports/card';
import { page } from '../sign-in/document.ts';
import { html } from '../sign-in/html.ts';
import { FROM_BESIDE } from './paths.ts';

/** Looked at again this often while a decision is judged. */
const LOOK_AGAIN_S = 2;

/** A decision is stored, and not judged yet: it survives that this page is closed. */
export function judgingPage(handle: string): Response {
  const here = FROM_BESIDE.request(handle);
  const body = html`<h1>One moment</h1>
    <p>Your decision is stored, and is being judged. This page goes on by itself.</p>
    <p><a class="button" href="${here}">Look again</a></p>`;
  return page({ title: 'One moment', body, goOnTo: here, goOnAfterS: LOOK_AGAIN_S });
}

/** On to the sign-in that signs the approval. */
export function signingPage(link: string): Response {
  const on = FROM_BESIDE.signIn(link);
  const body = html`<h1>One more sign-in</h1>
    <p>It signs your approval. This page goes on by itself.</p>
    <p><a class="button" href="${on}">Go on</a></p>`;
  return page({ title: 'One more sign-in', body, goOnTo: on });
}

/** What was decided stands. */
export function donePage({ phase, gate, drill }: BypassCard): Response {
  const title =
    phase === 'denied' ? `Denied: this request does not open ${gate}` : 'Your decision counts';
  const body = html`<h1>${title}</h1>
    ${drill ? html`<p>It was a drill: no gate was asked to open.</p>` : null}
    <p>It is in the audit log. Slack is told as soon as it answers. You can close this page.</p>`;
  return page({ title, body });
}
