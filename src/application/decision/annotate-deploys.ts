import { bypassIn } from '#domain/bypass/chain';
import type { AnnotateDeploy } from '#domain/bypass/command';
import type { EnforceReason } from '#domain/decision';
import type { BypassId, TenantId } from '#domain/ids';
import { SECOND_MS, type Instant } from '#domain/instant';
import { keyIn } from '#domain/opened-gates';
import { isRefusal } from '#domain/refusal';
import { commitSession, type CommitSession } from '../commit/commit-session.ts';
import { NO_FACTS } from '../commit/facts.ts';
import type { Ports } from '../ports/ports.ts';
import type { Sight, TenantWrites } from '../ports/tenant-store.ts';
import type { DecisionAnswer } from './answer.ts';
import type { AskedBy } from './asked-by.ts';
import { deployKey, factsOf } from './asked-deploy.ts';
import { enforce } from './enforce.ts';
import { gathered } from '../commit/gathered.ts';
import { judgeSight, type Judged, type Verified } from './judge-sight.ts';
import type { DecisionQuestion } from './question.ts';

/** How long a deploy counts as alive after it last asked. */
const LEASE_MS = 90 * SECOND_MS;
const RECHECK_S = 15;

/**
 * A tenant's commits queue on its log, so one is under way and the next one takes all that wait, with
 * those that ask again once they were answered: the pause is no longer than a commit.
 */
const LIMITS = { runs: 1, items: 64, pauseMs: 8 };

type Annotate = Pick<Ports, 'store' | 'keys' | 'newSalt' | 'newId'>;

/** A question that a bypass seemed to match. */
export interface Matched {
  readonly question: DecisionQuestion;
  readonly by: AskedBy;
  readonly verified: Verified;
}

/** Judges again under the lock, and annotates; the answer comes once that is committed. */
export type Annotations = (tenant: TenantId, matched: Matched) => Promise<DecisionAnswer>;

/** Deploys that ask at the same time are annotated in one commit, each by an entry of its own. */
export function annotations(ports: Annotate): Annotations {
  const queues = new Map<TenantId, (one: Matched) => Promise<Settled>>();
  const queueOf = (tenant: TenantId) => {
    const known =
      queues.get(tenant) ??
      gathered((all: readonly Matched[]) => annotateEach(ports, tenant, all), LIMITS);
    queues.set(tenant, known);
    return known;
  };
  return async (tenant, matched) => {
    const settled = await queueOf(tenant)(matched);
    if (settled.status === 'rejected') throw settled.reason;
    return settled.value;
  };
}

type Settled = PromiseSettledResult<DecisionAnswer>;

/**
 * A commit that fails is tried again without the others: one deploy's fault is nobody else's. One after
 * the other, as each waits for the log with a connection that other tenants' questions want.
 */
async function annotateEach(
  ports: Annotate,
  tenant: TenantId,
  all: readonly Matched[],
): Promise<readonly Settled[]> {
  const [settled] = await Promise.allSettled([annotateTogether(ports, tenant, all)]);
  if (settled.status === 'fulfilled')
    return settled.value.map((value) => ({ status: 'fulfilled', value }));
  if (all.length === 1) return [settled];
  const alone: Settled[] = [];
  for (const one of all) alone.push(...(await annotateEach(ports, tenant, [one])));
  return alone;
}

async function annotateTogether(
  ports: Annotate,
  tenant: TenantId,
  all: readonly Matched[],
): Promise<readonly DecisionAnswer[]> {
  return ports.store.locked(tenant, async (tx) => {
    const sight = await tx.sight(all.map(({ question }) => question.gate));
    const judged = all.map((one) => judge(sight, one));
    const theirs = await renewed(tx, sight.now, judged);
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    const answers: DecisionAnswer[] = [];
    for (const one of judged) {
      if (one.let === null) answers.push(enforce(ports, sight.now, one.reason));
      else if (!theirs(one.let)) answers.push(enforce(ports, sight.now, 'begun-by-another'));
      else answers.push(await annotate(ports, session, sight, one.let));
    }
    await session.finish();
    return answers;
  });
}

