import type { Chain } from '#domain/bypass/chain';
import { approverGroups } from '#domain/bypass/decide/judged';
import type { BypassId, PersonId, TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import { evaluatePolicy, lookUp } from '#domain/policy/evaluate-policy';
import { questionOf } from '#domain/policy/question-of';
import type { Standing } from '#domain/policy/look-up';
import type { Facts } from '../commit/facts.ts';
import type { Account } from '../ports/account.ts';
import type { Ports } from '../ports/ports.ts';
import type { PolicyVersion } from '../ports/policy-version.ts';
import type { TenantReads } from '../ports/tenant-store.ts';
import { lookUpGroups, type GroupAt } from './group-members.ts';
import { byWorkspace, standingNow, type AskStanding } from './standing-now.ts';

export interface Situation {
  readonly current: PolicyVersion;
  /** The versions the chain's requests were made under, the current one included. */
  readonly versions: readonly PolicyVersion[];
  readonly chain: Chain | null;
}

/** Another policy came into force since people were looked up: look again under that one. */
export class PolicyMoved extends Error {
  override name = 'PolicyMoved';
  readonly code = 'policy-moved';
}

/** Somebody approved since people were looked up: look again, them included. */
export class ApproversMoved extends Error {
  override name = 'ApproversMoved';
  readonly code = 'approvers-moved';
}

/**
 * Before a commit: what was looked up is what the policy in force asks, and everybody who approved
 * by now. An approver nobody looked up counts for nothing, so the last of two approvals at the same
 * moment would stand without opening the gate, and no press would come after it.
 *
 * @throws PolicyMoved, ApproversMoved
 */
export async function expectUnmoved(
  tx: Pick<TenantReads, 'currentPolicy' | 'chainOf'>,
  { current, chain }: Pick<Situation, 'current' | 'chain'>,
): Promise<void> {
  if ((await tx.currentPolicy())?.digest !== current.digest)
    throw new PolicyMoved('the policy changed while a press was handled');
  const [first] = chain?.bypasses ?? [];
  if (first === undefined) return;
  const known = new Set(approversOf(chain));
  const now = approversOf(await tx.chainOf(first.request.id));
  if (!now.every((person) => known.has(person)))
    throw new ApproversMoved('somebody approved while a press was handled');
}

/** Those whose approvals still wait for others. */
export function approversOf(chain: Chain | null): readonly PersonId[] {
  const waiting = (chain?.bypasses ?? []).filter((one) => one.phase === 'waiting');
  return waiting.flatMap((one) => one.request.approvals.map((approval) => approval.approver));
}

/** What is known of a chain before it is judged, read in one transaction. */
export async function situationOf(
  { store }: Pick<Ports, 'store'>,
  tenant: TenantId,
  bypass: BypassId | null,
): Promise<Situation | null> {
  return store.read(tenant, async (tx) => {
    const current = await tx.currentPolicy();
    if (current === null) return null;
    const chain = bypass === null ? null : await tx.chainOf(bypass);
    const versions = new Map([[current.digest, current]]);
    for (const { request } of chain?.bypasses ?? []) {
      const version = await tx.policy(request.policy);
      if (version !== null) versions.set(version.digest, version);
    }
    return { current, versions: [...versions.values()], chain };
  });
}

/**
 * Everything that judging a command on this chain may need to know of people: members of the groups
 * that approve, ask, administrate and own, and the standing of those who act or have approved.
 */
export async function gatherFacts(
  ports: Pick<Ports, 'directory' | 'people' | 'onCall' | 'store'>,
  tenant: TenantId,
  situation: Situation,
  actor: ActorNow | null,
  extra: readonly GroupAt[] = [],
): Promise<Facts> {
  const now = await ports.store.read(tenant, (tx) => tx.now());
  const groups = [...groupsOf(situation), ...extra];
  const lookUps = await lookUpGroups(ports, tenant, groups, now);
  const approvers = approversOf(situation.chain);
  const profiles = await profilesOf(ports, tenant, approvers, standingNow(ports, tenant));
  const known = profiles.map(({ person, profile, signedInAt }) => ({
    person,
    standing: profile.standing,
    signedInAt,
  }));
  return { lookUps, ...standingsOf(actor === null ? known : [...known, actor]) };
}

/** Whoever acts, as their standing was found. */
interface ActorNow {
  readonly person: PersonId;
  readonly standing: Standing;
  /** When they signed in, where that stands in for the workspace's word. */
  readonly signedInAt?: Instant | null;
}

/** Of two answers about one person the later one counts. */
function standingsOf(people: readonly ActorNow[]): Pick<Facts, 'standings' | 'vouched'> {
  const last = new Map(people.map((one) => [one.person, one]));
  const vouched = [...last.values()].flatMap(({ person, signedInAt = null }) =>
    signedInAt === null ? [] : [[person, signedInAt] as const],
  );
  return {
    standings: Object.fromEntries([...last].map(([person, { standing }]) => [person, standing])),
    ...(vouched.length === 0 ? {} : { vouched: Object.fromEntries(vouched) }),
  };
}

function groupsOf({ chain, versions, current }: Situation): readonly GroupAt[] {
  const { requesters, admins, postMortem, services } = current.content;
  const owners = (chain?.bypasses ?? []).flatMap(({ request }) => {
    const owner = lookUp(services, request.scope.service)?.owner;
    return postMortem.assignee === 'service.owner' && owner !== undefined && owner !== null
      ? [owner]
      : [];
  });
  const named = ['requester', 'service.owner'].includes(postMortem.assignee)
    ? owners
    : [postMortem.assignee];
  const isOwed = chain?.postMortem?.completedAt === null;
  const told = isOwed ? (postMortem.escalation ?? []).flatMap((step) => step.add) : [];
  const own = [...requesters, ...admins, ...named, ...told].map((group) => ({
    version: current,
    group,
  }));
  return [...own, ...approvingGroups(chain, versions)];
}

function approvingGroups(
  chain: Chain | null,
  versions: readonly PolicyVersion[],
): readonly GroupAt[] {
  return (chain?.bypasses ?? [])
    .filter((one) => one.phase === 'waiting')
    .flatMap(({ request }) =>
      versions.flatMap((version) => {
        const evaluation = evaluatePolicy(version.content, questionOf(request));
        // Steps to come as well: an escalation that commits meanwhile needs them.
        const groups = approverGroups(evaluation, Number.POSITIVE_INFINITY);
        return groups.map((group) => ({ version, group }));
      }),
    );
}

/**
 * What is known of each person, by the account they are reached at.
 *
 * @param ask the workspace alone unless given. @throws LookUpFailed
 */
export async function profilesOf(
  ports: Pick<Ports, 'directory' | 'store'>,
  tenant: TenantId,
  people: readonly PersonId[],
  ask: AskStanding = byWorkspace(ports, tenant),
) {
  if (people.length === 0) return [];
  const rows = await ports.store.read(tenant, (tx) => tx.people([...new Set(people)]));
  const accounts = new Map<PersonId, Account>();
  for (const { person, account } of rows.toReversed()) accounts.set(person, account);
  return Promise.all(
    [...accounts].map(async ([person, account]) => ({
      person,
      account,
      ...(await ask(account)),
    })),
  );
}
