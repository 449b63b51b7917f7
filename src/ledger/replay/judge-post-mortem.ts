import { dueAt } from '#domain/due-time';
import type { Chain } from '#domain/bypass/chain';
import { personActed, serviceActed } from './entry-rules.ts';
import { isSettled } from './chain-record.ts';
import type { MomentOf } from './replayed-entry.ts';
import { unless, type Violation } from './violation.ts';

/**
 * The post-mortem: one for a chain, no drill, at the moment when nothing of it could open the gate
 * any more, due when the policy in force says.
 */
export function judgePostMortemOpened({
  event,
  chain,
  inForce,
  policyOf,
}: MomentOf<'post-mortem.opened'>): readonly Violation[] {
  const { state, settledAt } = chain;
  const about = { bypass: event.bypass, person: event.assignee };
  const expected = !state.drill && state.postMortem === null && isSettled(state);
  if (!expected) return [{ code: 'post-mortem-unexpected', ...about }];
  const rule = inForce === null ? undefined : policyOf(inForce)?.postMortem;
  const right =
    lastClosed(state) === event.bypass &&
    event.at === settledAt &&
    rule !== undefined &&
    event.dueAt === dueAt(event.at, rule.due) &&
    (rule.assignee !== 'requester' || event.assignee === state.bypasses[0]?.request.requester);
  return [...serviceActed(event), ...unless(right, 'post-mortem-wrong', about)];
}

function lastClosed(state: Chain): string | undefined {
  return state.bypasses.findLast((one) => one.phase === 'closed')?.request.id;
}

/** Completed once. That an admin stood in for the assignee is the service's word. */
export function judgePostMortemCompleted({
  event,
  chain,
}: MomentOf<'post-mortem.completed'>): readonly Violation[] {
  const { postMortem } = chain.state;
  const open = postMortem !== null && postMortem.completedAt === null;
  const about = { bypass: event.bypass, person: event.by };
  return [...personActed(event, event.by), ...unless(open, 'post-mortem-unexpected', about)];
}
