import type { Bypass } from '#domain/bypass/chain';
import type { Version } from '#domain/bypass/decide/judged';
import type { PersonId } from '#domain/ids';
import { matchPeople } from '#domain/policy/match-people';
import type { PersonView, RequirementView } from '../ports/card.ts';
import type { AskedRow } from '../ports/tenant-store.ts';

/**
 * How far each requirement is met, by those who were asked: what the card shows. The decision looks
 * everybody up again and relies on none of this.
 */
export function requirementViews(
  { request }: Bypass,
  made: Version | undefined,
  asked: readonly Pick<AskedRow, 'person' | 'from' | 'gone'>[],
  people: (person: PersonId) => PersonView,
): readonly RequirementView[] {
  const requirements = (made?.evaluation.requirements ?? []).map(({ from, count }) => ({
    from,
    count,
    eligible: new Set(peopleOf(asked, from, false)),
  }));
  const approvers = request.approvals.map((one) => one.approver);
  const { assigned } = matchPeople(requirements, approvers);
  return requirements.map(({ from, count, eligible }) => ({
    from,
    count,
    have: assigned.filter((one) => one.from === from).length,
    asked: [...eligible].map(people),
    gone: peopleOf(asked, from, true).map(people),
  }));
}

const peopleOf = (
  asked: readonly Pick<AskedRow, 'person' | 'from' | 'gone'>[],
  from: string,
  gone: boolean,
): readonly PersonId[] =>
  asked.filter((one) => one.from === from && one.gone === gone).map((one) => one.person);

/** Requirements that those who can be asked are too few for, each standing for one of them. */
export function unmeetable(requirements: readonly RequirementView[]): readonly string[] {
  const everybody = requirements.map(({ from, count, asked }) => ({
    from,
    count,
    eligible: new Set(asked.map((one) => one.person)),
  }));
  const people = everybody.flatMap(({ eligible }) => [...eligible]);
  return matchPeople(everybody, [...new Set(people)]).missing.map((one) => one.from);
}
