import { bypassIn } from '#domain/bypass/chain';
import type { TenantId } from '#domain/ids';
import { decideDeploy, type Decision } from '#domain/decision';
import { SECOND_MS, type Instant } from '#domain/instant';
import { isRefusal } from '#domain/refusal';
import type { DeployFacts } from '#domain/scope';
import type { Digest } from '#ledger/digest';
import { commitSession } from '../commit/commit-session.ts';
import { NO_FACTS } from '../commit/facts.ts';
import type { Ports } from '../ports/ports.ts';
import type {
  DeployLease,
  PolicyVersion,
  TenantReads,
  TenantWrites,
} from '../ports/tenant-store.ts';
import type { AnswerReason, DecisionAnswer } from './answer.ts';
import type { DecisionQuestion } from './question.ts';

/** How long a deploy counts as alive after it last asked. */
const LEASE_MS = 90 * SECOND_MS;
const RECHECK_S = 15;

type Ask = Pick<Ports, 'store' | 'keys' | 'newSalt' | 'newId'>;

/** Answers within one tenant. `bypass` only once its annotation is committed. */
export async function answerQuestion(
  ports: Ask,
  tenant: TenantId,
  question: DecisionQuestion,
): Promise<DecisionAnswer> {
  if (question.phase === 'finish') return finish(ports, tenant, question);
  const first = await ports.store.read(tenant, (tx) => judge(tx, question));
  const key = deployKey(question);
  const answer =
    first.decision.decision === 'bypass'
      ? await annotate(ports, tenant, question, key)
      : enforce(ports, first.now, first.decision.reason);
  if (answer.decision === 'bypass') return answer;
  // The deploy now hears that it may not pass: whatever was to be stopped has been told.
  await endPending(ports, tenant, question, key);
  return answer;
}

/** A deploy's attempts are deploys of their own. */
export function deployKey({ deploy }: DecisionQuestion): string {
  return `${deploy.id}#${deploy.attempt}`;
}

function factsOf(question: DecisionQuestion): DeployFacts {
  const { gate, service, environment } = question;
  return {
    gate,
    service,
    environment,
    branch: question.branch ?? null,
    artifact: question.artifact?.digest ?? null,
  };
}

interface Judged {
  readonly now: Instant;
  readonly decision: Decision;
  readonly activation: Digest | null;
}

async function judge(tx: TenantReads, question: DecisionQuestion): Promise<Judged> {
  return judgeFacts(tx, factsOf(question));
}

export async function judgeFacts(tx: TenantReads, facts: DeployFacts): Promise<Judged> {
  const current = await tx.currentPolicy();
  const open = await tx.openBypasses(facts.gate);
  const versions = new Map<string, PolicyVersion>();
  for (const { policy } of open) {
    const version = versions.has(policy) ? null : await tx.policy(policy);
    if (version !== null) versions.set(policy, version);
  }
  // The clock last: nothing read before it can make an answer outlive its bypass.
  const now = await tx.now();
  if (current === null) return { now, decision: NO_POLICY, activation: null };
  const usable = open.filter((one) => versions.has(one.policy));
  const decision = decideDeploy(
    facts,
    'claimed',
    usable,
    (digest) => versions.get(digest)?.content ?? current.content,
    current.content,
    now,
  );
  const through =
    decision.decision === 'bypass' ? open.find((one) => one.id === decision.bypass) : undefined;
  return { now, decision, activation: through?.activation ?? null };
}

const NO_POLICY: Decision = { decision: 'enforce', reason: 'unknown-gate' };

/** Decides again under the lock, and annotates; `enforce`, as of then, if the bypass ended in between. */
async function annotate(
  ports: Ask,
  tenant: TenantId,
  question: DecisionQuestion,
  key: string,
): Promise<DecisionAnswer> {
  return ports.store.locked(tenant, async (tx) => {
    const { now, decision, activation } = await judge(tx, question);
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
        provenance: 'claimed',
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

/** The end of a deploy, reported by itself; never a permission. */
async function finish(
  ports: Ask,
  tenant: TenantId,
  question: DecisionQuestion,
): Promise<DecisionAnswer> {
  const key = deployKey(question);
  const { outcome = 'failed' } = question;
  const known = await ports.store.read(tenant, (tx) => tx.bypassesOfDeploy(factsOf(question), key));
  await eachIn(ports, tenant, known, ({ bypass }) => ({
    type: 'finish-deploy',
    bypass,
    deploy: key,
    outcome,
  }));
  const now = await ports.store.read(tenant, (tx) => tx.now());
  return enforce(ports, now, 'finished');
}

async function endPending(
  ports: Ask,
  tenant: TenantId,
  question: DecisionQuestion,
  key: string,
): Promise<void> {
  const known = await ports.store.read(tenant, (tx) => tx.bypassesOfDeploy(factsOf(question), key));
  const pending = known.filter((one) => one.pending);
  await eachIn(ports, tenant, pending, ({ bypass }) => ({
    type: 'revert-deploy',
    bypass,
    deploy: key,
    result: 'done',
  }));
}

async function eachIn(
  ports: Ask,
  tenant: TenantId,
  leases: readonly DeployLease[],
  commandOf: (lease: DeployLease) => Parameters<ReturnType<typeof commitSession>['run']>[0],
): Promise<void> {
  if (leases.length === 0) return;
  await ports.store.locked(tenant, async (tx: TenantWrites) => {
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    for (const lease of leases) await session.run(commandOf(lease), NO_FACTS);
    await session.finish();
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
