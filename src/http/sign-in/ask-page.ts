import type { Instant } from '#domain/instant';
import type { PreparedApproval } from '#application/ports/sign-in';
import { page } from './document.ts';
import { html } from './html.ts';
import { BESIDE } from './paths.ts';
import { accountWords, remarks, requestView } from './request-view.ts';
import { durationWords, untilWords } from './words.ts';

/** What a link asks for. Showing it decides nothing: mail scanners and previews open links too. */
export function askPage(link: string, prepared: PreparedApproval, now: Instant): Response {
  const { card, approver, ttlMs, digest, expiresAt, provider } = prepared;
  const title = `Approve a bypass of ${card.gate}?`;
  const body = html`<h1>${title}</h1>
    ${remarks(card)} ${requestView(prepared)}
    <h2>What approving means</h2>
    <p>
      You allow deploys that match the lines above to pass
      ${card.gates === undefined ? 'this gate' : 'each of these gates'} for ${durationWords(ttlMs)},
      from the moment the last approval that is needed is in. Your approval is signed in your name
      and stays in the audit log. If you are not sure, do not sign in: nothing happens then.
    </p>
    <h2>Who you are</h2>
    <p>
      You are asked as <strong><bdi>${approver.name}</bdi></strong> in Slack. Sign in at
      <strong>${new URL(provider.issuer).host}</strong> as <bdi>${accountWords(approver)}</bdi>.
    </p>
    <form method="post" action="${BESIDE.page(link)}">
      <button>Sign in and approve</button>
    </form>
    <p class="soft">
      This link is yours alone, and works until ${untilWords(expiresAt, now)}. Pass it on to nobody.
    </p>
    <details>
      <summary>What exactly is signed</summary>
      <p>
        A statement with the digest <code>${digest}</code>. Your sign-in is bound to it, and serves
        for nothing else.
      </p>
      ${
        provider.ownKeyClient === null
          ? null
          : html`<p>
              To sign on your own machine, where this service cannot reach the key:
              <code>breakglass approve ${provider.linkBase}${link}</code>
            </p>`
      }
    </details>`;
  return page({ title, body });
}
