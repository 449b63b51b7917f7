import type { Finding } from './mistake.ts';
import type { GroupDocument } from './policy-document.ts';
import type { Sections } from './sections.ts';

/** What is allowed but worth a second look: an empty list means nobody, never everybody. */
export function warnings(sections: Sections): readonly Finding[] {
  const { groups, requesters, admins } = sections;
  const empty = groups.entries.flatMap(({ path, value }): readonly Finding[] => {
    const { slack, slack_usergroup: usergroup } = value;
    if (slack?.length !== 0 || usergroup !== undefined || onCallKey(value) !== undefined) return [];
    const message = 'nobody is in this group';
    return [{ path, at: 'key', message, remedy: 'List accounts, if somebody is meant.' }];
  });
  return [
    ...empty,
    ...nobodyKnown(sections),
    ...nobody('requesters', requesters.entries, 'nobody may ask for a bypass'),
    ...nobody('admins', admins.entries, 'nobody but its approvers can revoke a bypass'),
  ];
}

const onCallKey = ({
  pagerduty_schedule: schedule,
  pagerduty_escalation_policy: policy,
}: GroupDocument) => {
  if (schedule !== undefined) return 'pagerduty_schedule';
  return policy === undefined ? undefined : 'pagerduty_escalation_policy';
};

/** PagerDuty says which of its users is on call, and only the policy who that is. */
function nobodyKnown({ groups, people }: Sections): readonly Finding[] {
  if (people.entries.some(({ value }) => value.pagerduty !== undefined)) return [];
  return groups.entries.flatMap(({ path, value }): readonly Finding[] => {
    const key = onCallKey(value);
    if (key === undefined) return [];
    const message =
      'nobody under `people` has a `pagerduty` id, so whoever is on call counts as nobody';
    const remedy = 'List them under `people`, with `slack` and `pagerduty`.';
    return [{ path: [...path, key], at: 'value', message, remedy }];
  });
}

function nobody(key: string, entries: readonly unknown[], message: string): readonly Finding[] {
  if (entries.length > 0) return [];
  return [{ path: [key], at: 'key', message, remedy: 'List a group or an account.' }];
}
