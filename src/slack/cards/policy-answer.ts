import type { KnownBlock } from '@slack/types';
import type { Mine } from '#application/ports/mine';
import type { PolicyShown } from '#application/ports/policy-shown';
import { sentence, small } from '../block-kit/blocks.ts';
import { assertMessage, type RenderedMessage } from '../block-kit/check.ts';
import { LIMITS } from '../block-kit/limits.ts';
import { bold, cutMarkup } from '../block-kit/text.ts';
import { en, type Words } from '../words/words.ts';

/** Lines of one list; more are counted, and stand in the document. */
const MOST_LINES = 15;

/** What `/breakglass policy` answers: the policy in force, in words, and what it changed. */
export function policyAnswer(
  shown: PolicyShown | Extract<Mine, { kind: 'outsider' }>,
  words: Words = en,
): RenderedMessage {
  if (shown.kind === 'outsider') {
    const why = words.standingWords(shown.standing);
    return assertMessage({ text: why, blocks: [sentence(why)] });
  }
  const { version, changes } = shown;
  const { content } = version;
  const { tiers, rules, defaultTier } = content;
  const head = words.policyHead(shown);
  const titles = words.POLICY_LISTS;
  return assertMessage({
    text: cutMarkup(head, LIMITS.messageText),
    blocks: [
      sentence(head),
      sentence(cutMarkup(words.rolesWords(version), LIMITS.sectionText)),
      ...list(titles.tiers, tiers.map(words.tierWords), words),
      ...list(
        titles.rules,
        [...rules.map(words.ruleWords), words.defaultWords(defaultTier, tiers.at(-1)?.name ?? '')],
        words,
      ),
      ...list(titles.groups, words.groupLines(version), words),
      ...(changes === null
        ? [sentence(words.FIRST_POLICY)]
        : list(titles.changes, changes.map(words.changeLine), words)),
      small(words.policyVersion(version), words.POLICY_IN_FULL),
    ],
  });
}

/** Nothing where there is nothing to list; never longer than Slack takes in one message. */
function list(title: string, lines: readonly string[], words: Words): readonly KnownBlock[] {
  if (lines.length === 0) return [];
  const more = lines.length - MOST_LINES;
  const shown = lines.slice(0, more === 1 ? lines.length : MOST_LINES);
  const hidden = lines.length - shown.length;
  return [
    sentence(cutMarkup([bold(title), ...shown].join('\n'), LIMITS.sectionText)),
    ...(hidden > 0 ? [small(words.moreLines(hidden))] : []),
  ];
}
