import type { PolicyQuestion } from '#domain/policy/evaluate-policy';
import type { JoinedRequirement } from '#domain/policy/evaluation';
import { explainPolicy, type Explanation } from '#domain/policy/explain-policy';
import { matchPeople } from '#domain/policy/match-people';
import type { Account } from '../../ports/account.ts';
import type { PolicyVersion } from '../../ports/policy-version.ts';
import { groupPeople, personOf, type GroupPeople, type LookedUp } from './group-people.ts';

export interface RequestQuestion extends PolicyQuestion {
  /** Who asks: they never count, under any account. `null` where nobody in particular does. */
  readonly requester: Account | null;
}

/** A group that is asked, without the requester. */
export interface AskedGroup extends GroupPeople {
  readonly group: string;
}

export interface AskedFor extends Omit<JoinedRequirement, 'escalation'> {
  readonly asked: AskedGroup;
  /** Who is asked as well, and counts too, once nobody has answered for so long. */
  readonly later: readonly { readonly afterMs: number; readonly groups: readonly AskedGroup[] }[];
}

/** `null`: only a look-up could tell. */
export type Told = boolean | null;

export interface RequestExplained extends Explanation {
  readonly requirements: readonly AskedFor[];
  /** Whether the requester is among those who may ask. */
  readonly mayAsk: Told;
  /** Whether enough distinct people are left besides the requester, escalation included. */
  readonly canOpen: Told;
}

/** What a request would need and whom it would ask, by the policy and what was looked up. */
export function explainRequest(
  { content, directory }: Pick<PolicyVersion, 'content' | 'directory'>,
  { requester, ...question }: RequestQuestion,
  lookedUp: LookedUp = new Map(),
): RequestExplained {
  const explained = explainPolicy(content, question);
  const asking = requester === null ? null : personOf(directory, requester);
  const asked = (group: string): AskedGroup => {
    const { people, beyond } = groupPeople(directory, group, lookedUp);
    return { group, beyond, people: people.filter(({ person }) => person !== asking?.person) };
  };
  const requirements = explained.evaluation.requirements.map(({ from, count, escalation }) => ({
    from,
    count,
    asked: asked(from),
    later: escalation.map(({ afterMs, add }) => ({ afterMs, groups: add.map(asked) })),
  }));
  const askers = content.requesters.map((group) => groupPeople(directory, group, lookedUp));
  return {
    ...explained,
    requirements,
    mayAsk:
      requester === null
        ? null
        : isAmong(askers, ({ people }) => people.some((one) => one.person === asking?.person)),
    canOpen: canOpen(requirements),
  };
}

function isAmong(groups: readonly GroupPeople[], has: (group: GroupPeople) => boolean): Told {
  if (groups.some(has)) return true;
  return groups.some(({ beyond }) => beyond.length > 0) ? null : false;
}

/** A group that is not known to its end may have anybody: then only the others can be too few. */
function canOpen(requirements: readonly AskedFor[]): Told {
  const all = requirements.map(({ from, count, asked, later }) => {
    const groups = [asked, ...later.flatMap((step) => step.groups)];
    return {
      isKnown: groups.every(({ beyond }) => beyond.length === 0),
      open: {
        from,
        count,
        eligible: new Set(groups.flatMap(({ people }) => people.map(({ person }) => person))),
      },
    };
  });
  const isMet = (some: typeof all): boolean => {
    const open = some.map((one) => one.open);
    return matchPeople(
      open,
      open.flatMap(({ eligible }) => [...eligible]),
    ).met;
  };
  if (isMet(all)) return true;
  const known = all.filter(({ isKnown }) => isKnown);
  return known.length === all.length || !isMet(known) ? false : null;
}
