import type { Report } from '#ledger/verify/report';
import { findingsView, unattestedView, unprovenView } from './findings-view.ts';
import { html, Markup, utc } from './markup.ts';
import { modesView } from './modes-view.ts';
import type { Pin } from './pins.ts';
import { stepsView } from './steps-view.ts';
import { STYLE } from './style.ts';
import { timelinesView } from './timelines-view.ts';
import type { Timeline } from './timelines.ts';
import { verdictView } from './verdict-view.ts';

export interface HtmlReport {
  readonly report: Report;
  readonly pins: readonly Pin[];
  readonly timelines: readonly Timeline[];
  /** Bypasses before those that are shown. */
  readonly timelinesLeftOut: number;
  /** When it was verified, epoch milliseconds, by the auditor's clock. */
  readonly verifiedAt: number;
}

/** The report as one HTML document: no script, nothing fetched, everything from the log escaped. */
export function htmlReport(of: HtmlReport): string {
  const { report, verifiedAt } = of;
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
          <h1>Audit of ${breakable(report.log ?? 'an unreadable log')}</h1>
          <p class="soft">
            Tenant <bdi>${report.tenant ?? 'unknown'}</bdi>. Checked offline at
            <span class="nowrap">${utc(verifiedAt)}</span> by
            <code class="nowrap">breakglass audit verify</code>.
          </p>
          ${verdictView(report)} ${contents(of)} ${countsView(report)} ${findingsView(report)}
          ${unprovenView(report)} ${modesView(report)} ${unattestedView(report)}
          ${stepsView(report)} ${timelinesView(of)} ${pinsView(of.pins)}
        </main>
      </body>
    </html> `;
  return `${page.html.trim()}\n`;
}

/** A log's name is a URL without a scheme: on a phone it breaks behind its slashes first. */
const breakable = (name: string): readonly Markup[] =>
  name.split(/(?<=\/)/).map((part) => html`${part}<wbr />`);

function contents({ report, timelines }: HtmlReport): Markup {
  const parts = [
    ...(report.findings.length > 0 ? [['findings', 'Findings']] : []),
    ...(report.unprovenIdentities.length + report.unprovenSignIns.length > 0
      ? [['unproven', 'Unproven']]
      : []),
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
  const shown: readonly (readonly [number, string, string])[] = [
    [counts.entries, 'entry', 'entries'],
    [counts.bypasses, 'request', 'requests'],
    [counts.attested, 'approval attested', 'approvals attested'],
    [counts.provisional, 'approval provisional', 'approvals provisional'],
    [counts.late, 'attested late', 'attested late'],
    [counts.policies, 'policy version', 'policy versions'],
    [counts.erased, 'value erased', 'values erased'],
    [counts.findings, 'finding', 'findings'],
  ];
  const items = shown.map(
    ([count, one, many]) =>
      html`<div>
        <dt>${count === 1 ? one : many}</dt>
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
