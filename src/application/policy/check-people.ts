import { accountKey } from '../ports/account.ts';
import type { Finding, Path } from './mistake.ts';
import { namesAccount } from './names.ts';
import type { Sections } from './sections.ts';
import { accountOf } from './slack-id.ts';

export function checkPeople(sections: Sections, homeTeam: string): readonly Finding[] {
  return [...checkDistinct(sections, homeTeam), ...checkForeign(sections, homeTeam)];
}

/** An account on two people would be two approvals by one human. */
function checkDistinct({ people }: Sections, homeTeam: string): readonly Finding[] {
  const taken = new Set<string>();
  const once = (key: string, finding: Finding): readonly Finding[] => {
    if (taken.has(key)) return [finding];
    taken.add(key);
    return [];
  };
  return people.entries.flatMap(({ path, value: { id, slack, email, pagerduty } }) => [
    ...slack.flatMap((account, index) =>
      once(`account ${accountKey(accountOf(account, homeTeam))}`, {
        path: [...path, 'slack', index],
        at: 'value',
        message: `account \`${account}\` is listed already`,
        remedy: 'Keep it on one person only, once.',
      }),
    ),
    ...(id === undefined
      ? []
      : once(`id ${id}`, {
          path: [...path, 'id'],
          at: 'value',
          message: `another person is called \`${id}\``,
          remedy: 'Choose another id, or put all accounts on one person.',
        })),
    ...(email === undefined
      ? []
      : once(`email ${email.toLowerCase()}`, {
          path: [...path, 'email'],
          at: 'value',
          message: `another person has this address`,
          remedy: 'Keep it on one person, with all of their accounts.',
        })),
    ...(pagerduty === undefined
      ? []
      : once(`pagerduty ${pagerduty}`, {
          path: [...path, 'pagerduty'],
          at: 'value',
          message: `another person is \`${pagerduty}\` at PagerDuty`,
          remedy: 'Keep it on one person, with all of their accounts.',
        })),
  ]);
}

/** The home workspace's members are the people; other accounts decide only for a listed person. */
function checkForeign(sections: Sections, homeTeam: string): readonly Finding[] {
  if (!sections.people.complete) return [];
  const key = (text: string): string => accountKey(accountOf(text, homeTeam));
  const listed = new Set(sections.people.entries.flatMap(({ value }) => value.slack.map(key)));
  return accountsNamed(sections).flatMap(({ path, text }) => {
    if (accountOf(text, homeTeam).team === homeTeam || listed.has(key(text))) return [];
    const message = `\`${text}\` is of another workspace, so it would count as nobody`;
    const remedy = 'List it under `people`, with all accounts of its person.';
    return [{ path, at: 'value', message, remedy }];
  });
}

function accountsNamed(sections: Sections): readonly { path: Path; text: string }[] {
  const { groups, requesters, admins, services, postMortem } = sections;
  const assignee = postMortem?.value.assignee ?? '';
  const inGroups = groups.entries.flatMap(({ path, value: { slack = [], fallback = [] } }) => [
    ...slack.map((text, index) => ({ path: [...path, 'slack', index], text })),
    ...fallback.map((text, index) => ({ path: [...path, 'fallback', index], text })),
  ]);
  const inRoles = [
    ...[...requesters.entries, ...admins.entries].map(({ path, value }) => ({ path, text: value })),
    ...services.entries.map(({ path, value }) => ({
      path: [...path, 'owner'],
      text: value.owner ?? '',
    })),
    { path: ['post_mortem', 'assignee'], text: assignee },
  ];
  return [...inGroups, ...inRoles.filter(({ text }) => namesAccount(text))];
}
