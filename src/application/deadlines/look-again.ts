import type { Request } from '#domain/bypass/chain';
import { approverGroups, candidateGroups } from '#domain/bypass/decide/judged';
import type { PersonId, TenantId } from '#domain/ids';
import { evaluatePolicy } from '#domain/policy/evaluate-policy';
import { questionOf } from '#domain/policy/question-of';
import type { LookUp } from '#domain/policy/look-up';
import { askableFor, MOST_ASKED, type Candidate, type PeoplePorts } from '../people/candidates.ts';
import { profilesOf, type Situation } from '../people/gather-facts.ts';
import { lookUpGroups } from '../people/group-members.ts';
import type { PolicyVersion } from '../ports/policy-version.ts';

/** What became of those who may decide since they were asked. */
export interface LookedAgain {
  readonly newcomers: readonly Candidate[];
  readonly gone: readonly Candidate[];
}

/**
 * Who is to be asked besides, and who was asked and may decide no more: a shift changed, somebody
 * joined or left. Only steps that were taken count. Whoever cannot be looked up stays as they are.
 *
 * @throws LookUpFailed when the workspace cannot say who may decide.
 */
export async function lookAgain(
  ports: PeoplePorts,
  tenant: TenantId,
  { versions, current }: Situation,
  request: Request,
): Promise<LookedAgain> {
  const made = versions.find((one) => one.digest === request.policy);
  if (made === undefined) return { newcomers: [], gone: [] };
  const asked = await ports.store.read(tenant, (tx) => tx.asked(request.id));
  const known = asked.filter((one) => !one.gone);
  const may = await mayDecide(ports, tenant, [made, current], request);
  const standings = await profilesOf(
    ports,
    tenant,
    known.map((one) => one.person),
  );
  const able = new Set(
    standings.flatMap((one) => (one.profile.standing === 'member' ? [one.person] : [])),
  );
  const gone = known.filter((one) => !able.has(one.person) || may(one) === false);
  const still = known.filter((one) => !gone.includes(one));
  const asking = { ...request, by: request.requester };
  const askable = await askableFor(ports, tenant, made, asking, request.escalatedMs);
  const newcomers = askable.flatMap(({ from, people }) => {
    const there = still.filter((one) => one.from === from);
    return people
      .map((person) => ({ person, from }))
      .filter((one) => may(one) === true && !there.some(({ person }) => person === one.person))
      .slice(0, Math.max(0, MOST_ASKED - there.length));
  });
  return { newcomers, gone };
}

/** Whether a person meets this requirement now, under every version; `null` where that is not known. */
type MayDecide = (one: Candidate) => boolean | null;

async function mayDecide(
  ports: PeoplePorts,
  tenant: TenantId,
  [made, current]: readonly [PolicyVersion, PolicyVersion],
  request: Request,
): Promise<MayDecide> {
  const now = await ports.store.read(tenant, (tx) => tx.now());
  const { escalatedMs } = request;
  const under = ({ content }: PolicyVersion) => evaluatePolicy(content, questionOf(request));
  const { requirements } = under(made);
  const currently = approverGroups(under(current), escalatedMs);
  const own = requirements.flatMap((one) => candidateGroups(one, escalatedMs));
  const lookUps = await lookUpGroups(
    ports,
    tenant,
    [
      ...own.map((group) => ({ version: made, group })),
      ...currently.map((group) => ({ version: current, group })),
    ],
    now,
  );
  return ({ person, from }) => {
    const requirement = requirements.find((one) => one.from === from);
    const groups = requirement === undefined ? [] : candidateGroups(requirement, escalatedMs);
    const answers = [
      isIn(person, made, groups, lookUps),
      isIn(person, current, currently, lookUps),
    ];
    if (answers.includes(false)) return false;
    return answers.includes(null) ? null : true;
  };
}

function isIn(
  person: PersonId,
  { digest }: PolicyVersion,
  groups: readonly string[],
  lookUps: readonly LookUp[],
): boolean | null {
  const found = lookUps.filter((one) => one.policy === digest && groups.includes(one.group));
  if (found.some((one) => one.outcome === 'members' && one.members.includes(person))) return true;
  return found.some((one) => one.outcome === 'failed') ? null : false;
}
