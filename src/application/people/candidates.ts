import { candidateGroups } from '#domain/bypass/decide/judged';
import type { PersonId, TenantId } from '#domain/ids';
import { evaluatePolicy } from '#domain/policy/evaluate-policy';
import type { Scope } from '#domain/scope';
import { LookUpFailed } from '../ports/directory.ts';
import type { Ports } from '../ports/ports.ts';
import type { PolicyVersion } from '../ports/tenant-store.ts';
import { profilesOf } from './gather-facts.ts';
import { lookUpGroups, named } from './group-members.ts';

/** Somebody to ask, and for which requirement. */
export interface Candidate {
  readonly person: PersonId;
  readonly from: string;
}

/** Asking more people than this for one requirement wakes a crowd for the same work. */
const MOST_ASKED = 20;

/**
 * Who is asked for a request: for each requirement its members who may decide, the requester left
 * out, up to MOST_ASKED.
 *
 * @throws LookUpFailed when the workspace cannot say who is in a group or who may decide.
 */
export async function candidatesFor(
  ports: Pick<Ports, 'directory' | 'people' | 'store'>,
  tenant: TenantId,
  version: PolicyVersion,
  request: {
    readonly by: PersonId;
    readonly gate: string;
    readonly scope: Scope;
    readonly severity: string | null;
  },
  escalatedMs: number,
): Promise<readonly Candidate[]> {
  const { gate, scope, severity } = request;
  const evaluation = evaluatePolicy(version.content, { gate, ...scope, severity });
  const candidates: Candidate[] = [];
  for (const requirement of evaluation.requirements) {
    const groups = candidateGroups(requirement, escalatedMs);
    const now = await ports.store.read(tenant, (tx) => tx.now());
    const at = groups.map((group) => ({ version, group }));
    const lookUps = await lookUpGroups(ports, tenant, at, now);
    if (lookUps.some((one) => one.outcome === 'failed'))
      throw new LookUpFailed(`nobody can say who is in ${groups.join(', ')}`);
    const members = lookUps.flatMap((one) => (one.outcome === 'members' ? one.members : []));
    const people = [...new Set(members)].filter((person) => person !== request.by);
    const found = await profilesOf(ports, tenant, people.slice(0, 2 * MOST_ASKED));
    const able = found.filter((one) => one.profile.standing === 'member').slice(0, MOST_ASKED);
    // Those who were only in a group's list until now get the name that others will read.
    const names = able.map((one) => named(version.directory, one.account, one.profile.name));
    await ports.people.personsOf(tenant, names);
    candidates.push(...able.map(({ person }) => ({ person, from: requirement.from })));
  }
  return candidates;
}