/** A deploy that a bypass lets through as of now. */
interface Let extends Matched {
  readonly bypass: BypassId;
  readonly expiresAt: Instant;
  /** The deploy's in that bypass. */
  readonly key: string;
  readonly through: Judged['through'];
  readonly isVerified: boolean;
}

/** `enforce` if the bypass ended since it seemed to match. */
function judge(
  sight: Sight,
  matched: Matched,
): { readonly let: Let } | { readonly let: null; readonly reason: EnforceReason } {
  const { question, verified } = matched;
  const { decision, through, isVerified } = judgeSight(sight, factsOf(question), verified);
  if (decision.decision !== 'bypass') return { let: null, reason: decision.reason };
  const { bypass, expiresAt } = decision;
  const key = keyIn(through ?? question, question.gate, deployKey(question));
  return { let: { ...matched, bypass, expiresAt, key, through, isVerified } };
}

/**
 * Renews the leases, before anything is recorded: what somebody else began stays as they left it. Of
 * several that ask for one deploy at the same time the first one begins it.
 */
async function renewed(
  tx: TenantWrites,
  now: Instant,
  judged: readonly { readonly let: Let | null }[],
): Promise<(one: Let) => boolean> {
  const all = judged.flatMap((one) => (one.let === null ? [] : [one.let]));
  const nameOf = ({ bypass, key }: Let): string => `${bypass} ${key}`;
  const firsts = new Map(all.toReversed().map((one) => [nameOf(one), one]));
  const leases = [...firsts.values()];
  const until = now + LEASE_MS;
  const stand = await tx.renewLeases(
    leases.map(({ bypass, key: deploy, by }) => ({ bypass, deploy, by })),
    until,
  );
  const theirs = new Set(leases.filter((_, place) => stand[place] === true));
  for (const one of all)
    if (!leases.includes(one)) {
      const { bypass, key: deploy, by } = one;
      const [isTheirs] = await tx.renewLeases([{ bypass, deploy, by }], until);
      if (isTheirs === true) theirs.add(one);
    }
  return (one) => theirs.has(one);
}

async function annotate(
  ports: Annotate,
  session: CommitSession,
  seen: Sight,
  { question, bypass, expiresAt, through, isVerified }: Let,
): Promise<DecisionAnswer> {
  const decisionId = ports.newId();
  const command = { ...commandOf(question, isVerified), bypass, decision: decisionId };
  const outcome = await session.run(command, NO_FACTS, { seen });
  // The rows say that it is open and its chain does not: nothing of this may stand.
  if (isRefusal(outcome) && outcome.code !== 'nothing-changed')
    throw new RangeError(`a deploy that passes was refused: ${outcome.code}`);
  const held = bypassIn(await session.chainOf(bypass), bypass);
  return {
    decision: 'bypass',
    decisionId,
    bypassEntryId: through?.activation ?? null,
    reason: 'bypassed',
    expiresAt,
    serverTime: seen.now,
    recheckAfterS: Math.max(1, Math.min(RECHECK_S, Math.ceil((expiresAt - seen.now) / 1_000))),
    inFlight: held?.phase === 'active' ? held.grant.inFlight : null,
  };
}

function commandOf(
  question: DecisionQuestion,
  isVerified: boolean,
): Omit<AnnotateDeploy, 'bypass' | 'decision'> {
  return {
    type: 'annotate-deploy',
    deploy: deployKey(question),
    facts: factsOf(question),
    commit: question.commit ?? null,
    artifactName: question.artifact?.name ?? null,
    provenance: isVerified ? 'verified' : 'claimed',
    ...(question.check === undefined ? {} : { check: question.check }),
    ...(question.provenance === undefined ? {} : { attestation: question.provenance }),
    url: question.deploy.url ?? null,
    deployedBy: question.deploy.actor ?? null,
    adoptedFrom: null,
  };
}
