import type { LinkView } from '#application/ports/decide-links';
import type { Instant } from '#domain/instant';
import { page } from '../sign-in/document.ts';
import { html, type Html } from '../sign-in/html.ts';
import { listed, untilWords } from '../sign-in/words.ts';
import { FROM_BESIDE } from './paths.ts';

/**
 * What a link leads to before anybody signed in: what is asked for, and nothing that somebody typed.
 * Showing it decides nothing: mail scanners and previews open links too.
 */
export function linkPage(link: string, view: LinkView, now: Instant): Response {
  const { gate, gates, service, environment } = view;
  const title = `${view.drill ? 'Drill: ' : ''}${titleOf(view)}`;
  const body = html`<h1>${title}</h1>
    ${drillRemark(view)}
    <dl>
      <div>
        <dt>Gate</dt>
        <dd>
          <strong>${gate}</strong
          >${gates === undefined ? null : html`, which opens ${listed(gates)}`}
        </dd>
      </div>
      <div>
        <dt>Service</dt>
        <dd><strong>${service}</strong> in <strong>${environment}</strong></dd>
      </div>
    </dl>
    ${standing(link, view, now)}`;
  return page({ title, body });
}

function titleOf({ phase, gate }: LinkView): string {
  switch (phase) {
    case 'waiting':
      return `A bypass of ${gate} waits for approval`;
    case 'active':
      return `The bypass of ${gate} was approved`;
    case 'denied':
      return `The bypass of ${gate} was denied`;
    case 'withdrawn':
      return `The request for ${gate} was withdrawn`;
    case 'lapsed':
      return `Nobody decided on ${gate} in time`;
    case 'closed':
      return `The bypass of ${gate} is closed`;
  }
}

function drillRemark({ drill }: LinkView): Html | null {
  return drill
    ? html`<p class="warn"><strong>This is a drill.</strong> Approving it opens no gate.</p>`
    : null;
}

function standing(link: string, view: LinkView, now: Instant): Html {
  const { phase, grant, pendingUntilAt, issuer } = view;
  if (phase === 'active' && grant !== null)
    return html`<p>It is open until ${untilWords(grant.expiresAt, now)}.</p>`;
  if (phase !== 'waiting') return html`<p>There is nothing to decide here any more.</p>`;
  return html`<p>
      Sign in at <strong>${new URL(issuer).host}</strong> to see the whole request, and to approve
      or deny it. You can if the policy names you as an approver and you signed in for an approval
      before.
    </p>
    <form method="post" action="${FROM_BESIDE.link(link)}">
      <button>Sign in</button>
    </form>
    <p class="soft">The request waits until ${untilWords(pendingUntilAt, now)}.</p>`;
}
