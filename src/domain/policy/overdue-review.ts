import type { Instant } from '../instant.ts';
import type { Policy } from './policy.ts';

/** Of the reviews of a service that are not done, the one that was due first. */
export interface OwedReview {
  /** What people call its bypass: the index in the log of the entry that asked for it. */
  readonly reference: number;
  readonly dueAt: Instant;
}

/**
 * What an overdue review costs a request for its service: it is the service's and not its assignee's
 * or the requester's, because people can be replaced. Nothing in a drill. A bypass that is open can be
 * extended all the same.
 */
export function costOfOverdue(
  { postMortem: { overdue } }: Pick<Policy, 'postMortem'>,
  owed: Pick<OwedReview, 'dueAt'> | null,
  { drill, isExtension }: { readonly drill: boolean; readonly isExtension: boolean },
  now: Instant,
): 'nothing' | 'raise' | 'block' {
  if (overdue === undefined || owed === null || drill) return 'nothing';
  if (now < owed.dueAt + overdue.afterMs) return 'nothing';
  return overdue.action === 'block' && isExtension ? 'nothing' : overdue.action;
}
