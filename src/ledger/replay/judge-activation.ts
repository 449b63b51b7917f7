import { signedAs } from '#domain/bypass/decide/judged';
import { firstActivatedAt, type Approval, type Request, type Waiting } from '#domain/bypass/chain';
import { isFresh } from '#domain/policy/look-up';
import { strictestInFlight } from '#domain/policy/join-tiers';
import { matchPeople } from '#domain/policy/match-people';
import type { Instant } from '#domain/instant';
import { SIGN_IN_MAX_MS } from '#domain/sign-in';
import type { ChainRecord, LastEvent } from './chain-record.ts';
import { serviceActed } from './entry-rules.ts';
import { judgeGates } from './judge-gates.ts';
import { judgeInForce } from './judge-in-force.ts';
import { judgeVouching } from './judge-vouching.ts';
import { lacksPolicy } from './lacks-policy.ts';
import type { BypassEventOf, Moment } from './replayed-entry.ts';
import { mayMeet, versionsOf, type Version } from './versions.ts';

type Activated = BypassEventOf<'bypass.activated'>;

/**
 * The activation: right after the approval that completed the quorum and before the request would
 * lapse, all approvals judged again by look-ups of its own, for the shortest TTL granted and within the chain's cap.
 */
export function judgeActivation(event: Activated, { request }: Waiting, moment: Moment): void {
  const { chain, policyOf, broken } = moment;
  const about = { bypass: event.bypass };
  const digests = [request.policy, event.policy];
  const versions = versionsOf(request, digests, policyOf);
  const isWhole = !lacksPolicy(event.bypass, digests, moment);
  judgeGates({ ...request, bypass: event.bypass }, digests, moment);
  const counting = request.approvals.filter((approval) =>
    versions.every((one) => signedAs(one.evaluation, approval)),
  );
  const approvers = counting.map((one) => one.approver);
  judgeVouching(event, approvers, broken);
  serviceActed(event, broken);
  judgeInForce(event.policy, about, moment);
  if (event.at >= request.pendingUntilAt)
    broken.push({
      code: 'activated-late',
      ...about,
      expected: request.pendingUntilAt,
      found: event.at,
    });
  if (!followedApproval(event, chain)) broken.push({ code: 'activation-apart', ...about });
  if (!versions.every((one) => quorumMet(one, event, request, counting)))
    broken.push({ code: 'quorum-not-met', ...about });
  const attested = event.assigned.every(({ person }) => approvers.includes(person));
  if (!attested) broken.push({ code: 'attestation-missing', ...about });
  judgeGrant(event, request, { versions, isWhole }, moment);
}

interface Judging {
  readonly versions: readonly Version[];
  /** `false` where the export lacks one of them, which may have said less. */
  readonly isWhole: boolean;
}

/** How long the gate opens, and what then becomes of deploys. */
function judgeGrant(
  event: Activated,
  request: Request,
  { versions, isWhole }: Judging,
  { chain, broken }: Moment,
): void {
  const about = { bypass: event.bypass };
  const ttlMs = Math.min(...request.approvals.map((one) => one.ttlMs));
  const capMs = Math.min(...versions.map((one) => one.evaluation.chainMaxMs));
  const capAt = (firstActivatedAt(chain.state) ?? event.at) + capMs;
  const expiresAt = Math.min(event.at + event.ttlMs, capAt);
  if (event.ttlMs !== ttlMs)
    broken.push({ code: 'ttl-wrong', ...about, expected: ttlMs, found: event.ttlMs });
  const inTime = isWhole ? event.expiresAt === expiresAt : event.expiresAt <= expiresAt;
  if (event.at >= event.expiresAt || !inTime)
    broken.push({ code: 'expiry-wrong', ...about, expected: expiresAt, found: event.expiresAt });
  const inFlight = strictestInFlight(versions.map((one) => one.evaluation.inFlight));
  if (isWhole && event.inFlight !== inFlight) broken.push({ code: 'in-flight-wrong', ...about });
}

function followedApproval({ bypass, at }: Activated, { lastEvent }: ChainRecord): boolean {
  return (
    lastEvent.type === 'approval.given' && lastEvent.bypass === bypass && inOneCommit(lastEvent, at)
  );
}

/**
 * The approval before it was judged at the activation's time: by fresh look-ups, or, where it was
 * signed on a sign-in, no longer ago than that may take.
 */
function inOneCommit(
  approval: Extract<LastEvent, { readonly type: 'approval.given' }>,
  at: Instant,
): boolean {
  return approval.steppedUp
    ? at - approval.at <= SIGN_IN_MAX_MS
    : approval.lookedUpAt.every((lookedUpAt) => isFresh({ lookedUpAt }, at));
}

/** Distinct people, none the requester, meet every requirement; the entry assigns only such. */
function quorumMet(
  { digest, evaluation }: Version,
  { at, lookUps, assigned }: Activated,
  request: Request,
  counting: readonly Approval[],
): boolean {
  const { requester, escalatedMs } = request;
  const approvers = counting.map((one) => one.approver).filter((one) => one !== requester);
  const by = { digest, escalatedMs, lookUps, at };
  const requirements = evaluation.requirements.map((one) => ({
    from: one.from,
    count: one.count,
    eligible: new Set(approvers.filter((person) => mayMeet(person, one, by))),
  }));
  if (!matchPeople(requirements, approvers).met) return false;
  // Who stands for what is told under the request's own version.
  if (digest !== request.policy) return true;
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
