import type { BypassCard, PersonView } from '#application/ports/card';
import { gatesInFull } from './gates.ts';
import { counted, listed } from './lists.ts';
import { groupName } from './requirements.ts';
import { placeOf } from './scope.ts';
import { timeOf } from './times.ts';

/** When silence asks more people; nothing where it asks nobody. mrkdwn. */
export function nextStepWords({ nextStep }: BypassCard): string {
  if (nextStep === null) return '';
  return `If nobody decides, ${groupsOf(nextStep.groups)} will be asked at ${timeOf(nextStep.at)}.`;
}

const groupsOf = (groups: readonly string[]): string => listed(groups.map(groupName), 5);

/** Too few people can be asked: what that means and what to do. Nothing where there are enough. */
export function nobodyWords(card: BypassCard): string {
  const { nobodyFor, nextStep } = card;
  if (nobodyFor.length === 0) return '';
  const next =
    nextStep === null
      ? ''
      : ` At ${timeOf(nextStep.at)} ${groupsOf(nextStep.groups)} will be asked as well.`;
  return `*Nobody can approve this now:* too few people of ${groupsOf(nobodyFor)} can be asked. Have somebody put on call or into the group: they are asked within two minutes.${next}`;
}

/** The same for the requester, who reads it away from the card. */
export const nobodyNote = (card: BypassCard): string =>
  `Your request for a bypass of ${gatesInFull(card)} for ${placeOf(card.scope)} is open. ${nobodyWords(card)} You can withdraw it with the button on its card.`;

/** Whether a person was asked and may decide no more, for any requirement. */
export const hasGone = ({ requirements }: BypassCard, viewer: PersonView): boolean =>
  isAmong(
    requirements.flatMap((one) => one.gone),
    viewer,
  ) &&
  !isAmong(
    requirements.flatMap((one) => one.asked),
    viewer,
  );

const isAmong = (people: readonly PersonView[], { person }: PersonView): boolean =>
  people.some((one) => one.person === person);

/** In place of the buttons. */
export const GONE =
  'You were asked, and are no longer in the group that decides on this: your shift ended, or the group or your account changed. Nothing is asked of you. If you are put back, the buttons return.';

/** How often the same was asked in the last day and not decided; nothing where it never was. mrkdwn. */
export function undecidedWords({ earlierUndecided: { withdrawn, lapsed } }: BypassCard): string {
  const said = [
    ...(withdrawn === 0 ? [] : [`withdrawn ${counted(withdrawn, 'time')}`]),
    ...(lapsed === 0 ? [] : [`lapsed ${counted(lapsed, 'time')}`]),
  ];
  return said.length === 0 ? '' : `Asked for before, in the last 24 h: ${listed(said)}.`;
}

/** For the form: what it means that too few can be asked now. mrkdwn. */
export function fewWords(
  requirements: readonly {
    readonly from: string;
    readonly count: number;
    readonly people: readonly PersonView[] | null;
  }[],
): string {
  const few = requirements.filter(({ people, count }) => people !== null && people.length < count);
  if (few.length === 0) return '';
  return `*Too few people of ${groupsOf(few.map((one) => one.from))} can be asked now.* You can ask all the same: whoever comes on call while it waits is asked within two minutes.`;
}
