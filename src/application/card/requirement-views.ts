import type { Bypass } from '#domain/bypass/chain';
import type { Version } from '#domain/bypass/decide/judged';
import type { PersonId } from '#domain/ids';
import { matchPeople } from '#domain/policy/match-people';
import type { PersonView, RequirementView } from '../ports/card.ts';

/**
 * How far each requirement is met, by those who were asked: what the card shows. The decision looks
 * everybody up again and relies on none of this.
 */
export function requirementViews(
  { request }: Bypass,
  made: Version | undefined,
  asked: readonly { readonly person: PersonId; readonly from: string }[],
  people: (person: PersonId) => PersonView,
): readonly RequirementView[] {
  const requirements = (made?.evaluation.requirements ?? []).map(({ from, count }) => ({
    from,
    count,
    eligible: new Set(asked.filter((one) => one.from === from).map((one) => one.person)),
  }));
  const approvers = request.approvals.map((one) => one.approver);
  const { assigned } = matchPeople(requirements, approvers);
  return requirements.map(({ from, count, eligible }) => ({
    from,
    count,
    have: assigned.filter((one) => one.from === from).length,
    asked: [...eligible].map(people),
  }));
}
