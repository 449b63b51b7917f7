import type { Report, Step, StepStatus } from '#ledger/verify/report';
import { html, when, type Markup } from './markup.ts';

const BADGES: { readonly [Status in StepStatus]: string } = {
  proved: '✓ proved',
  refused: '✗ refused',
  unproven: '– unproven',
};

/** Each step with what it proves and what not. */
export function stepsView({ steps }: Report): Markup {
  return html`<section aria-labelledby="steps">
    <h2 id="steps">What was verified, step by step</h2>
    ${steps.map(stepView)}
  </section>`;
}

function stepView({ name, status, proves, doesNotProve, details }: Step): Markup {
  return html`<article class="step">
    <header>
      <h3>${name}</h3>
      <span class="badge ${status}">${BADGES[status]}</span>
    </header>
    <dl>
      <dt>${status === 'proved' ? 'Proves' : 'Would prove'}</dt>
      <dd>${proves}</dd>
      <dt>Does not prove</dt>
      <dd>${doesNotProve}</dd>
      ${when(details.length > 0, () => html`<dt>Seen</dt>`)}
      ${details.map((one) => html`<dd><bdi>${one}</bdi></dd>`)}
    </dl>
  </article>`;
}
