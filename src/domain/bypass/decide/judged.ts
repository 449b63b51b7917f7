import type { Actor } from '../../actor.ts';
import type { DigestText, PersonId } from '../../ids.ts';
import type { Instant } from '../../instant.ts';
import { sameGates, type Opening } from '../../opened-gates.ts';
import { evaluatePolicy, lookUp } from '../../policy/evaluate-policy.ts';
import type { Evaluation, JoinedRequirement } from '../../policy/evaluation.ts';
import { isFresh, membershipOf, type LookUp, type Membership } from '../../policy/look-up.ts';
import { questionOf } from '../../policy/question-of.ts';
import { refuse, type Refusal } from '../../refusal.ts';
import type { Approval, Chain, Request } from '../chain.ts';
import type { Context } from '../context.ts';

/** A request under one policy version. */
export interface Version {
  readonly digest: DigestText;
  readonly evaluation: Evaluation;
}

/**
 * The request under the version it was made under and the one in force: an approval must hold
 * under both. One element when they are the same.
 *
 * @throws RangeError when the context lacks a version; the caller loads both.
 */
export function versionsOf(
  request: Request,
  context: Pick<Context, 'current' | 'policies'>,
): readonly Version[] {
  const digests = [...new Set([request.policy, context.current])];
  return digests.map((digest) => ({
    digest,
    evaluation: evaluationUnder(digest, request, context),
  }));
}

function evaluationUnder(
  digest: DigestText,
  request: Request,
  context: Pick<Context, 'policies'>,
): Evaluation {
  const policy = context.policies[digest];
  if (policy === undefined) throw new RangeError(`the context has no policy ${digest}`);
  return evaluatePolicy(policy, questionOf(request));
}

/**
 * Refuses a request for several gates unless every version has exactly those under its name. What
 * would open is fixed with the request, and what is asked for it is not: so no policy in between
 * opens more than was judged.
 */
export function refusedGates(
  { gate, gates }: Opening,
  versions: readonly DigestText[],
  { policies }: Pick<Context, 'policies'>,
): Refusal | null {
  const same = versions.every((digest) => {
    const known = lookUp(policies[digest]?.gates ?? {}, gate);
    return sameGates(known?.gates, gates);
  });
  return same ? null : refuse({ code: 'gates-changed', gate });
}

/** The groups whose members may meet a requirement, escalation steps taken so far included. */
export function candidateGroups(
  requirement: JoinedRequirement,
  escalatedMs: number,
): readonly string[] {
  const added = requirement.escalation.filter((step) => step.afterMs <= escalatedMs);
  return [...new Set([requirement.from, ...added.flatMap((step) => step.add)])];
}

export function approverGroups(evaluation: Evaluation, escalatedMs: number): readonly string[] {
  const groups = evaluation.requirements.flatMap((one) => candidateGroups(one, escalatedMs));
  return [...new Set(groups)];
}

export function approverMembership(
  person: PersonId,
  { digest, evaluation }: Version,
  request: Request,
  context: Context,
): Membership {
  const groups = approverGroups(evaluation, request.escalatedMs);
  return membershipOf(person, groups, digest, context.lookUps, context.now);
}

/** What stands in an entry: the look-ups used, cut down to the people it speaks of. */
export function reliedOn(
  lookUps: readonly LookUp[],
  groups: readonly { readonly policy: DigestText; readonly group: string }[],
  people: readonly PersonId[],
  now: Instant,
): readonly LookUp[] {
  const used = lookUps.filter(
    (one) =>
      isFresh(one, now) &&
      groups.some(({ policy, group }) => one.policy === policy && one.group === group),
  );
  return used.map((one) =>
    one.outcome === 'members'
      ? { ...one, members: one.members.filter((member) => people.includes(member)) }
      : one,
  );
}

export function groupsOf(
  versions: readonly Version[],
  escalatedMs: number,
): readonly { readonly policy: DigestText; readonly group: string }[] {
  return versions.flatMap(({ digest: policy, evaluation }) =>
    approverGroups(evaluation, escalatedMs).map((group) => ({ policy, group })),
  );
}

/** Refuses whoever may only look on: guests, foreigners, bots, the deactivated, the unknown. */
export function refusedStanding(person: PersonId, context: Context): Refusal | null {
  const standing = context.standings[person] ?? 'unknown';
  return standing === 'member' ? null : refuse({ code: 'cannot-act', standing });
}

/** The fields every event of this bypass carries. */
export function header(
  chain: Pick<Chain, 'id' | 'drill'>,
  request: Pick<Request, 'id' | 'gate' | 'gates' | 'scope'>,
  actor: Actor,
  at: Instant,
) {
  const { id: bypass, gate, gates, scope } = request;
  const several = gates === undefined ? {} : { gates };
  return { at, actor, chain: chain.id, bypass, drill: chain.drill, gate, ...several, scope };
}

export const byPerson = (person: PersonId): Actor => ({ kind: 'person', person });

/** Whether an approval was signed and stepped up as the tiers that apply demand: else it does not count. */
export function signedAs({ attestation, stepUp }: Evaluation, approval: Approval): boolean {
  return (
    (attestation !== 'required' || approval.signing === 'attested') &&
    (stepUp !== 'sso' || approval.steppedUp)
  );
}
