import type { ActiveView, BypassCard, PersonView } from '#application/ports/card';
import { bold } from '../block-kit/text.ts';
import { counted, listed } from './lists.ts';
import { personName, placeOf } from './scope.ts';
import { timeOf } from './times.ts';

const MOST_NAMES = 8;
const MOST_OTHERS = 5;

/** Who looks at a request, as the viewer reads it; nothing where nobody does. mrkdwn. */
export function claimWords({ claims }: BypassCard, viewer: PersonView | null): string {
  const own = claims.find(({ by }) => by.person === viewer?.person);
  const others = claims.filter((one) => one !== own);
  const mine = own === undefined ? '' : `You are looking at it since ${timeOf(own.at)}.`;
  const are = others.length === 1 ? 'is' : 'are';
  const theirs =
    others.length === 0
      ? ''
      : `${listed(
          others.map(({ by }) => personName(by)),
          MOST_NAMES,
        )} ${are} looking at it.`;
  return [mine, theirs].filter((one) => one !== '').join(' ');
}

/** What is active beside a request, those that end first in front. mrkdwn. */
export function otherActiveWords({ otherActive }: BypassCard): string {
  if (otherActive.length === 0) return 'Nothing else is active.';
  const shown = otherActive.slice(0, MOST_OTHERS).map(activeWords);
  const hidden = otherActive.length - shown.length;
  const more = hidden > 0 ? `; and ${hidden} more` : '';
  return `Also active: ${shown.join('; ')}${more}.`;
}

const activeWords = ({ reference, gate, scope, untilAt }: ActiveView): string =>
  `${bold(gate)} for ${placeOf(scope)} until ${timeOf(untilAt)} (${reference})`;

/** Nothing where nobody asked. */
export const questionsWords = ({ questions }: BypassCard): string =>
  questions === 0 ? '' : `${counted(questions, 'question')} asked in the thread of its card.`;
