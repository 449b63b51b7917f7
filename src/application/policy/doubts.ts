import type { Policy, RuleMatch, Tier } from '#domain/policy/policy';
import { matchPeople } from '#domain/policy/match-people';
import type { PolicyDirectory } from '../ports/policy-version.ts';
import { groupPeople, type ListedPerson, type LookedUp } from './explain/group-people.ts';
import type { Finding } from './mistake.ts';

interface Doubted {
  readonly content: Policy;
  readonly directory: Pick<PolicyDirectory, 'groups' | 'people' | 'homeTeam'>;
}

/**
 * What can be meant so, and seldom is: a tier that nothing gives, a rule that no service fits, a tier
 * that cannot open for some of those who may ask, because whoever asks never counts.
 *
 * @param lookedUp members that only a look-up can tell; groups that are in no look-up are not judged.
 */
export function doubts(version: Doubted, lookedUp: LookedUp = new Map()): readonly Finding[] {
  return [
    ...unreachedTiers(version.content),
    ...idleRules(version.content),
    ...tooFewLeft(version, lookedUp),
  ];
}

function unreachedTiers({ tiers, rules, defaultTier, postMortem }: Policy): readonly Finding[] {
  // An overdue review gives the tier above any other.
  if (postMortem.overdue?.action === 'raise') return [];
  const given = new Set([defaultTier, tiers.at(-1)?.name, ...rules.map(({ tier }) => tier)]);
  return tiers
    .filter(({ name }) => !given.has(name))
    .map(({ name }) => ({
      path: ['tiers', name],
      at: 'key',
      message: 'no rule gives this tier, and it is not the default',
      remedy: 'Write a rule for it, or remove it.',
    }));
}

function idleRules({ services, rules }: Policy): readonly Finding[] {
  const fits = ({ service, environment, label }: RuleMatch): boolean =>
    Object.entries(services).some(
      ([name, { environments, labels }]) =>
        (service ?? name) === name &&
        (environment === null || environments.includes(environment)) &&
        (label === null || labels.includes(label)),
    );
  return rules.flatMap(({ when }, index): readonly Finding[] => {
    if (fits(when)) return [];
    const message = 'no service has all that this rule names, so it never applies';
    const remedy = 'Correct its service, environment or label, or remove it.';
    return [{ path: ['rules', index, 'when'], at: 'value', message, remedy }];
  });
}

/** Of more, the first are enough to look at. */
const MOST_ASKERS = 100;
const MOST_NAMED = 3;

function tooFewLeft(version: Doubted, lookedUp: LookedUp): readonly Finding[] {
  const members = new Map(
    version.content.groups.map((group) => [group, groupPeople(version.directory, group, lookedUp)]),
  );
  const peopleOf = (group: string): readonly ListedPerson[] => members.get(group)?.people ?? [];
  const askers = new Set(version.content.requesters.flatMap(peopleOf).map(({ person }) => person));
  return version.content.tiers.flatMap((tier): readonly Finding[] => {
    const open = openRequirements(tier, members);
    const needed = open.reduce((sum, { count }) => sum + count, 0);
    // Where there are more than all requirements ask for, one less is enough, too.
    const tight = open.filter(({ people }) => people.length <= needed);
    const inDoubt = tight
      .flatMap(({ people }) => people)
      .filter(({ person }) => askers.has(person));
    const distinct = [...new Map(inDoubt.map((one) => [one.person, one])).values()];
    const without = distinct.slice(0, MOST_ASKERS).filter(({ person }) => {
      const left = open.map(({ from, count, people }) => ({
        from,
        count,
        eligible: new Set(people.map((one) => one.person).filter((one) => one !== person)),
      }));
      return !matchPeople(
        left,
        left.flatMap(({ eligible }) => [...eligible]),
      ).met;
    });
    return without.length === 0 ? [] : [cannotOpenFor(tier, without)];
  });
}

/** Those whose candidates are all known, escalation included. */
function openRequirements(
  { requirements, escalation }: Tier,
  members: ReadonlyMap<string, ReturnType<typeof groupPeople>>,
) {
  const added = escalation.flatMap(({ add }) => add);
  return requirements.flatMap(({ from, count }) => {
    const groups = [from, ...added].map((group) => members.get(group));
    if (groups.some((group) => group === undefined || group.beyond.length > 0)) return [];
    const people = groups.flatMap((group) => group?.people ?? []);
    return [{ from, count, people: [...new Map(people.map((one) => [one.person, one])).values()] }];
  });
}

function cannotOpenFor({ name }: Tier, askers: readonly ListedPerson[]): Finding {
  const named = askers.slice(0, MOST_NAMED).map((one) => `\`${one.name}\``);
  const more = askers.length - named.length;
  const who = [...named, ...(more > 0 ? [`one of ${more} more`] : [])].join(' or ');
  return {
    path: ['tiers', name, 'require'],
    at: 'key',
    message: `it could never open if ${who} asks: whoever asks never counts, and too few are left`,
    remedy: 'Add people to its groups, or ask for fewer.',
  };
}
