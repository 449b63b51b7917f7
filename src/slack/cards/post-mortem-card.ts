import type { PostMortemCard } from '#application/ports/card';
import { ACTIONS } from '../action-ids.ts';
import { button, heading, row, sentence } from '../block-kit/blocks.ts';
import { assertMessage, type RenderedMessage } from '../block-kit/check.ts';
import { LIMITS } from '../block-kit/limits.ts';
import { safeMarkdown } from '../block-kit/markdown.ts';
import { BUTTONS } from '../words/buttons.ts';
import { gateWords } from '../words/gates.ts';
import { headingOf, POST_MORTEM } from '../words/headings.ts';
import { personName, placeOf } from '../words/scope.ts';
import { dayOf, momentOf } from '../words/times.ts';
import { opensTogether } from './gate-description.ts';
import { fallback, marks, receipt } from './parts.ts';

/** The review of a bypass: what happened as far as the log knows, whose it is, and until when. */
export function postMortemCard(model: PostMortemCard): RenderedMessage {
  const { card } = model;
  return assertMessage({
    text: fallback(card, POST_MORTEM),
    blocks: [
      ...marks(card),
      heading(`${POST_MORTEM}: ${headingOf(card).toLowerCase()}`),
      sentence(`${gateWords(card)} for ${placeOf(card.scope)}. ${stateWords(model)}`),
      ...opensTogether(card),
      { type: 'markdown', text: safeMarkdown(model.markdown, LIMITS.markdownTotal) },
      ...(model.completedAt === null
        ? [
            row('review', [
              button({
                action: ACTIONS.complete,
                value: model.bypass,
                text: BUTTONS.complete,
                style: 'primary',
              }),
            ]),
          ]
        : []),
      receipt(card),
    ],
  });
}

function stateWords({ assignee, dueAt, completedAt }: PostMortemCard): string {
  return completedAt === null
    ? `Assigned to ${personName(assignee)}, due ${dayOf(dueAt)}.`
    : `Completed ${momentOf(completedAt)}; it was assigned to ${personName(assignee)}.`;
}
