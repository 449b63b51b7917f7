import type { Finding } from './mistake.ts';
import type { Sections } from './sections.ts';

/** What is allowed but worth a second look: an empty list means nobody, never everybody. */
export function warnings({ groups, requesters, admins }: Sections): readonly Finding[] {
  const empty = groups.entries.flatMap(({ path, value }): readonly Finding[] => {
    const { slack, slack_usergroup: usergroup, pagerduty_schedule: schedule } = value;
    if (slack?.length !== 0 || usergroup !== undefined || schedule !== undefined) return [];
    const message = 'nobody is in this group';
    return [{ path, at: 'key', message, remedy: 'List accounts, if somebody is meant.' }];
  });
  return [
    ...empty,
    ...nobody('requesters', requesters.entries, 'nobody may ask for a bypass'),
    ...nobody('admins', admins.entries, 'nobody but its approvers can revoke a bypass'),
  ];
}

function nobody(key: string, entries: readonly unknown[], message: string): readonly Finding[] {
  if (entries.length > 0) return [];
  return [{ path: [key], at: 'key', message, remedy: 'List a group or an account.' }];
}
