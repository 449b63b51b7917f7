import type { KnownBlock } from '@slack/types';
import type { CompletionView, PostMortemCard } from '#application/ports/card';
import { ACTIONS } from '../action-ids.ts';
import { button, heading, row, sentence, small, typed, when } from '../block-kit/blocks.ts';
import { assertMessage, type RenderedMessage } from '../block-kit/check.ts';
import { LIMITS } from '../block-kit/limits.ts';
import { safeMarkdown } from '../block-kit/markdown.ts';
import { opensTogether } from './gate-description.ts';
import { marks, receipt } from './parts.ts';
import { en, type Words } from '../words/words.ts';

/** The review of a bypass: what happened as far as the log knows, whose it is, and until when. */
export function postMortemCard(model: PostMortemCard, words: Words = en): RenderedMessage {
  const { card } = model;
  return assertMessage({
    text: words.notification(card, words.REVIEW_ASKS[model.completedAt === null ? 'open' : 'done']),
    blocks: [
      ...marks(card, words),
      heading(`${words.POST_MORTEM}: ${words.headingOf(card).toLowerCase()}`),
      sentence(words.reviewWords(model)),
      ...opensTogether(card, words),
      ...(model.completion === null ? [] : found(model.completion, words)),
      { type: 'markdown', text: safeMarkdown(model.markdown, LIMITS.markdownTotal) },
      ...(model.completedAt === null
        ? [
            row('review', [
              button({
                action: ACTIONS.complete,
                value: model.bypass,
                text: words.BUTTONS.complete,
                style: 'primary',
              }),
            ]),
          ]
        : []),
      receipt(card, words),
    ],
  });
}

/** What the review came to, above what happened. */
function found(completion: CompletionView, words: Words): KnownBlock[] {
  const { outcome } = completion;
  const verdict = words.verdictWords(completion);
  const followUps = words.followUpWords(completion);
  return [
    ...when(verdict !== '', sentence(verdict)),
    ...(outcome === null
      ? [small(words.OUTCOME_ERASED)]
      : [small(words.OUTCOME_LABEL), typed(outcome, 1_500)]),
    ...when(followUps.length > 0, sentence(followUps.join('\n'))),
  ];
}
