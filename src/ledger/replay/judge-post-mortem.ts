import { dueAsRecorded, dueAt } from '#domain/due-time';
import type { Policy } from '#domain/policy/policy';
import { MOST_OFFSET_MS } from '#domain/utc-offset';
import type { Chain } from '#domain/bypass/chain';
import { personActed, serviceActed } from './entry-rules.ts';
import { isSettled } from './chain-record.ts';
import { lacksPolicy } from './lacks-policy.ts';
import type { BypassEventOf, Moment } from './replayed-entry.ts';

/**
 * The post-mortem: one for a chain, no drill, at the moment when nothing of it could open the gate
 * any more, due when the policy in force says.
 */
export function judgePostMortemOpened(
  event: BypassEventOf<'post-mortem.opened'>,
  moment: Moment,
): void {
  const { chain, inForce, policyOf, broken } = moment;
  const { state, settledAt } = chain;
  const about = { bypass: event.bypass, person: event.assignee };
  const expected = !state.drill && state.postMortem === null && isSettled(state);
  if (!expected) {
    broken.push({ code: 'post-mortem-unexpected', ...about });
    return;
  }
  const policy = inForce === null ? undefined : policyOf(inForce);
  const rule = policy?.postMortem;
  const right =
    lastClosed(state) === event.bypass &&
    event.at === settledAt &&
    (policy === undefined ||
      rule === undefined ||
      (isDueThen(event, policy) &&
        (rule.assignee !== 'requester' ||
          event.assignee === state.bypasses[0]?.request.requester)));
  lacksPolicy(event.bypass, [inForce], moment);
  serviceActed(event, broken);
  if (!right) broken.push({ code: 'post-mortem-wrong', ...about });
}

/** That the offsets were those of the calendar's zone is the service's word; no zone has others. */
function isDueThen(
  { at, dueAt: found, utcOffsets }: BypassEventOf<'post-mortem.opened'>,
  { calendar, postMortem: { due } }: Policy,
): boolean {
  if (calendar === undefined || 'ms' in due)
    return utcOffsets === undefined && found === dueAt(at, due);
  if (utcOffsets === undefined) return false;
  const areTrue = Object.values(utcOffsets).every((one) => Math.abs(one) <= MOST_OFFSET_MS);
  return areTrue && found === dueAsRecorded(at, due, calendar, utcOffsets);
}

function lastClosed(state: Chain): string | undefined {
  return state.bypasses.findLast((one) => one.phase === 'closed')?.request.id;
}

/** Completed once, with as many follow-ups as there is a text of. That an admin stood in for the assignee is the service's word. */
export function judgePostMortemCompleted(
  event: BypassEventOf<'post-mortem.completed'>,
  { chain, broken }: Moment,
): void {
  const { postMortem } = chain.state;
  personActed(event, event.by, broken);
  if (postMortem === null || postMortem.completedAt !== null)
    broken.push({ code: 'post-mortem-unexpected', bypass: event.bypass, person: event.by });
  const { followUps } = event;
  const isTold = Object.hasOwn(event.detached, 'followUps');
  if (followUps === 0 || (followUps !== undefined) !== isTold)
    broken.push({ code: 'post-mortem-wrong', bypass: event.bypass, person: event.by });
}
