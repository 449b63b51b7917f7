import { SERVICE } from '../../actor.ts';
import type { PersonId } from '../../ids.ts';
import { due } from '../../due-time.ts';
import { lookUp } from '../../policy/evaluate-policy.ts';
import { membershipOf, membersOf } from '../../policy/look-up.ts';
import { refuse, type Refusal } from '../../refusal.ts';
import { firstActivatedAt, isOpen, type Chain, type Request } from '../chain.ts';
import type { CompletePostMortem } from '../command.ts';
import type { Context } from '../context.ts';
import type { BypassEvent, PostMortemOpened } from '../event.ts';
import { byPerson, header, refusedStanding } from './judged.ts';

/**
 * The post-mortem that is due once nothing of the chain can open the gate any more: a chain with an
 * extension still waiting gets it when that one ends, so there is one and only one.
 */
export function settled(chain: Chain, context: Context): PostMortemOpened | null {
  const [first] = chain.bypasses;
  const last = chain.bypasses.findLast((one) => one.phase === 'closed');
  if (chain.drill || chain.postMortem !== null || first === undefined || last === undefined)
    return null;
  if (firstActivatedAt(chain) === null || chain.bypasses.some(isOpen)) return null;
  const policy = context.policies[context.current];
  if (policy === undefined) throw new RangeError(`the context has no policy ${context.current}`);
  return {
    ...header(chain, last.request, SERVICE, context.now),
    type: 'post-mortem.opened',
    assignee: assigneeOf(first.request, context),
    ...due(context.now, policy.postMortem.due, policy.calendar),
  };
}

/** The group that the policy names gives its first member; whatever cannot be found, the requester. */
function assigneeOf(request: Request, { policies, current, lookUps, now }: Context): PersonId {
  const policy = policies[current];
  const rule = policy?.postMortem.assignee ?? 'requester';
  const group =
    rule === 'service.owner'
      ? lookUp(policy?.services ?? {}, request.scope.service)?.owner
      : rule === 'requester'
        ? null
        : rule;
  if (group === null || group === undefined) return request.requester;
  const [member] = membersOf([group], current, lookUps, now);
  return member ?? request.requester;
}

export function completePostMortem(
  chain: Chain,
  command: CompletePostMortem,
  context: Context,
): readonly BypassEvent[] | Refusal {
  const { postMortem } = chain;
  const about = chain.bypasses.find((one) => one.request.id === postMortem?.bypass);
  if (postMortem === null || about === undefined)
    return refuse({ code: 'not-active', phase: 'no-post-mortem' });
  if (postMortem.completedAt !== null) return refuse({ code: 'nothing-changed' });
  const { current, lookUps, now, policies } = context;
  const admins = policies[current]?.admins ?? [];
  const standing = refusedStanding(command.by, context);
  if (standing !== null) return standing;
  if (command.by !== postMortem.assignee) {
    const membership = membershipOf(command.by, admins, current, lookUps, now);
    if (membership === 'unknown') return refuse({ code: 'look-up-failed', groups: admins });
    if (membership === 'not-member') return refuse({ code: 'not-allowed', needs: 'assignee' });
  }
  return [
    {
      ...header(chain, about.request, byPerson(command.by), now),
      type: 'post-mortem.completed',
      by: command.by,
      ...said(command),
    },
  ];
}

/** What nobody said is left out, so that the entry reads as one made before anybody was asked. */
function said({ outcome, verdict, followUps = [] }: CompletePostMortem) {
  const judged = verdict === undefined ? {} : { verdict };
  if (followUps.length === 0) return { ...judged, detached: { outcome } };
  const lines = followUps.join('\n');
  return { ...judged, followUps: followUps.length, detached: { outcome, followUps: lines } };
}
