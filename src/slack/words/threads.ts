import type { Account } from '#application/ports/account';
import type { PersonView } from '#application/ports/card';
import type { ThreadQuestion } from '#application/ports/surface';
import { gatesInFull } from './gates.ts';
import { personName, placeOf } from './scope.ts';

/** Tells this person and nobody else; an id that is none is shown by its name. */
export function mention({ account, name, person }: PersonView): string {
  return isUserId(account) ? `<@${account.user}>` : personName({ account, name, person });
}

const isUserId = ({ user }: Account): boolean => /^[A-Z0-9]{2,30}$/.test(user);

/** Who wants to know something before they decide. mrkdwn. */
export const questionWords = ({ card, by }: ThreadQuestion): string =>
  `${mention(card.requester)}, a question about the request of ${gatesInFull(card)} for ${placeOf(card.scope)}: ${personName(by)} asks before deciding.`;

export const ANSWER_HERE =
  'Answer in this thread, so that every approver can read it. This app reads no messages.';
