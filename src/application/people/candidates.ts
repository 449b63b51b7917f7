import { candidateGroups } from '#domain/bypass/decide/judged';
import type { PersonId, TenantId } from '#domain/ids';
import { evaluatePolicy } from '#domain/policy/evaluate-policy';
import { questionOf } from '#domain/policy/question-of';
import { matchPeople } from '#domain/policy/match-people';
import type { Scope } from '#domain/scope';
import { LookUpFailed } from '../ports/directory.ts';
import type { Ports } from '../ports/ports.ts';
import type { PolicyVersion } from '../ports/policy-version.ts';
import { profilesOf } from './gather-facts.ts';
import { lookUpGroups, named } from './group-members.ts';

/** Somebody to ask, and for which requirement. */
export interface Candidate {
  readonly person: PersonId;
  readonly from: string;
}

/** Who can be asked for one requirement. */
export interface Askable {
  readonly from: string;
  readonly count: number;
  readonly people: readonly PersonId[];
  /** Groups of it of which nobody can say now who is in them. */
  readonly unknown: readonly string[];
}

/** Asking more people than this for one requirement wakes a crowd for the same work. */
export const MOST_ASKED = 20;

export type PeoplePorts = Pick<Ports, 'directory' | 'people' | 'onCall' | 'store'>;

/** What people are asked for. */
export interface AskedRequest {
  readonly by: PersonId;
  readonly gate: string;
  readonly scope: Scope;
  readonly severity: string | null;
  readonly raised?: boolean;
}

/**
 * Who is asked for a request: for each requirement its members who may decide, the requester left
 * out, up to MOST_ASKED. A group that cannot be looked up adds nobody, and is named.
 *
 * @throws LookUpFailed when the workspace cannot say who may decide.
 */
export async function askableFor(
  ports: PeoplePorts,
  tenant: TenantId,
  version: PolicyVersion,
  request: AskedRequest,
  escalatedMs: number,
): Promise<readonly Askable[]> {
  const evaluation = evaluatePolicy(version.content, questionOf(request));
  const found: Askable[] = [];
  for (const requirement of evaluation.requirements) {
    const groups = candidateGroups(requirement, escalatedMs);
    const now = await ports.store.read(tenant, (tx) => tx.now());
    const at = groups.map((group) => ({ version, group }));
    const lookUps = await lookUpGroups(ports, tenant, at, now);
    const members = lookUps.flatMap((one) => (one.outcome === 'members' ? one.members : []));
    const others = [...new Set(members)].filter((person) => person !== request.by);
    const profiles = await profilesOf(ports, tenant, others.slice(0, 2 * MOST_ASKED));
    const able = profiles.filter((one) => one.profile.standing === 'member').slice(0, MOST_ASKED);
    // Those who were only in a group's list until now get the name that others will read.
    const names = able.map((one) => named(version.directory, one.account, one.profile.name));
    await ports.people.personsOf(tenant, names);
    found.push({
      from: requirement.from,
      count: requirement.count,
      people: able.map(({ person }) => person),
      unknown: lookUps.flatMap((one) => (one.outcome === 'failed' ? [one.group] : [])),
    });
  }
  return found;
}

/**
 * The same where all of it must be known.
 *
 * @throws LookUpFailed when anybody's group or standing cannot be looked up.
 */
export async function candidatesFor(
  ports: PeoplePorts,
  tenant: TenantId,
  version: PolicyVersion,
  request: AskedRequest,
  escalatedMs: number,
): Promise<readonly Candidate[]> {
  const askable = await askableFor(ports, tenant, version, request, escalatedMs);
  const unknown = askable.flatMap((one) => one.unknown);
  if (unknown.length > 0) throw new LookUpFailed(`nobody can say who is in ${unknown.join(', ')}`);
  return candidatesOf(askable);
}

export const candidatesOf = (askable: readonly Askable[]): readonly Candidate[] =>
  askable.flatMap(({ from, people }) => people.map((person) => ({ person, from })));

/** Whether those who can be asked are too few, each of them standing for one requirement. */
export function tooFew(askable: readonly Askable[]): boolean {
  const open = askable.map(({ from, count, people }) => ({
    from,
    count,
    eligible: new Set(people),
  }));
  return !matchPeople(
    open,
    open.flatMap(({ eligible }) => [...eligible]),
  ).met;
}
