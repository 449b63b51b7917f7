import { candidateGroups, signedAs } from '#domain/bypass/decide/judged';
import { firstActivatedAt, type Approval, type Request, type Waiting } from '#domain/bypass/chain';
import { isFresh, type LookUp } from '#domain/policy/look-up';
import { strictestInFlight } from '#domain/policy/join-tiers';
import { matchPeople } from '#domain/policy/match-people';
import type { Instant } from '#domain/instant';
import { SIGN_IN_MAX_MS } from '#domain/sign-in';
import type { RecordedOf } from '../recorded-event.ts';
import { serviceActed } from './entry-rules.ts';
import type { MomentOf } from './replayed-entry.ts';
import { recordedMembers, versionsOf, type Version } from './versions.ts';
import { unless, type Violation } from './violation.ts';

/**
 * The activation: right after the approval that completed the quorum and before the request would
 * lapse, all approvals judged again by look-ups of its own, for the shortest TTL granted and within the chain's cap.
 */
export function judgeActivation(
  moment: MomentOf<'bypass.activated'>,
  { request }: Waiting,
): readonly Violation[] {
  const { event, chain, inForce, policyOf } = moment;
  const about = { bypass: event.bypass };
  const versions = versionsOf(request, [request.policy, event.policy], policyOf);
  const evaluations = versions.map((one) => one.evaluation);
  const capMs = Math.min(...evaluations.map((one) => one.chainMaxMs));
  const capAt = (firstActivatedAt(chain.state) ?? event.at) + capMs;
  const counting = request.approvals.filter((approval) =>
    evaluations.every((one) => signedAs(one, approval)),
  );
  const attested = event.assigned.every(({ person }) =>
    counting.some((one) => one.approver === person),
  );
  const ttlMs = Math.min(...request.approvals.map((one) => one.ttlMs));
  const { lastEvent } = chain;
  const followed =
    lastEvent.type === 'approval.given' &&
    lastEvent.bypass === event.bypass &&
    inOneCommit(lastEvent, event.at);
  return [
    ...serviceActed(event),
    ...unless(event.policy === inForce, 'policy-not-in-force', about),
    ...unless(event.at < request.pendingUntilAt, 'activated-late', {
      ...about,
      expected: request.pendingUntilAt,
      found: event.at,
    }),
    ...unless(followed, 'activation-apart', about),
    ...unless(
      versions.length > 0 && versions.every((one) => quorumMet(one, moment, request, counting)),
      'quorum-not-met',
      about,
    ),
    ...unless(attested, 'attestation-missing', about),
    ...unless(event.ttlMs === ttlMs, 'ttl-wrong', {
      ...about,
      expected: ttlMs,
      found: event.ttlMs,
    }),
    ...unless(
      event.at < event.expiresAt && event.expiresAt === Math.min(event.at + event.ttlMs, capAt),
      'expiry-wrong',
      { ...about, expected: Math.min(event.at + event.ttlMs, capAt), found: event.expiresAt },
    ),
    ...unless(
      event.inFlight === strictestInFlight(evaluations.map((one) => one.inFlight)),
      'in-flight-wrong',
      about,
    ),
  ];
}

/**
 * The approval before it was judged at the activation's time: by fresh look-ups, or, where it was
 * signed on a sign-in, no longer ago than that may take.
 */
function inOneCommit(approval: RecordedOf<'approval.given'>, at: Instant): boolean {
  return approval.steppedUp
    ? at - approval.at <= SIGN_IN_MAX_MS
    : approval.lookUps.every((one) => isFresh(one, at));
}

/** Distinct people, none the requester, meet every requirement; the entry assigns only such. */
function quorumMet(
  version: Version,
  { event }: MomentOf<'bypass.activated'>,
  request: Request,
  counting: readonly Approval[],
): boolean {
  const approvers = counting.map((one) => one.approver).filter((one) => one !== request.requester);
  const requirements = version.evaluation.requirements.map((one) => {
    const groups = candidateGroups(one, request.escalatedMs);
    return { ...one, eligible: membersAt(event.at, groups, version, event.lookUps) };
  });
  if (!matchPeople(requirements, approvers).met) return false;
  // Who stands for what is told under the request's own version.
  if (version.digest !== request.policy) return true;
  const { assigned } = event;
  const needed = requirements.reduce((sum, one) => sum + one.count, 0);
  const people = new Set(assigned.map((one) => one.person));
  return (
    people.size === assigned.length &&
    assigned.length === needed &&
    assigned.every(({ person }) => approvers.includes(person)) &&
    requirements.every(
      ({ from, count, eligible }) =>
        assigned.filter((one) => one.from === from && eligible.has(one.person)).length === count,
    )
  );
}

function membersAt(
  at: Instant,
  groups: readonly string[],
  { digest }: Version,
  lookUps: readonly LookUp[],
) {
  return recordedMembers(groups, digest, lookUps, at);
}
