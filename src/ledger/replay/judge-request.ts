import { bypassIn, firstActivatedAt } from '#domain/bypass/chain';
import type { RequestOpened } from '#domain/bypass/event';
import type { Waiting } from '#domain/bypass/chain';
import { sameGates } from '#domain/opened-gates';
import type { Instant } from '#domain/instant';
import { asksForMore } from '#domain/policy/asks-for-more';
import { lookUp } from '#domain/policy/evaluate-policy';
import type { Evaluation } from '#domain/policy/evaluation';
import { costOfOverdue } from '#domain/policy/overdue-review';
import type { Policy } from '#domain/policy/policy';
import type { Recorded } from '../recorded-event.ts';
import type { ChainRecord } from './chain-record.ts';
import { personActed, sameScope, serviceActed } from './entry-rules.ts';
import { evaluated } from './evaluated.ts';
import { judgeGates } from './judge-gates.ts';
import { judgeInForce } from './judge-in-force.ts';
import { judgeVouching } from './judge-vouching.ts';
import { lacksPolicy } from './lacks-policy.ts';
import type { BypassEventOf, Moment } from './replayed-entry.ts';
import { isRecordedMember, mayApprove, versionsOf } from './versions.ts';

type Opened = Recorded<RequestOpened>;

/**
 * `waiting`: how many requests of the requester, drills apart, wait at this place of the log.
 * `askedToday`: how many they made in the 24 h before.
 */
interface OpeningMoment extends Pick<Moment, 'inForce' | 'unreadAt' | 'policyOf' | 'broken'> {
  readonly chain: ChainRecord | undefined;
  readonly waiting: number;
  readonly askedToday: number;
  /** When the first review of the service that is not done was due. */
  readonly owedSince: Instant | null;
}

/** A request: by someone who may ask, at the tiers that the policy in force gives. */
export function judgeOpened(event: Opened, moment: OpeningMoment): void {
  const { policyOf, broken } = moment;
  const about = { bypass: event.bypass, person: event.requester };
  const policy = policyOf(event.policy);
  judgeInForce(event.policy, about, moment);
  if (policy === undefined) {
    broken.push({ code: 'policy-not-in-export', ...about, found: event.policy });
    return;
  }
  personActed(event, event.requester, broken);
  if (lookUp(policy.gates, event.gate) === undefined)
    broken.push({ code: 'gate-unknown', ...about });
  judgeGates(event, [event.policy], moment);
  if (!isRecordedMember(event.requester, policy.requesters, event.policy, event.lookUps, event.at))
    broken.push({ code: 'requester-not-eligible', ...about });
  judgeTerms(event, policy, moment);
}

/** What is asked for: tiers, times and how many at once, as the policy has them. */
function judgeTerms(
  event: Opened,
  policy: Policy,
  { chain, waiting, askedToday, owedSince, broken }: OpeningMoment,
): void {
  const about = { bypass: event.bypass, person: event.requester };
  const owed = owedSince === null ? null : { dueAt: owedSince };
  const asked = { drill: event.drill, isExtension: event.extends !== null };
  const cost = costOfOverdue(policy, owed, asked, event.at);
  if (cost === 'block') broken.push({ code: 'review-overdue', ...about });
  const raised = cost === 'raise';
  if (event.raised !== (raised || undefined)) broken.push({ code: 'raise-wrong', ...about });
  const evaluation = evaluated(policy, { ...event, raised });
  if (!sameTiers(event, evaluation)) {
    const [found, expected] = [tiersTold(event), tiersTold(evaluation)];
    if (found !== expected) broken.push({ code: 'tier-wrong', ...about, expected, found });
  }
  if (!evaluation.ttlOffersMs.includes(event.ttlAskedMs))
    broken.push({ code: 'ttl-not-offered', ...about });
  if (event.pendingUntilAt !== event.at + evaluation.pendingMs)
    broken.push({ code: 'pending-time-wrong', ...about });
  if (waiting >= policy.waitingLimit) {
    const [expected, found] = [policy.waitingLimit, waiting + 1];
    broken.push({ code: 'too-many-waiting', ...about, expected, found });
  }
  const { dayLimit } = policy;
  if (dayLimit !== undefined && askedToday >= dayLimit)
    broken.push({
      code: 'too-many-asked',
      ...about,
      expected: dayLimit,
      found: askedToday + 1,
    });
  if (!extendsRightly(event, chain, evaluation, policy))
    broken.push({ code: 'extension-wrong', ...about });
}

type Tiers = Pick<RequestOpened, 'tiers' | 'unknown'>;

/** Nearly always; else it is what they come to in words that counts. */
function sameTiers(a: Tiers, b: Tiers): boolean {
  return sameTexts(a.tiers, b.tiers) && sameTexts(a.unknown, b.unknown);
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, place) => one === b[place]);
}

/** Tiers in the order of the policy, and what of the request the policy does not know. */
function tiersTold({ tiers, unknown }: Tiers): string {
  const told = tiers.join(', ');
  return unknown.length === 0 ? told : `${told} (${unknown.join(', ')} unknown)`;
}

/**
 * An extension names an active bypass of its chain, of the same gate and scope, asks for no less
 * approval than that one would now, and stays within the cap.
 */
function extendsRightly(
  event: Opened,
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
  const asked = evaluated(policy, { gate, scope, severity });
  return (
    request.gate === event.gate &&
    sameGates(request.gates, event.gates) &&
    sameScope(request.scope, event.scope) &&
    state.drill === event.drill &&
    event.at < grant.expiresAt &&
    !asksForMore(asked, evaluation, 0) &&
    evaluation.chainMaxMs <= asked.chainMaxMs &&
    grant.expiresAt < (firstActivatedAt(state) ?? event.at) + evaluation.chainMaxMs
  );
}

export function judgeEscalated(
  event: BypassEventOf<'request.escalated'>,
  { request }: Waiting,
  moment: Moment,
): void {
  const { policyOf, broken } = moment;
  serviceActed(event, broken);
  if (lacksPolicy(event.bypass, [request.policy], moment)) return;
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
  if (!right) broken.push({ code: 'escalation-wrong', bypass: event.bypass });
}

/** A denial needs less than an approval: eligible under either version is enough. */
export function judgeDenied(
  event: BypassEventOf<'request.denied'>,
  { request }: Waiting,
  moment: Moment,
): void {
  const { inForce, policyOf, broken } = moment;
  const { bypass, by: person, lookUps } = event;
  const digests = [request.policy, inForce];
  const versions = versionsOf(request, digests, policyOf);
  const may = versions.some((one) =>
    mayApprove(person, one, request.escalatedMs, lookUps, event.at),
  );
  const lacks = lacksPolicy(bypass, digests, moment);
  judgeVouching(event, [person], broken);
  personActed(event, person, broken);
  if ((!may && !lacks) || person === request.requester)
    broken.push({ code: 'denier-not-eligible', bypass, person });
}

export function judgeWithdrawn(
  event: BypassEventOf<'request.withdrawn'>,
  { request }: Waiting,
  { broken }: Moment,
): void {
  personActed(event, request.requester, broken);
}

export function judgeLapsed(
  event: BypassEventOf<'request.lapsed'>,
  { request }: Waiting,
  { broken }: Moment,
): void {
  serviceActed(event, broken);
  if (event.at < request.pendingUntilAt)
    broken.push({ code: 'lapsed-early', bypass: event.bypass });
}
