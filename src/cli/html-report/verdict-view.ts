import type { Report, StepStatus, Verdict } from '#ledger/verify/report';
import {
  VERDICT_WORDS,
  verdictReasons,
  verdictTold,
  type VerdictReason,
} from '../verdict-words.ts';
import { html, when, type Markup } from './markup.ts';

const STATUS: { readonly [Outcome in Verdict['outcome']]: StepStatus } = {
  whole: 'proved',
  'in-part': 'unproven',
  refused: 'refused',
  unreadable: 'refused',
};

const MARKS: { readonly [Status in StepStatus]: string } = {
  proved: '✓',
  refused: '✗',
  unproven: '–',
};

/** The verdict in its own colour: green for what is whole alone, and what it leaves open in words. */
export function verdictView(report: Report): Markup {
  const { outcome } = report.verdict;
  const status = STATUS[outcome];
  const word = `${VERDICT_WORDS[outcome]}${outcome === 'in-part' ? ' in part' : ''}`;
  const told = verdictTold(report);
  const reasons = verdictReasons(report);
  return html`<section class="verdict ${status}" aria-label="Verdict">
    <strong class="${status}"><span aria-hidden="true">${MARKS[status]}</span> ${word}</strong>
    <p>${told.charAt(0).toUpperCase() + told.slice(1)}</p>
    ${when(
      reasons.length > 0,
      () =>
        html`<ul>
          ${reasons.map(reasonView)}
        </ul>`,
    )}
  </section>`;
}

function reasonView({ why, option }: VerdictReason): Markup {
  return option === undefined
    ? html`<li>${why}</li>`
    : html`<li>${why} To prove it: <code class="nowrap">${option}</code></li>`;
}
