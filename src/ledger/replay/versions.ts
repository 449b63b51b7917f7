import { candidateGroups } from '#domain/bypass/decide/judged';
import type { Request } from '#domain/bypass/chain';
import type { DigestText, PersonId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { Evaluation } from '#domain/policy/evaluation';
import { evaluatePolicy, type PolicyQuestion } from '#domain/policy/evaluate-policy';
import { isFresh, type LookUp } from '#domain/policy/look-up';
import type { Policy } from '#domain/policy/policy';

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
  const { gate, severity } = request;
  const { service, environment, branch } = request.scope;
  return [...new Set(digests)].flatMap((digest) => {
    const policy = digest === null ? undefined : policyOf(digest);
    if (digest === null || policy === undefined) return [];
    const question = { gate, service, environment, branch, severity };
    return [{ digest, evaluation: evaluated(policy, question) }];
  });
}

/** More than the questions that are asked again and again; all are forgotten when there are more. */
const KEPT = 1_024;
const known = new WeakMap<Policy, Map<string, Evaluation>>();

/** What a version says to a question never changes, and every entry of a bypass asks the same. */
function evaluated(policy: Policy, question: PolicyQuestion): Evaluation {
  const answers = known.get(policy) ?? new Map<string, Evaluation>();
  known.set(policy, answers);
  const { gate, service, environment, branch, severity } = question;
  const key = JSON.stringify([gate, service, environment, branch, severity]);
  const answer = answers.get(key) ?? evaluatePolicy(policy, question);
  if (answers.size >= KEPT) answers.clear();
  answers.set(key, answer);
  return answer;
}

/**
 * Those whom the recorded look-ups found in any of the groups, by look-ups that were at most 30 s
 * old at `at`, the time of judging, and none from its future.
 */
export function recordedMembers(
  groups: readonly string[],
  policy: DigestText,
  lookUps: readonly LookUp[],
  at: Instant,
): ReadonlySet<PersonId> {
  const fresh = lookUps.filter(
    (one) => one.policy === policy && groups.includes(one.group) && isFresh(one, at),
  );
  return new Set(fresh.flatMap((one) => (one.outcome === 'members' ? one.members : [])));
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
    recordedMembers(candidateGroups(one, escalatedMs), digest, lookUps, at).has(person),
  );
}
