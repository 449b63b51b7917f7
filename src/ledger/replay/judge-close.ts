import type { Active } from '#domain/bypass/chain';
import { personActed, serviceActed } from './entry-rules.ts';
import type { MomentOf } from './replayed-entry.ts';
import { recordedMembers } from './versions.ts';
import { unless, type Violation } from './violation.ts';

/** The end of a bypass: at its expiry, or before it by someone who may. */
export function judgeClosed(
  moment: MomentOf<'bypass.closed'>,
  bypass: Active,
): readonly Violation[] {
  const { event } = moment;
  const { expiresAt, activatedAt } = bypass.grant;
  const right =
    event.how === 'expired'
      ? event.at >= expiresAt && event.endedAt === expiresAt
      : event.at < expiresAt && event.at >= activatedAt && event.endedAt === event.at;
  return [
    ...unless(right, 'close-time-wrong', { bypass: event.bypass, found: event.endedAt }),
    ...judgeCloser(moment, bypass),
  ];
}

function judgeCloser(
  { event, inForce, policyOf }: MomentOf<'bypass.closed'>,
  { request }: Active,
): readonly Violation[] {
  switch (event.how) {
    case 'expired':
      return serviceActed(event);
    case 'closed':
      return personActed(event, request.requester);
    case 'revoked': {
      if (event.actor.kind !== 'person') return [{ code: 'actor-wrong', bypass: event.bypass }];
      const { person } = event.actor;
      const { at, lookUps, bypass } = event;
      const groups = inForce === null ? [] : (policyOf(inForce)?.admins ?? []);
      const admins = inForce === null ? new Set() : recordedMembers(groups, inForce, lookUps, at);
      const approved = request.approvals.some((one) => one.approver === person);
      return unless(approved || admins.has(person), 'closer-not-allowed', { bypass, person });
    }
  }
}
