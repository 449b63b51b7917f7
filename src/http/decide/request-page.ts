import type { Whereabouts } from '#application/ports/decide-links';
import { page } from '../sign-in/document.ts';
import { html } from '../sign-in/html.ts';
import { remarks, requestView } from '../sign-in/request-view.ts';
import { durationWords } from '../sign-in/words.ts';
import { FROM_BESIDE } from './paths.ts';

/** As long as a reason in Slack may be shown whole. */
export const MOST_REASON = 1_000;

/** The whole request, for somebody whose decision counts. */
export function requestPage(
  handle: string,
  { card, name }: Extract<Whereabouts, { readonly at: 'deciding' }>,
): Response {
  const title = `Approve a bypass of ${card.gate}?`;
  const [shortest] = card.grantableMs;
  const chosen = card.grantableMs.includes(card.ttlAskedMs) ? card.ttlAskedMs : shortest;
  const body = html`<h1>${title}</h1>
    ${remarks(card)} ${requestView({ card, ttlMs: card.ttlAskedMs }, 'Asked for')}
    <p>
      You signed in as <strong><bdi>${name}</bdi></strong
      >.
    </p>
    <h2>Approve</h2>
    <p>
      You allow deploys that match the lines above to pass
      ${card.gates === undefined ? 'this gate' : 'each of these gates'}, from the moment the last
      approval that is needed is in. You sign in once more: that sign-in signs your approval, in
      your name, and stays in the audit log.
    </p>
    <form method="post" action="${FROM_BESIDE.decide}">
      <input type="hidden" name="at" value="${handle}" />
      <fieldset>
        <legend>For how long</legend>
        ${card.grantableMs.map(
          (ms) =>
            html`<label>
              ${
                ms === chosen
                  ? html`<input type="radio" name="ttl" value="${ms}" checked required />`
                  : html`<input type="radio" name="ttl" value="${ms}" required />`
              }
              ${durationWords(ms)}
            </label>`,
        )}
      </fieldset>
      <button name="decision" value="approve">Approve: sign in once more</button>
    </form>
    <h2>Deny</h2>
    <p>One denial ends the request. Who asked reads why.</p>
    <form method="post" action="${FROM_BESIDE.decide}">
      <input type="hidden" name="at" value="${handle}" />
      <label class="field"
        >Why not
        <textarea name="reason" required maxlength="${MOST_REASON}"></textarea>
      </label>
      <button class="other" name="decision" value="deny">Deny</button>
    </form>
    <p class="soft">If you are not sure, close this page: nothing happens then.</p>`;
  return page({ title, body });
}
