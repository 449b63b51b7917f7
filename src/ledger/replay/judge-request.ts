import { bypassIn, firstActivatedAt } from '#domain/bypass/chain';
import type { RequestOpened } from '#domain/bypass/event';
import type { Waiting } from '#domain/bypass/chain';
import { asksForMore } from '#domain/policy/asks-for-more';
import { evaluatePolicy, lookUp } from '#domain/policy/evaluate-policy';
import type { Evaluation } from '#domain/policy/evaluation';
import type { Policy } from '#domain/policy/policy';
import type { ChainRecord } from './chain-record.ts';
import { personActed, sameScope, serviceActed } from './entry-rules.ts';
import type { Moment, MomentOf } from './replayed-entry.ts';
import type { Recorded } from '../recorded-event.ts';
import { mayApprove, recordedMembers, versionsOf } from './versions.ts';
import { unless, type Violation } from './violation.ts';

/** `waiting`: how many requests of the requester, drills apart, wait at this place of the log. */
interface OpeningMoment extends Pick<Moment, 'inForce' | 'policyOf'> {
  readonly waiting: number;
}

/** A request: by someone who may ask, at the tiers that the policy in force gives. */
export function judgeOpened(
  event: Recorded<RequestOpened>,
  chain: ChainRecord | undefined,
  { inForce, policyOf, waiting }: OpeningMoment,
): readonly Violation[] {
  const about = { bypass: event.bypass, person: event.requester };
  const policy = policyOf(event.policy);
  const [version] = versionsOf(event, [event.policy], policyOf);
  const standing = unless(event.policy === inForce, 'policy-not-in-force', about);
  if (policy === undefined || version === undefined)
    return [...standing, { code: 'policy-not-in-export', ...about, found: event.policy }];
  const { evaluation } = version;
  const { requesters } = policy;
  const members = recordedMembers(requesters, event.policy, event.lookUps, event.at);
  const [found, expected] = [tiersTold(event), tiersTold(evaluation)];
  return [
    ...standing,
    ...personActed(event, event.requester),
    ...unless(lookUp(policy.gates, event.gate) !== undefined, 'gate-unknown', about),
    ...unless(members.has(event.requester), 'requester-not-eligible', about),
    ...unless(found === expected, 'tier-wrong', { ...about, expected, found }),
    ...unless(evaluation.ttlOffersMs.includes(event.ttlAskedMs), 'ttl-not-offered', about),
    ...unless(
      event.pendingUntilAt === event.at + evaluation.pendingMs,
      'pending-time-wrong',
      about,
    ),
    ...unless(waiting < policy.waitingLimit, 'too-many-waiting', {
      ...about,
      expected: policy.waitingLimit,
      found: waiting + 1,
    }),
    ...unless(extendsRightly(event, chain, evaluation, policy), 'extension-wrong', about),
  ];
}

/** Tiers in the order of the policy, and what of the request the policy does not know. */
function tiersTold({ tiers, unknown }: Pick<RequestOpened, 'tiers' | 'unknown'>): string {
  const told = tiers.join(', ');
  return unknown.length === 0 ? told : `${told} (${unknown.join(', ')} unknown)`;
}

/**
 * An extension names an active bypass of its chain, of the same gate and scope, asks for no less
 * approval than that one would now, and stays within the cap.
 */
function extendsRightly(
  event: Recorded<RequestOpened>,
  chain: ChainRecord | undefined,
  evaluation: Evaluation,
  policy: Policy,
): boolean {
  if (chain === undefined)
    return event.extends === null && String(event.chain) === String(event.bypass);
  const { state } = chain;
  const parent = event.extends === null ? undefined : bypassIn(state, event.extends);
  if (parent?.phase !== 'active' || state.bypasses.some((one) => one.phase === 'waiting'))
    return false;
  const { request, grant } = parent;
  const { gate, scope, severity } = request;
  const asked = evaluatePolicy(policy, { gate, ...scope, severity });
  return (
    request.gate === event.gate &&
    sameScope(request.scope, event.scope) &&
    state.drill === event.drill &&
    event.at < grant.expiresAt &&
    !asksForMore(asked, evaluation, 0) &&
    evaluation.chainMaxMs <= asked.chainMaxMs &&
    grant.expiresAt < (firstActivatedAt(state) ?? event.at) + evaluation.chainMaxMs
  );
}

export function judgeEscalated(
  { event, policyOf }: MomentOf<'request.escalated'>,
  { request }: Waiting,
): readonly Violation[] {
  const [version] = versionsOf(request, [request.policy], policyOf);
  const steps = version?.evaluation.requirements.flatMap((one) => one.escalation) ?? [];
  const taken = steps.filter(
    ({ afterMs }) => afterMs > request.escalatedMs && afterMs <= event.afterMs,
  );
  const added = new Set(taken.flatMap((step) => step.add));
  const right =
    taken.some((step) => step.afterMs === event.afterMs) &&
    event.at >= request.openedAt + event.afterMs &&
    event.added.length === added.size &&
    event.added.every((group) => added.has(group));
  return [...serviceActed(event), ...unless(right, 'escalation-wrong', { bypass: event.bypass })];
}

/** A denial needs less than an approval: eligible under either version is enough. */
export function judgeDenied(
  { event, inForce, policyOf }: MomentOf<'request.denied'>,
  { request }: Waiting,
): readonly Violation[] {
  const { bypass, by: person, lookUps } = event;
  const versions = versionsOf(request, [request.policy, inForce], policyOf);
  const may = versions.some((one) =>
    mayApprove(person, one, request.escalatedMs, lookUps, event.at),
  );
  return [
    ...personActed(event, person),
    ...unless(may && person !== request.requester, 'denier-not-eligible', { bypass, person }),
  ];
}

export function judgeWithdrawn(
  { event }: MomentOf<'request.withdrawn'>,
  { request }: Waiting,
): readonly Violation[] {
  return personActed(event, request.requester);
}

export function judgeLapsed(
  { event }: MomentOf<'request.lapsed'>,
  { request }: Waiting,
): readonly Violation[] {
  const due = event.at >= request.pendingUntilAt;
  return [...serviceActed(event), ...unless(due, 'lapsed-early', { bypass: event.bypass })];
}
