import type { KnownBlock } from '@slack/types';
import type { Listed, Mine } from '#application/ports/mine';
import { sentence, small, when } from '../block-kit/blocks.ts';
import { assertMessage, type RenderedMessage } from '../block-kit/check.ts';
import { bold } from '../block-kit/text.ts';
import { en, type Words } from '../words/words.ts';

/** What `/breakglass list` answers. */
export function listAnswer(mine: Mine, words: Words = en): RenderedMessage {
  if (mine.kind === 'outsider') {
    const why = words.standingWords(mine.standing);
    return assertMessage({ text: why, blocks: [sentence(why)] });
  }
  const { now, active, waiting, owed } = mine;
  const isQuiet = active.total + waiting.total === 0;
  const counts = `${words.LISTS.active}: ${active.total}. ${words.LISTS.waiting}: ${waiting.total}.`;
  return assertMessage({
    text: isQuiet ? words.NOTHING_OPEN : counts,
    blocks: [
      ...when(isQuiet, sentence(words.NOTHING_OPEN)),
      ...list(words.LISTS.active, active, (one) => words.lineWords(one, now), words),
      ...list(words.LISTS.waiting, waiting, (one) => words.lineWords(one, now), words),
      ...list(words.LISTS.owed, owed, (one) => words.owedWords(one, now), words),
    ],
  });
}

/** Nothing where there is nothing to list. */
function list<T>(
  title: string,
  all: Listed<T>,
  lineOf: (one: T) => string,
  words: Words,
): readonly KnownBlock[] {
  if (all.total === 0) return [];
  const more = words.moreWords(all);
  return [
    sentence(bold(title)),
    ...all.shown.map((one) => sentence(lineOf(one))),
    ...when(more !== '', small(more)),
  ];
}
