import type { Completed } from '#application/ports/sign-in';
import type { Instant } from '#domain/instant';
import { page } from './document.ts';
import { html, type Html } from './html.ts';
import { listed, untilWords } from './words.ts';

/** The approval is in the log. */
export function approvedPage({ card, activated }: Completed, now: Instant): Response {
  const opened = card.gates === undefined ? 'the gate is open' : 'the gates are open';
  const title = activated && !card.drill ? `Approved: ${opened}` : 'Approved';
  const { index, size, root } = card.receipt;
  const body = html`<h1>${title}</h1>
    <p>${outcome(card, activated, now)}</p>
    <p>Your approval is in the audit log. You can close this page.</p>
    <details>
      <summary>Receipt</summary>
      <p>
        The newest entry about this request is number ${index}, covered by the checkpoint of ${size}
        entries with the root <code>${root}</code>.
      </p>
    </details>`;
  return page({ title, body });
}

function outcome(card: Completed['card'], activated: boolean, now: Instant): Html {
  const what = html`<strong>${card.gate}</strong> for <strong>${card.scope.service}</strong> in
    <strong>${card.scope.environment}</strong>`;
  if (!activated || card.grant === null) {
    const open = card.requirements
      .filter(({ have, count }) => have < count)
      .map(({ from, have, count }) => `${count - have} of @${from}`);
    return html`Your approval of ${what} counts. Still needed: ${listed(open)}.`;
  }
  if (card.drill) return html`That was the last approval that the drill of ${what} needed.`;
  return html`${what} is open until ${untilWords(card.grant.expiresAt, now)}.`;
}
