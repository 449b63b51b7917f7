import type { IdentityMode } from '#ledger/verify/identity-modes';
import type { Report } from '#ledger/verify/report';
import { sourceTold } from '../audit-report.ts';
import { html, when, type Markup } from './markup.ts';

/** The most issuers and clients that are shown of a mode. */
const SHOWN = 200;

/** Who signed in which mode, in the words of the modes. */
export function modesView({ identityModes, counts, readable }: Report): Markup {
  const used = identityModes.filter((one) => one.entries > 0);
  const own = counts.unattested;
  return html`<section aria-labelledby="modes">
    <h2 id="modes">Who signed, and what that is worth</h2>
    ${used.map(modeView)}
    ${when(
      own > 0,
      () =>
        html`<article class="step">
          <header>
            <h3>The service alone</h3>
            <span class="badge">${own} ${own === 1 ? 'approval' : 'approvals'}</span>
          </header>
          <p>
            Provisional to the end of the log: signed by the service’s own key, in nobody’s name.
          </p>
        </article>`,
    )}
    ${when(used.length === 0 && own <= 0, () => html`<p>No approval was ${readable ? 'signed' : 'read'}.</p>`)}
  </section>`;
}

function modeView({ title, entries, unproven, is, proves, doesNotProve, sources }: IdentityMode) {
  const count = `${entries} ${entries === 1 ? 'entry' : 'entries'}`;
  const named = sources
    .slice(0, SHOWN)
    .map((one) => html`<dd><code>${sourceTold(one)}</code></dd>`);
  return html`<article class="step">
    <header>
      <h3>${title}</h3>
      <span class="badge">${count}</span>
      ${when(unproven > 0, () => html`<span class="badge unproven">– ${unproven} unproven</span>`)}
    </header>
    <p>${is}</p>
    <dl>
      <dt>Proves</dt>
      <dd>${proves}</dd>
      <dt>Does not prove</dt>
      <dd>${doesNotProve}</dd>
      <dt>Named by</dt>
      ${named}
    </dl>
  </article>`;
}
