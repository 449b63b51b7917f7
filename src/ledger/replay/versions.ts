import type { Request } from '#domain/bypass/chain';
import type { DigestText, PersonId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { Evaluation, JoinedRequirement } from '#domain/policy/evaluation';
import { isFresh, type LookUp } from '#domain/policy/look-up';
import type { Policy } from '#domain/policy/policy';
import { evaluated } from './evaluated.ts';

/** A request under one policy version. */
export interface Version {
  readonly digest: DigestText;
  readonly evaluation: Evaluation;
}

/** What the request needs under each of these versions, those that the export lacks left out. */
export function versionsOf(
  request: Pick<Request, 'gate' | 'scope' | 'severity'>,
  digests: readonly (DigestText | null)[],
  policyOf: (digest: DigestText) => Policy | undefined,
): readonly Version[] {
  const versions: Version[] = [];
  for (const digest of digests) {
    if (digest === null || versions.some((one) => one.digest === digest)) continue;
    const policy = policyOf(digest);
    if (policy !== undefined) versions.push({ digest, evaluation: evaluated(policy, request) });
  }
  return versions;
}

/**
 * Whether the recorded look-ups found the person in any of the groups, by look-ups that were at most
 * 30 s old at `at`, the time of judging, and none from its future.
 */
export function isRecordedMember(
  person: PersonId,
  groups: readonly string[],
  policy: DigestText,
  lookUps: readonly LookUp[],
  at: Instant,
): boolean {
  return lookUps.some((one) => groups.includes(one.group) && foundMember(person, policy, one, at));
}

/** Whether the look-ups found the person in a group that may approve under this version. */
export function mayApprove(
  person: PersonId,
  { digest, evaluation }: Version,
  escalatedMs: number,
  lookUps: readonly LookUp[],
  at: Instant,
): boolean {
  return evaluation.requirements.some((one) =>
    mayMeet(person, one, { digest, escalatedMs, lookUps, at }),
  );
}

/** By what it is judged who may meet a requirement. */
interface Eligibility {
  readonly digest: DigestText;
  readonly escalatedMs: number;
  readonly lookUps: readonly LookUp[];
  readonly at: Instant;
}

/** Whether the look-ups found the person in a group that may meet this requirement. */
export function mayMeet(
  person: PersonId,
  requirement: JoinedRequirement,
  { digest, escalatedMs, lookUps, at }: Eligibility,
): boolean {
  return lookUps.some(
    (one) =>
      isCandidate(one.group, requirement, escalatedMs) && foundMember(person, digest, one, at),
  );
}

/** Whether a group's members may meet a requirement, by the escalation steps taken so far. */
function isCandidate(group: string, requirement: JoinedRequirement, escalatedMs: number): boolean {
  return (
    group === requirement.from ||
    requirement.escalation.some((step) => step.afterMs <= escalatedMs && step.add.includes(group))
  );
}

function foundMember(person: PersonId, policy: DigestText, lookUp: LookUp, at: Instant): boolean {
  return (
    lookUp.outcome === 'members' &&
    lookUp.policy === policy &&
    isFresh(lookUp, at) &&
    lookUp.members.includes(person)
  );
}
