import { statedWhen } from '#domain/bypass/decide/approve';
import type { Waiting } from '#domain/bypass/chain';
import type { Instant } from '#domain/instant';
import type { LookUp } from '#domain/policy/look-up';
import { personActed } from './entry-rules.ts';
import { judgeGates } from './judge-gates.ts';
import { judgeInForce } from './judge-in-force.ts';
import { judgeVouching } from './judge-vouching.ts';
import { lacksPolicy } from './lacks-policy.ts';
import type { BypassEventOf, Moment } from './replayed-entry.ts';
import { mayApprove, versionsOf } from './versions.ts';

/**
 * An approval: by another person than the requester and than those before, eligible under the
 * request's version and the one in force, in time, for this request and a TTL that both allow.
 */
export function judgeApproval(
  event: BypassEventOf<'approval.given'>,
  { request }: Waiting,
  moment: Moment,
): void {
  const { chain, policyOf, broken } = moment;
  const { bypass, approver: person, lookUps, at, steppedUp, ttlMs } = event;
  const about = { bypass, person };
  const digests = [request.policy, event.policy];
  const versions = versionsOf(request, digests, policyOf);
  // A press is stored first and judged later: no earlier than its youngest look-up, nor than what
  // stands before it in its chain. A request that ends in between takes no approval any more.
  const judgedAt = Math.max(at, chain.latestAt, youngest(lookUps));
  // One that was signed on a sign-in was stated before it; who approved meanwhile changes none of it.
  const eligibleAt = steppedUp ? statedWhen(at, lookUps) : judgedAt;
  const eligible = versions.every((one) =>
    mayApprove(person, one, request.escalatedMs, lookUps, eligibleAt),
  );
  const attested =
    event.signing === 'attested' ||
    (!steppedUp && versions.every((one) => one.evaluation.attestation !== 'required'));
  // One whose sign-in stands in for the workspace's word was signed on that very sign-in.
  const signedIn =
    steppedUp ||
    (event.vouched === undefined && versions.every((one) => one.evaluation.stepUp !== 'sso'));
  // What is offered, the request's own version says.
  const asked = versions.find((one) => one.digest === request.policy);
  const isOffered =
    ttlMs === request.ttlAskedMs || asked?.evaluation.ttlOffersMs.includes(ttlMs) !== false;
  lacksPolicy(bypass, digests, moment);
  judgeGates({ ...request, bypass }, digests, moment);
  judgeVouching(event, [person], broken);
  personActed(event, person, broken);
  judgeInForce(event.policy, about, moment);
  if (person === request.requester) broken.push({ code: 'self-approval', ...about });
  if (request.approvals.some((one) => one.approver === person))
    broken.push({ code: 'approver-repeated', ...about });
  if (!eligible) broken.push({ code: 'approver-not-eligible', ...about });
  if (chain.openedBy.get(bypass) !== event.request)
    broken.push({ code: 'approved-other-request', ...about });
  if (at < request.openedAt || judgedAt >= request.pendingUntilAt)
    broken.push({ code: 'approval-out-of-time', ...about });
  if (!isOffered || versions.some((one) => ttlMs > one.evaluation.ttlMaxMs))
    broken.push({ code: 'ttl-not-offered', ...about });
  if (!attested) broken.push({ code: 'attestation-missing', ...about });
  if (!signedIn) broken.push({ code: 'step-up-missing', ...about });
}

function youngest(lookUps: readonly LookUp[]): Instant {
  let at = -Infinity;
  for (const { lookedUpAt } of lookUps) at = Math.max(at, lookedUpAt);
  return at;
}
