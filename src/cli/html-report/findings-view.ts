import type { Report } from '#ledger/verify/report';
import { foldFindings, whereTold } from '../folded-findings.ts';
import { html, utc, when, type Markup } from './markup.ts';

/** The most that are shown of each list; the JSON report has more. */
const SHOWN = 200;

/** What is wrong, folded as in the terminal. */
export function findingsView({ findings, counts }: Report): Markup {
  if (findings.length === 0) return html``;
  const shown = foldFindings(findings).slice(0, SHOWN);
  const more = counts.findings - shown.reduce((sum, one) => sum + one.times, 0);
  const rows = shown.map(
    (one) =>
      html`<tr>
        <th scope="row">${whereTold(one)}</th>
        <td>${one.message}</td>
        <td data-name="Code"><code>${one.code}</code></td>
      </tr>`,
  );
  return html`<section aria-labelledby="findings">
    <h2 id="findings" tabindex="-1">Findings</h2>
    <p>In the order of the log: the first one is the nearest to what was done.</p>
    <table class="stack">
      <thead>
        <tr>
          <th scope="col">Where</th>
          <th scope="col">What is wrong</th>
          <th scope="col">Code</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
    ${when(more > 0, () => html`<p class="soft">… and ${more} more.</p>`)}
  </section>`;
}

/** What nothing speaks against, and nothing proves. */
export function unprovenView({ unprovenIdentities, unprovenSignIns }: Report): Markup {
  const all = [...unprovenIdentities, ...unprovenSignIns];
  if (all.length === 0) return html``;
  const shown = all.slice(0, SHOWN);
  const items = shown.map(({ index, message }) => html`<li>Entry ${index}: ${message}</li>`);
  return html`<section aria-labelledby="unproven">
    <h2 id="unproven">Unproven</h2>
    <p>Nothing speaks against these entries, but something that would prove them is not shown.</p>
    <ul>
      ${items}
    </ul>
    ${when(all.length > SHOWN, () => html`<p class="soft">… and ${all.length - SHOWN} more.</p>`)}
  </section>`;
}

/** Approvals in nobody's name. */
export function unattestedView({ unattested, counts }: Report): Markup {
  if (counts.unattested === 0) return html``;
  const items = unattested
    .slice(0, SHOWN)
    .map(
      ({ index, person, bypass, at }) =>
        html`<li>
          Entry ${index}: of <bdi>${person}</bdi>, for bypass <bdi>${bypass}</bdi>, ${utc(at)}
        </li>`,
    );
  return html`<section aria-labelledby="unattested">
    <h2 id="unattested">Approvals that stayed provisional</h2>
    <p>Nobody attested them to the end of the log: only the service’s own key signed them.</p>
    <ul>
      ${items}
    </ul>
  </section>`;
}
