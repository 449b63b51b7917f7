import { dueAt } from '#domain/due-time';
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
  const rule = inForce === null ? undefined : policyOf(inForce)?.postMortem;
  const right =
    lastClosed(state) === event.bypass &&
    event.at === settledAt &&
    (rule === undefined ||
      (event.dueAt === dueAt(event.at, rule.due) &&
        (rule.assignee !== 'requester' ||
          event.assignee === state.bypasses[0]?.request.requester)));
  lacksPolicy(event.bypass, [inForce], moment);
  serviceActed(event, broken);
  if (!right) broken.push({ code: 'post-mortem-wrong', ...about });
}

function lastClosed(state: Chain): string | undefined {
  return state.bypasses.findLast((one) => one.phase === 'closed')?.request.id;
}

/** Completed once. That an admin stood in for the assignee is the service's word. */
export function judgePostMortemCompleted(
  event: BypassEventOf<'post-mortem.completed'>,
  { chain, broken }: Moment,
): void {
  const { postMortem } = chain.state;
  personActed(event, event.by, broken);
  if (postMortem === null || postMortem.completedAt !== null)
    broken.push({ code: 'post-mortem-unexpected', bypass: event.bypass, person: event.by });
}
