import type { RequestQuestion } from '#application/policy/explain/explain-request';
import type { GroupPeople, ListedPerson } from '#application/policy/explain/group-people';
import { durationText } from '#application/policy/duration';
import type { RuleMatch } from '#domain/policy/policy';

/** `bypass image-policy for checkout in production, branch main, severity sev1`. */
export function questionWords(question: RequestQuestion): string {
  const { gate, service, environment, branch, severity } = question;
  const said = [
    `bypass ${gate} for ${service} in ${environment}`,
    branch === null ? 'any branch' : `branch ${branch}`,
    ...(severity === null ? [] : [`severity ${severity}`]),
  ];
  return said.join(', ');
}

/** `environment: production, label: database`; a rule that names nothing is for every request. */
export function whenWords(when: RuleMatch): string {
  const named = Object.entries(when).filter(([, value]) => value !== null);
  if (named.length === 0) return 'every request';
  return named.map(([key, value]) => `${key}: ${String(value)}`).join(', ');
}

/** Names that Slack has for accounts, by account key; the policy's own where it has none. */
export type Names = ReadonlyMap<string, string>;

/** `U11, U12 and the Slack user group S01ENG`. */
export function peopleWords({ people, beyond }: GroupPeople, names: Names): string {
  const said = [...people.map((one) => personWords(one, names)), ...beyond.map(sourceWords)];
  return said.length === 0 ? 'nobody' : said.join(', ');
}

function personWords({ name, accounts }: ListedPerson, names: Names): string {
  const known = accounts.flatMap(({ team, user }) => names.get(`${team}/${user}`) ?? []);
  return known[0] === undefined ? name : `${known[0]} (${name})`;
}

function sourceWords(source: GroupPeople['beyond'][number]): string {
  switch (source.kind) {
    case 'slack-usergroup':
      return `the members of the Slack user group ${source.usergroup}`;
    case 'pagerduty-schedule':
      return `whoever is on call by PagerDuty's schedule ${source.schedule}`;
    case 'pagerduty-escalation-policy':
      return `whoever is on call by PagerDuty's escalation policy ${source.policy} (level ${source.levels.join(', ')})`;
  }
}

/** `15m, 1h or 4h`. */
export function spansWords(spansMs: readonly number[]): string {
  const said = spansMs.map(durationText);
  const last = said.at(-1) ?? '';
  return said.length < 2 ? last : `${said.slice(0, -1).join(', ')} or ${last}`;
}
