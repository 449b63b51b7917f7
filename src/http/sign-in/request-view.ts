import type { ApproverView, PreparedApproval } from '#application/ports/sign-in';
import type { BypassCard } from '#application/ports/card';
import { html, type Html } from './html.ts';
import { cut, durationWords, listed } from './words.ts';

/**
 * What an approval would open, for whom, and why: everything that a person decides by.
 *
 * @param forHow what the time is called.
 */
export function requestView(
  { card, ttlMs }: Pick<PreparedApproval, 'card' | 'ttlMs'>,
  forHow = 'For',
): Html {
  const { scope } = card;
  return html`<dl>
    ${row('Gate', html`<strong>${card.gate}</strong>${described(card.gateDescription)}`)}
    ${card.gates === undefined ? null : row('Opens', html`${listed(card.gates)}`)}
    ${row('Service', html`<strong>${scope.service}</strong> in <strong>${scope.environment}</strong>`)}
    ${row('Branch', scope.branch === null ? html`any branch` : html`<code>${scope.branch}</code>`)}
    ${row(
      'Artifact',
      scope.artifact === null ? html`any artifact` : html`<code>${scope.artifact}</code>`,
    )}
    ${row(forHow, html`<strong>${durationWords(ttlMs)}</strong>, then it closes by itself`)}
    ${row('Asked by', html`${card.requester.name}`)} ${row('Because', because(card))}
    ${card.severity === null ? null : row('Severity', html`${card.severity}`)}
    ${card.incident === null ? null : row('Incident', html`${cut(card.incident, 300)}`)}
    ${row('Approvals', approvals(card))}
  </dl>`;
}

/** What is out of the ordinary about a request, before anything else is read. */
export function remarks(card: BypassCard): Html {
  return html`${
    card.drill
      ? html`<p class="warn"><strong>This is a drill.</strong> Approving it opens no gate.</p>`
      : null
  }
  ${
    card.evaluation
      ? html`<p class="warn">
          <strong>Evaluation.</strong> All signing keys are in one process: fine to try out, worth
          nothing as evidence.
        </p>`
      : null
  }
  ${
    card.earlierDenials.length === 0
      ? null
      : html`<p class="warn">
          The same was denied in the last 24 hours by
          ${listed(card.earlierDenials.map(({ by }) => by.name))}.
        </p>`
  }`;
}

/** Which account at the provider counts, in words. */
export function accountWords({ binding, mustBeEmail }: ApproverView): Html {
  if (binding !== null)
    return html`<strong>${binding.email}</strong>, the account that is bound to you`;
  return html`<strong>${mustBeEmail ?? 'the address that the policy states'}</strong>`;
}

function row(term: string, value: Html): Html {
  return html`<div>
    <dt>${term}</dt>
    <dd><bdi>${value}</bdi></dd>
  </div>`;
}

function described(text: string): Html | null {
  return text === '' ? null : html` <span class="soft">${cut(text, 300)}</span>`;
}

function because({ justification }: BypassCard): Html {
  return justification === null
    ? html`(erased)`
    : html`<span class="typed">${cut(justification, 3_000)}</span>`;
}

function approvals({ requirements }: BypassCard): Html {
  const each = requirements.map(
    ({ from, count, have }) => `${Math.min(have, count)} of ${count} from @${from}`,
  );
  return html`${listed(each)}`;
}
