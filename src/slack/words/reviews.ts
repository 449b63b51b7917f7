import type { CompletionView, PostMortemCard } from '#application/ports/card';
import { FOLLOW_UPS_MOST } from '#application/forms/follow-ups';
import type { Verdict } from '#domain/bypass/verdict';
import { inline } from '../block-kit/text.ts';
import { addressWords } from './address.ts';
import { gateWords } from './gates.ts';
import { counted } from './lists.ts';
import { personName, placeOf } from './scope.ts';
import { dayOf, momentOf } from './times.ts';

/** What a post-mortem is about, whose it is and until when, or since when it is done. mrkdwn. */
export function reviewWords({
  card,
  assignee,
  dueAt,
  completedAt,
  completion,
}: PostMortemCard): string {
  const state =
    completedAt === null
      ? `Assigned to ${personName(assignee)}, due ${dayOf(dueAt)}.`
      : `Completed ${momentOf(completedAt)}${doneBy(assignee, completion)}.`;
  return `${gateWords(card)} for ${placeOf(card.scope)}. ${state}`;
}

function doneBy(assignee: PostMortemCard['assignee'], completion: CompletionView | null): string {
  if (completion === null) return `; it was assigned to ${personName(assignee)}`;
  const { by } = completion;
  const whose = by.person === assignee.person ? '' : `; it was assigned to ${personName(assignee)}`;
  return ` by ${personName(by)}${whose}`;
}

/** As the form offers them; short, since a menu shows one line. */
export const VERDICT_CHOICES: Readonly<Record<Verdict, string>> = {
  justified: 'Justified: it had to be opened',
  avoidable: 'Avoidable: there was another way',
  'gate-wrong': 'The gate was wrong: it should have let this pass',
  misused: 'Misused: it should not have been opened',
};

/** What the review found, in one line; empty where nobody was asked. mrkdwn. */
export const verdictWords = ({ verdict }: CompletionView): string =>
  verdict === null ? '' : `In hindsight: *${VERDICT_CHOICES[verdict]}.*`;

export const OUTCOME_LABEL = 'What came out of it, in their words:';
export const OUTCOME_ERASED = 'What was written of it was erased.';

/** What will change: a line each, with its link. mrkdwn; empty where nothing was named. */
export function followUpWords({ followUps, followUpCount }: CompletionView): readonly string[] {
  if (followUpCount === 0) return [];
  const head = `*${counted(followUpCount, 'follow-up')}*`;
  if (followUps === null) return [`${head}, erased since`];
  return [`${head}:`, ...followUps.map((line) => `• ${withLinks(line)}`)];
}

/** Each word by itself, so that an address in it becomes a link that shows itself whole. */
const withLinks = (line: string): string => line.split(/\s+/).map(word).join(' ');
const word = (one: string): string =>
  /^https?:/i.test(one) ? addressWords(one) : inline(one, 300);

/** Under the fields of the form. Plain text. */
export const COMPLETION_MISTAKES = {
  verdict: 'Choose what opening the gate was.',
  followUps: `At most ${FOLLOW_UPS_MOST} lines, each short enough to read at a glance.`,
} as const;
