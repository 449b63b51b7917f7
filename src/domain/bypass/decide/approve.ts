import type { Instant } from '../../instant.ts';
import { SIGN_IN_MAX_MS } from '../../sign-in.ts';
import { membershipOf, type LookUp } from '../../policy/look-up.ts';
import { refuse, type Refusal } from '../../refusal.ts';
import { type Approval, type Chain, type Request, type Waiting } from '../chain.ts';
import type { Approve } from '../command.ts';
import type { Context } from '../context.ts';
import type { ApprovalGiven, BypassEvent } from '../event.ts';
import { refusedVouching, vouchingFor, vouchingIn } from '../vouched.ts';
import { activation } from './activation.ts';
import {
  approverGroups,
  approverMembership,
  byPerson,
  groupsOf,
  header,
  refusedGates,
  refusedStanding,
  reliedOn,
  versionsOf,
  type Version,
} from './judged.ts';

/**
 * One approval, and the activation if it completes the quorum. All approvals are judged again
 * then: whoever has left, lost the group, or was never more than the requester, does not count.
 */
export function approve(
  chain: Chain,
  { request }: Waiting,
  command: Approve,
  context: Context,
): readonly BypassEvent[] | Refusal {
  const versions = versionsOf(request, context);
  const refusal =
    refusedVouching(context) ??
    refusedApprover(request, command, versions, context) ??
    refusedGates(
      request,
      versions.map((one) => one.digest),
      context,
    ) ??
    refusedTerms(request, command, versions, context) ??
    refusedStatement(request, command, versions, context);
  if (refusal !== null) return refusal;

  const given = approvalGiven(chain, request, command, versions, context);
  const approval: Approval = {
    approver: command.by,
    ttlMs: command.ttlMs,
    approvedAt: command.pressedAt,
    signing: command.signing,
    steppedUp: command.steppedUp,
  };
  const activated = activation(chain, request, [...request.approvals, approval], versions, context);
  if (activated === null) return [given];
  return 'refused' in activated ? activated : [given, activated];
}

/** Why whatever this person answers does not count, apart from its terms. */
export function refusedApprover(
  request: Request,
  command: Pick<Approve, 'by' | 'request' | 'pressedAt'>,
  versions: readonly Version[],
  context: Context,
): Refusal | null {
  if (command.request !== context.requestDigest) return refuse({ code: 'other-request' });
  if (command.by === request.requester) return refuse({ code: 'own-request' });
  const standing = refusedStanding(command.by, context);
  if (standing !== null) return standing;
  if (request.approvals.some((one) => one.approver === command.by))
    return refuse({ code: 'already-approved' });
  // Judged again: a press that waited for Sigstore or for a replica does not outlive its request.
  if (Math.max(command.pressedAt, context.now) >= request.pendingUntilAt)
    return refuse({
      code: 'already-decided',
      phase: 'lapsed',
      by: null,
      at: request.pendingUntilAt,
    });
  const memberships = versions.map((one) => approverMembership(command.by, one, request, context));
  if (memberships.includes('not-member')) return refuse({ code: 'not-an-approver' });
  if (memberships.includes('unknown')) {
    const groups = groupsOf(versions, request.escalatedMs).map(({ group }) => group);
    return refuse({ code: 'look-up-failed', groups: [...new Set(groups)] });
  }
  return null;
}

function refusedTerms(
  request: Request,
  command: Approve,
  versions: readonly Version[],
  { vouched = {} }: Context,
): Refusal | null {
  const offersMs = grantableMs(request, versions);
  if (!offersMs.includes(command.ttlMs)) return refuse({ code: 'ttl-not-offered', offersMs });
  const evaluations = versions.map((one) => one.evaluation);
  // Whoever signed in signed with that; the service's own key cannot stand in for it.
  const required = command.steppedUp || evaluations.some((one) => one.attestation === 'required');
  if (required && command.signing !== 'attested') return refuse({ code: 'attestation-required' });
  // A sign-in that stands in for the workspace's word is one for this approval, in its very entry.
  const signsIn =
    vouched[command.by] !== undefined || evaluations.some((one) => one.stepUp === 'sso');
  if (!command.steppedUp && signsIn) return refuse({ code: 'step-up-required' });
  return null;
}

/**
 * A statement that was signed before it is judged holds as long as a sign-in may take, and only if
 * the look-ups that it names made its approver eligible by themselves: whoever reads it later has
 * nothing else to judge it by.
 */
function refusedStatement(
  { escalatedMs }: Request,
  { stated, steppedUp, by, pressedAt }: Approve,
  versions: readonly Version[],
  { now }: Context,
): Refusal | null {
  if (steppedUp && now - pressedAt > SIGN_IN_MAX_MS) return refuse({ code: 'sign-in-late' });
  if (stated === undefined) return null;
  const { lookUps } = stated;
  const statedAt = statedWhen(pressedAt, lookUps);
  const eligible = versions.every(({ digest, evaluation }) => {
    const groups = approverGroups(evaluation, escalatedMs);
    return membershipOf(by, groups, digest, lookUps, statedAt) === 'member';
  });
  // Later than now only by a clock that went back.
  return eligible && statedAt <= now ? null : refuse({ code: 'statement-moved' });
}

/** When a stated approval was judged: no earlier than its press, nor than its youngest look-up. */
export function statedWhen(approvedAt: Instant, lookUps: readonly LookUp[]): Instant {
  return Math.max(approvedAt, ...lookUps.map((one) => one.lookedUpAt));
}

/** TTLs an approver may grant: what was asked or the options offered, within every maximum. */
export function grantableMs(request: Request, versions: readonly Version[]): readonly number[] {
  const maxMs = Math.min(...versions.map((one) => one.evaluation.ttlMaxMs));
  const [first] = versions;
  const offers = new Set([...(first?.evaluation.ttlOffersMs ?? []), request.ttlAskedMs]);
  return [...offers].filter((ms) => ms <= maxMs).sort((a, b) => a - b);
}

function approvalGiven(
  chain: Chain,
  request: Request,
  command: Approve,
  versions: readonly Version[],
  context: Context,
): ApprovalGiven {
  const { stated, by, pressedAt } = command;
  return {
    ...header(chain, request, byPerson(command.by), command.pressedAt),
    type: 'approval.given',
    approver: command.by,
    request: command.request,
    ttlMs: command.ttlMs,
    policy: context.current,
    signing: command.signing,
    steppedUp: command.steppedUp,
    lookUps:
      stated?.lookUps ??
      reliedOn(context.lookUps, groupsOf(versions, request.escalatedMs), [by], context.now),
    ...(stated === undefined ? vouchingFor([by], context, pressedAt) : vouchingIn(stated)),
  };
}
