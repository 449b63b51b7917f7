import type { Report } from '#ledger/verify/report';
import { EVALUATION, lacksWitnesses, verdict } from '../audit-report.ts';
import { findingsView, unattestedView, unprovenView } from './findings-view.ts';
import { html, Markup, utc, when } from './markup.ts';
import { modesView } from './modes-view.ts';
import type { Pin } from './pins.ts';
import { stepsView } from './steps-view.ts';
import { STYLE } from './style.ts';
import { timelinesView } from './timelines-view.ts';
import type { Timeline } from './timelines.ts';

export interface HtmlReport {
  readonly report: Report;
  /** Whether the pinned trusted root is an embedded authority's. */
  readonly evaluation: boolean;
  readonly pins: readonly Pin[];
  readonly timelines: readonly Timeline[];
  /** Bypasses before those that are shown. */
  readonly timelinesLeftOut: number;
  /** When it was verified, epoch milliseconds, by the auditor's clock. */
  readonly verifiedAt: number;
}

/** The report as one HTML document: no script, nothing fetched, everything from the log escaped. */
export function htmlReport(of: HtmlReport): string {
  const { report, evaluation, verifiedAt } = of;
  const title = `Audit of ${report.log ?? 'an unreadable log'}`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'"
        />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p class="soft">
            Tenant <bdi>${report.tenant ?? 'unknown'}</bdi>. Verified offline at ${utc(verifiedAt)}
            by <code>breakglass audit verify</code>.
          </p>
          ${verdictView(report)}
          ${when(evaluation, () => html`<aside class="note" aria-label="Evaluation"><p>${EVALUATION}</p></aside>`)}
          ${contents(of)} ${countsView(report)} ${findingsView(report)} ${unprovenView(report)}
          ${modesView(report)} ${unattestedView(report)} ${stepsView(report)} ${timelinesView(of)}
          ${pinsView(of.pins)}
        </main>
      </body>
    </html> `;
  return `${page.html.trim()}\n`;
}

/** The verdict's word, in its own colour, and the sentence behind it. */
function verdictView(report: Report): Markup {
  const [word = '', ...rest] = verdict(report).split(/(?<=^(?:VERIFIED|REFUSED|UNREADABLE))/);
  const status = report.ok ? (isWhole(report) ? 'proved' : 'unproven') : 'refused';
  const mark = { proved: '✓', refused: '✗', unproven: '–' }[status];
  const sentence = rest.join('').replace(/^: /, '').replace('above', 'below').trim();
  return html`<section class="verdict ${status}" aria-label="Verdict">
    <strong class="${status}"><span aria-hidden="true">${mark}</span> ${word}</strong>
    <p>${sentence.charAt(0).toUpperCase() + sentence.slice(1)}</p>
  </section>`;
}

/** Verified, with nothing left unproven but the tail. */
const isWhole = (report: Report): boolean => {
  const { unprovenIdentities, unprovenSignIns } = report.counts;
  return (
    unprovenIdentities + unprovenSignIns.erased + unprovenSignIns.keys === 0 &&
    !lacksWitnesses(report)
  );
};

function contents({ report, timelines }: HtmlReport): Markup {
  const parts = [
    ...(report.findings.length > 0 ? [['findings', 'Findings']] : []),
    ['modes', 'Who signed'],
    ['steps', 'Steps'],
    ...(timelines.length > 0 ? [['bypasses', 'Bypasses']] : []),
    ['pins', 'What was pinned'],
  ];
  const items = parts.map(([id = '', name = '']) => html`<li><a href="#${id}">${name}</a></li>`);
  return html`<nav aria-label="Contents">
    <ul>
      ${items}
    </ul>
  </nav>`;
}

function countsView({ counts }: Report): Markup {
  const shown: readonly (readonly [string, number])[] = [
    ['entries', counts.entries],
    ['requests', counts.bypasses],
    ['approvals attested', counts.attested],
    ['approvals provisional', counts.provisional],
    ['attested late', counts.late],
    ['policy versions', counts.policies],
    ['values erased', counts.erased],
    ['findings', counts.findings],
  ];
  const items = shown.map(
    ([name, count]) =>
      html`<div>
        <dt>${name}</dt>
        <dd>${count.toLocaleString('en')}</dd>
      </div>`,
  );
  return html`<dl class="counts">${items}</dl>`;
}

function pinsView(pins: readonly Pin[]): Markup {
  const rows = pins.map(
    ({ what, fingerprint }) =>
      html`<tr>
        <th scope="row">${what}</th>
        <td><code>${fingerprint}</code></td>
      </tr>`,
  );
  return html`<section aria-labelledby="pins">
    <h2 id="pins">What was pinned</h2>
    <p>Everything above rests on these. They must come from elsewhere than the export.</p>
    <table class="stack">
      <thead>
        <tr>
          <th scope="col">Pin</th>
          <th scope="col">Fingerprint or name</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </section>`;
}
