import { bypassIn } from '#domain/bypass/chain';
import type { TenantId } from '#domain/ids';
import { decideDeploy, type Decision } from '#domain/decision';
import { SECOND_MS, type Instant } from '#domain/instant';
import { isRefusal } from '#domain/refusal';
import { allVerified, type DeployFacts, type ScopeField } from '#domain/scope';
import type { Digest } from '#ledger/digest';
import { commitSession } from '../commit/commit-session.ts';
import { NO_FACTS } from '../commit/facts.ts';
import type { Ports } from '../ports/ports.ts';
import type { PolicyVersion, TenantReads } from '../ports/tenant-store.ts';
import type { AnswerReason, DecisionAnswer } from './answer.ts';
import { deployKey, factsOf } from './asked-deploy.ts';
import { endDeploy, endHeld } from './deploy-ends.ts';
import type { DecisionQuestion } from './question.ts';

/** How long a deploy counts as alive after it last asked. */
const LEASE_MS = 90 * SECOND_MS;
const RECHECK_S = 15;

type Ask = Pick<Ports, 'store' | 'keys' | 'newSalt' | 'newId'>;

/**
 * Answers within one tenant. `bypass` only once its annotation is committed.
 *
 * @param isTold whether the deploy itself hears the answer. One that runs and does not hear is not
 *   stopped by it.
 * @param verified what a signed claim vouches for; the rest is only claimed.
 */
export async function answerQuestion(
  ports: Ask,
  tenant: TenantId,
  question: DecisionQuestion,
  isTold = true,
  verified: Verified = NOTHING,
): Promise<DecisionAnswer> {
  if (question.phase === 'finish') {
    await endDeploy(ports, tenant, question);
    // The end of a deploy is never a permission.
    return enforce(ports, await ports.store.read(tenant, (tx) => tx.now()), 'finished');
  }
  const first = await ports.store.read(tenant, (tx) => judge(tx, question, verified));
  const key = deployKey(question);
  const answer =
    first.decision.decision === 'bypass'
      ? await annotate(ports, tenant, question, key, verified)
      : enforce(ports, first.now, first.decision.reason);
  if (answer.decision === 'bypass' || !isTold) return answer;
  await endHeld(ports, tenant, question);
  return answer;
}

interface Judged {
  readonly now: Instant;
  readonly decision: Decision;
  readonly activation: Digest | null;
  /** Whether a signed claim vouches for all that the bypass's scope names. */
  readonly isVerified: boolean;
}

type Verified = ReadonlySet<ScopeField>;
const NOTHING: Verified = new Set();

async function judge(
  tx: TenantReads,
  question: DecisionQuestion,
  verified: Verified,
): Promise<Judged> {
  return judgeFacts(tx, factsOf(question), verified);
}

export async function judgeFacts(
  tx: TenantReads,
  facts: DeployFacts,
  verified: Verified = NOTHING,
): Promise<Judged> {
  const current = await tx.currentPolicy();
  const open = await tx.openBypasses(facts.gate);
  const versions = new Map<string, PolicyVersion>();
  for (const { policy } of open) {
    const version = versions.has(policy) ? null : await tx.policy(policy);
    if (version !== null) versions.set(policy, version);
  }
  // The clock last: nothing read before it can make an answer outlive its bypass.
  const now = await tx.now();
  if (current === null) return { now, decision: NO_POLICY, activation: null, isVerified: false };
  const usable = open.filter((one) => versions.has(one.policy));
  const decision = decideDeploy(
    facts,
    verified,
    usable,
    (digest) => versions.get(digest)?.content ?? current.content,
    current.content,
    now,
  );
  const through =
    decision.decision === 'bypass' ? open.find((one) => one.id === decision.bypass) : undefined;
  const isVerified = through !== undefined && allVerified(through.scope, verified);
  return { now, decision, activation: through?.activation ?? null, isVerified };
}

const NO_POLICY: Decision = { decision: 'enforce', reason: 'unknown-gate' };

/** Decides again under the lock, and annotates; `enforce`, as of then, if the bypass ended in between. */
async function annotate(
  ports: Ask,
  tenant: TenantId,
  question: DecisionQuestion,
  key: string,
  verified: Verified,
): Promise<DecisionAnswer> {
  return ports.store.locked(tenant, async (tx) => {
    const { now, decision, activation, isVerified } = await judge(tx, question, verified);
    if (decision.decision !== 'bypass') return enforce(ports, now, decision.reason);
    const decisionId = ports.newId();
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    const outcome = await session.run(
      {
        type: 'annotate-deploy',
        bypass: decision.bypass,
        deploy: key,
        facts: factsOf(question),
        commit: question.commit ?? null,
        artifactName: question.artifact?.name ?? null,
        provenance: isVerified ? 'verified' : 'claimed',
        ...(question.check === undefined ? {} : { check: question.check }),
        ...(question.provenance === undefined ? {} : { attestation: question.provenance }),
        decision: decisionId,
        url: question.deploy.url ?? null,
        deployedBy: question.deploy.actor ?? null,
        adoptedFrom: null,
      },
      NO_FACTS,
    );
    // Its end came between the two looks at the clock.
    if (isRefusal(outcome) && outcome.code !== 'nothing-changed')
      return enforce(ports, now, 'expired');
    await session.finish();
    await tx.renewLease(decision.bypass, key, now + LEASE_MS);
    const bypass = bypassIn(await tx.chainOf(decision.bypass), decision.bypass);
    return {
      decision: 'bypass',
      decisionId,
      bypassEntryId: activation,
      reason: 'bypassed',
      expiresAt: decision.expiresAt,
      serverTime: now,
      recheckAfterS: Math.max(
        1,
        Math.min(RECHECK_S, Math.ceil((decision.expiresAt - now) / 1_000)),
      ),
      inFlight: bypass?.phase === 'active' ? bypass.grant.inFlight : null,
    };
  });
}

function enforce(ports: Ask, now: Instant, reason: AnswerReason): DecisionAnswer {
  return {
    decision: 'enforce',
    decisionId: ports.newId(),
    bypassEntryId: null,
    reason,
    expiresAt: null,
    serverTime: now,
    recheckAfterS: null,
    inFlight: null,
  };
}
