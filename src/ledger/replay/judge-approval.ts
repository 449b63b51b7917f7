import { statedWhen } from '#domain/bypass/decide/approve';
import type { Waiting } from '#domain/bypass/chain';
import { personActed } from './entry-rules.ts';
import type { MomentOf } from './replayed-entry.ts';
import { mayApprove, versionsOf } from './versions.ts';
import { unless, type Violation } from './violation.ts';

/**
 * An approval: by another person than the requester and than those before, eligible under the
 * request's version and the one in force, in time, for this request and a TTL that both allow.
 */
export function judgeApproval(
  { event, chain, inForce, policyOf }: MomentOf<'approval.given'>,
  { request }: Waiting,
): readonly Violation[] {
  const { bypass, approver: person, lookUps, at } = event;
  const about = { bypass, person };
  const versions = versionsOf(request, [request.policy, event.policy], policyOf);
  const evaluations = versions.map((one) => one.evaluation);
  const { escalatedMs } = request;
  // A press is stored first and judged later: no earlier than its youngest look-up, nor than what
  // stands before it in its chain. A request that ends in between takes no approval any more.
  const judgedAt = Math.max(at, chain.latestAt, ...lookUps.map((one) => one.lookedUpAt));
  // One that was signed on a sign-in was stated before it; who approved meanwhile changes none of it.
  const eligibleAt = event.steppedUp ? statedWhen(at, lookUps) : judgedAt;
  const eligible =
    versions.length > 0 &&
    versions.every((one) => mayApprove(person, one, escalatedMs, lookUps, eligibleAt));
  const attested =
    event.signing === 'attested' ||
    (!event.steppedUp && evaluations.every((one) => one.attestation !== 'required'));
  const steppedUp = event.steppedUp || evaluations.every((one) => one.stepUp !== 'sso');
  const maxMs = Math.min(...evaluations.map((one) => one.ttlMaxMs));
  const offered = [...(evaluations[0]?.ttlOffersMs ?? []), request.ttlAskedMs];
  return [
    ...personActed(event, person),
    ...unless(event.policy === inForce, 'policy-not-in-force', about),
    ...unless(person !== request.requester, 'self-approval', about),
    ...unless(
      request.approvals.every((one) => one.approver !== person),
      'approver-repeated',
      about,
    ),
    ...unless(eligible, 'approver-not-eligible', about),
    ...unless(chain.openedBy.get(bypass) === event.request, 'approved-other-request', about),
    ...unless(
      at >= request.openedAt && judgedAt < request.pendingUntilAt,
      'approval-out-of-time',
      about,
    ),
    ...unless(offered.includes(event.ttlMs) && event.ttlMs <= maxMs, 'ttl-not-offered', about),
    ...unless(attested, 'attestation-missing', about),
    ...unless(steppedUp, 'step-up-missing', about),
  ];
}
