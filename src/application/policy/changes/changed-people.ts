import { lookUp } from '#domain/policy/evaluate-policy';
import type { Policy } from '#domain/policy/policy';
import { accountKey } from '../../ports/account.ts';
import type { PolicyVersion } from '../../ports/policy-version.ts';
import { ADMINS, REQUESTERS } from '../compile-groups.ts';
import {
  groupPeople,
  personOf,
  sourceKey,
  type GroupPeople,
  type LookedUpSource,
} from '../explain/group-people.ts';
import type { Change } from './change.ts';

type Version = Pick<PolicyVersion, 'content' | 'directory'>;

/** Who may ask, decide, revoke and apply: groups that count for something, and who is one person. */
export function changedPeople(before: Version, after: Version): readonly Change[] {
  return [
    ...roles('requesters', before.content.requesters, after.content.requesters, REQUESTERS),
    ...roles('admins', before.content.admins, after.content.admins, ADMINS),
    ...groupsThatCount(before.content, after.content).flatMap((group) =>
      changedGroup(group, before, after),
    ),
    ...changedPersons(before, after),
  ];
}

function roles(
  kind: 'requesters' | 'admins',
  before: readonly string[],
  after: readonly string[],
  implied: string,
): readonly Change[] {
  const [gone, added] = apart(before, after, implied);
  return gone === null && added === null
    ? []
    : [{ kind, looser: added !== null, about: '', before: gone, after: added }];
}

/** Accounts that stand among the groups are told as members, by name. */
function apart(
  before: readonly string[],
  after: readonly string[],
  implied: string,
): readonly [string | null, string | null] {
  const without = (from: readonly string[], others: readonly string[]): string | null => {
    const left = from.filter((one) => one !== implied && !others.includes(one));
    return left.length === 0 ? null : left.join(', ');
  };
  return [without(before, after), without(after, before)];
}

function groupsThatCount(before: Policy, after: Policy): readonly string[] {
  const of = ({ tiers, requesters, admins }: Policy): readonly string[] => [
    ...tiers.flatMap(({ requirements }) => requirements.map(({ from }) => from)),
    ...tiers.flatMap(({ escalation }) => escalation.flatMap(({ add }) => add)),
    ...requesters,
    ...admins,
  ];
  return [...new Set([...of(before), ...of(after)])];
}

function changedGroup(group: string, before: Version, after: Version): readonly Change[] {
  // A group that only one version asks is told by what asks it.
  const isImplied = group.startsWith('@');
  const isInBoth = [before, after].every(({ directory }) => lookUp(directory.groups, group));
  if (!isInBoth && !isImplied) return [];
  const was = groupPeople(before.directory, group);
  const is = groupPeople(after.directory, group);
  const gone = missing(was, is);
  const added = missing(is, was);
  if (gone.length + added.length === 0) return [];
  return [
    {
      kind: 'group',
      looser: added.length > 0,
      about: GROUP_NAMES.get(group) ?? group,
      before: gone.length === 0 ? null : gone.join(', '),
      after: added.length === 0 ? null : added.join(', '),
    },
  ];
}

const GROUP_NAMES: ReadonlyMap<string, string> = new Map([
  [REQUESTERS, 'requesters'],
  [ADMINS, 'admins'],
]);

/** Who and what of one is not in the other: a person is there under any of their accounts. */
function missing(from: GroupPeople, other: GroupPeople): readonly string[] {
  const there = new Set(other.people.flatMap(({ accounts }) => accounts.map(accountKey)));
  const sources = new Set(other.beyond.map(sourceText));
  return [
    ...from.people
      .filter(({ accounts }) => !accounts.some((account) => there.has(accountKey(account))))
      .map(({ name }) => name),
    ...from.beyond.map(sourceText).filter((text) => !sources.has(text)),
  ];
}

/** Where looked-up members come from, and who stands in for them. */
function sourceText(source: LookedUpSource): string {
  const fallback = source.kind === 'slack-usergroup' ? [] : source.fallback.map(accountKey);
  return [sourceKey(source), ...fallback.toSorted()].join(', else ');
}

/** Two people who were one can approve together; an account that was nobody's can approve at all. */
function changedPersons(before: Version, after: Version): readonly Change[] {
  const split = before.directory.people.flatMap(({ id, accounts }): readonly Change[] => {
    const now = accounts.map((account) => personOf(after.directory, account)?.person ?? null);
    const several = new Set(now.filter((one) => one !== null));
    if (several.size < 2) return [];
    const names = accounts.map(accountKey).join(', ');
    return [person(id ?? names, names, `${several.size} people`)];
  });
  const stated = after.directory.people.flatMap((one): readonly Change[] => {
    const about = one.id ?? one.accounts.map(accountKey).join(', ');
    const strangers = one.accounts.filter(
      (account) => personOf(before.directory, account) === null,
    );
    const same = before.directory.people.find(({ accounts }) =>
      accounts.some((a) => one.accounts.some((b) => accountKey(a) === accountKey(b))),
    );
    const emailWas = same?.email ?? null;
    const pagerWas = same?.pagerduty ?? null;
    const pagerIs = one.pagerduty ?? null;
    return [
      ...(strangers.length === 0
        ? []
        : [person(about, null, strangers.map(accountKey).join(', '))]),
      ...(emailWas === null || emailWas === one.email ? [] : [person(about, emailWas, one.email)]),
      ...(pagerWas === pagerIs || pagerIs === null
        ? []
        : [person(about, pagerWas, `PagerDuty user ${pagerIs}`)]),
    ];
  });
  return [...split, ...stated];
}

const person = (about: string, before: string | null, after: string | null): Change => ({
  kind: 'person',
  looser: true,
  about,
  before,
  after,
});
