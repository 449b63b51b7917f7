import { html, when, type Markup } from './markup.ts';
import type { Moment, Timeline } from './timelines.ts';

interface Shown {
  readonly timelines: readonly Timeline[];
  readonly timelinesLeftOut: number;
}

/** The life of every bypass, as its entries tell it. */
export function timelinesView({ timelines, timelinesLeftOut }: Shown): Markup {
  if (timelines.length === 0) return html``;
  return html`<section aria-labelledby="bypasses">
    <h2 id="bypasses">Bypasses</h2>
    <p>As the entries tell it; what of that is proved, the steps say. Times are UTC.</p>
    ${when(
      timelinesLeftOut > 0,
      () => html`<p class="soft">${timelinesLeftOut} earlier ones are left out here.</p>`,
    )}
    ${timelines.map(timelineView)}
  </section>`;
}

function timelineView({ bypass, gate, scope, drill, moments }: Timeline): Markup {
  const { service, environment, branch, artifact } = scope;
  const rows = moments.map(momentView);
  return html`<article class="bypass${drill ? ' drill' : ''}">
    <h3>
      ${when(drill, () => html`Drill: `)}<bdi>${service}</bdi> <bdi>${environment}</bdi> at gate
      <bdi>${gate}</bdi>
    </h3>
    <p class="soft">
      Bypass <code>${bypass}</code>, branch <bdi>${branch ?? 'any'}</bdi>, artifact
      <bdi class="mono">${artifact ?? 'any'}</bdi>
    </p>
    <table class="stack">
      <thead>
        <tr>
          <th scope="col" class="time">When</th>
          <th scope="col">What</th>
          <th scope="col" class="who">Who</th>
          <th scope="col" class="entry">Entry</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </article>`;
}

function momentView({ index, at, what, who, opens }: Moment): Markup {
  const [day, time] = new Date(at).toISOString().slice(0, 19).split('T');
  return html`<tr class="${opens ? 'opens' : ''}">
    <td class="time">
      <time datetime="${new Date(at).toISOString()}">${day ?? ''} ${time ?? ''}</time>
    </td>
    <td>${what}</td>
    <td data-name="Who"><bdi>${who}</bdi></td>
    <td data-name="Entry">${index}</td>
  </tr>`;
}
