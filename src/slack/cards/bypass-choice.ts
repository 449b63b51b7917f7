import type { Button, KnownBlock } from '@slack/types';
import type { BypassLine, Listed, Meant } from '#application/ports/mine';
import type { Instant } from '#domain/instant';
import { ACTIONS } from '../action-ids.ts';
import { button, sentence, small, when } from '../block-kit/blocks.ts';
import { assertMessage, type RenderedMessage } from '../block-kit/check.ts';
import { en, type Words } from '../words/words.ts';

/** Asks which of several bypasses is meant, with a button each. */
export function bypassChoice(
  act: Meant['act'],
  lines: Listed<BypassLine>,
  now: Instant,
  words: Words = en,
): RenderedMessage {
  const more = words.moreWords(lines);
  return assertMessage({
    text: words.whichWords(act),
    blocks: [
      sentence(words.whichWords(act)),
      ...lines.shown.map((line) => choice(act, line, now, words)),
      ...when(more !== '', small(more)),
    ],
  });
}

function choice(act: Meant['act'], line: BypassLine, now: Instant, words: Words): KnownBlock {
  const said = sentence(words.lineWords(line, now));
  // To show one takes no button: its number is typed.
  if (act === 'status') return said;
  const accessory: Button = button({
    action: ACTIONS[act],
    value: line.bypass,
    text: words.choiceLabel(act, line.reference),
  });
  return { ...said, block_id: `choice.${line.reference}`, accessory };
}
