import { SERVICE } from '../../actor.ts';
import type { PersonId } from '../../ids.ts';
import { strictestInFlight } from '../../policy/join-tiers.ts';
import { membershipOf, type Membership } from '../../policy/look-up.ts';
import { matchPeople } from '../../policy/match-people.ts';
import { refuse, type Refusal } from '../../refusal.ts';
import { firstActivatedAt, type Approval, type Chain, type Request } from '../chain.ts';
import type { Context } from '../context.ts';
import type { BypassActivated } from '../event.ts';
import { vouchingFor } from '../vouched.ts';
import {
  candidateGroups,
  groupsOf,
  header,
  refusedStanding,
  reliedOn,
  signedAs,
  type Version,
} from './judged.ts';

/** The activation, `null` while people are missing, or a refusal when the chain's cap is used up. */
export function activation(
  chain: Chain,
  request: Request,
  approvals: readonly Approval[],
  versions: readonly Version[],
  context: Context,
): BypassActivated | Refusal | null {
  const standing = approvals.filter((one) => refusedStanding(one.approver, context) === null);
  const counting = standing
    .filter((one) => one.approver !== request.requester)
    .filter((one) => versions.every(({ evaluation }) => signedAs(evaluation, one)));
  const people = counting.map((one) => one.approver);
  const match = (counts: readonly Membership[]) =>
    versions.map((one) => matchUnder(one, request, people, counts, context));
  const [first, ...others] = match(['member']);
  if (first === undefined || ![first, ...others].every((one) => one.met)) {
    // Enough people, if only it could be looked up: refused, so that it can be pressed again. Were
    // it recorded, nobody could press any more and nothing would ever open.
    const perhaps = match(['member', 'unknown']).every((one) => one.met);
    const groups = groupsOf(versions, request.escalatedMs).map((one) => one.group);
    return perhaps ? refuse({ code: 'look-up-failed', groups: [...new Set(groups)] }) : null;
  }

  const ttlMs = Math.min(...approvals.map((one) => one.ttlMs));
  const capMs = Math.min(...versions.map((one) => one.evaluation.chainMaxMs));
  const capAt = (firstActivatedAt(chain) ?? context.now) + capMs;
  if (capAt <= context.now) return refuse({ code: 'chain-cap-reached', capAt });
  return {
    ...header(chain, request, SERVICE, context.now),
    type: 'bypass.activated',
    ttlMs,
    expiresAt: Math.min(context.now + ttlMs, capAt),
    policy: context.current,
    inFlight: strictestInFlight(versions.map((one) => one.evaluation.inFlight)),
    assigned: first.assigned,
    lookUps: reliedOn(
      context.lookUps,
      groupsOf(versions, request.escalatedMs),
      people,
      context.now,
    ),
    ...vouchingFor(people, context, context.now),
  };
}

function matchUnder(
  { digest, evaluation }: Version,
  request: Request,
  people: readonly PersonId[],
  counts: readonly Membership[],
  { lookUps, now }: Context,
) {
  const requirements = evaluation.requirements.map((one) => {
    const groups = candidateGroups(one, request.escalatedMs);
    const eligible = people.filter((person) =>
      counts.includes(membershipOf(person, groups, digest, lookUps, now)),
    );
    return { from: one.from, count: one.count, eligible: new Set(eligible) };
  });
  return matchPeople(requirements, people);
}
