import type { Active } from '#domain/bypass/chain';
import { personActed, serviceActed } from './entry-rules.ts';
import { lacksPolicy } from './lacks-policy.ts';
import type { BypassEventOf, Moment } from './replayed-entry.ts';
import { isRecordedMember } from './versions.ts';

/** The end of a bypass: at its expiry, or before it by someone who may. */
export function judgeClosed(
  event: BypassEventOf<'bypass.closed'>,
  bypass: Active,
  moment: Moment,
): void {
  const { expiresAt, activatedAt } = bypass.grant;
  const right =
    event.how === 'expired'
      ? event.at >= expiresAt && event.endedAt === expiresAt
      : event.at < expiresAt && event.at >= activatedAt && event.endedAt === event.at;
  if (!right)
    moment.broken.push({ code: 'close-time-wrong', bypass: event.bypass, found: event.endedAt });
  judgeCloser(event, bypass, moment);
}

function judgeCloser(
  event: BypassEventOf<'bypass.closed'>,
  { request }: Active,
  moment: Moment,
): void {
  const { inForce, policyOf, broken } = moment;
  switch (event.how) {
    case 'expired':
      serviceActed(event, broken);
      return;
    case 'closed':
      personActed(event, request.requester, broken);
      return;
    case 'revoked': {
      const { at, lookUps, bypass, actor } = event;
      if (actor.kind !== 'person') {
        broken.push({ code: 'actor-wrong', bypass });
        return;
      }
      const { person } = actor;
      if (request.approvals.some((one) => one.approver === person)) return;
      // Who the admins are, the version in force says.
      if (lacksPolicy(bypass, [inForce], moment) || inForce === null) return;
      const groups = policyOf(inForce)?.admins ?? [];
      if (!isRecordedMember(person, groups, inForce, lookUps, at))
        broken.push({ code: 'closer-not-allowed', bypass, person });
    }
  }
}
