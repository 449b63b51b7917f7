import { RESERVED_ASSIGNEES } from './check-references.ts';
import type { Finding } from './mistake.ts';
import type { Entry, Sections } from './sections.ts';
import type { GroupDocument } from './policy-document.ts';

/** What this installation can do besides Slack. */
export interface Capabilities {
  /** An identity provider is connected, so a fresh sign-in can be asked for. */
  readonly sso: boolean;
  /** PagerDuty is connected, so its schedules can be read. */
  readonly pagerduty: boolean;
}

export function checkGroups({ groups }: Sections): readonly Finding[] {
  return groups.entries.flatMap((group) => [...checkSources(group), ...checkGroupName(group)]);
}

function checkSources({ path, value }: Entry<GroupDocument>): readonly Finding[] {
  const { slack, slack_usergroup: usergroup, pagerduty_schedule: schedule, fallback } = value;
  if (fallback !== undefined && schedule === undefined) {
    const message = 'stands without a `pagerduty_schedule` to fall back from';
    const remedy = 'Write these accounts under `slack`.';
    return [{ path: [...path, 'fallback'], at: 'key', message, remedy }];
  }
  if ([slack, usergroup, schedule].some((source) => source !== undefined)) return [];
  const remedy =
    'Write `slack`, `slack_usergroup` or `pagerduty_schedule`; `slack: []` if nobody is meant.';
  return [{ path, at: 'key', message: 'says nothing of who is in it', remedy }];
}

function checkGroupName({ path, name }: Entry<GroupDocument>): readonly Finding[] {
  if (!RESERVED_ASSIGNEES.includes(name)) return [];
  const message = `\`${name}\` has a meaning of its own under \`post_mortem.assignee\``;
  return [{ path, at: 'key', message, remedy: 'Choose another name.' }];
}

/** Fails closed: a policy that relies on what is not connected is refused, not weakened. */
export function checkCapabilities(sections: Sections, can: Capabilities): readonly Finding[] {
  const schedules = sections.groups.entries.flatMap(({ path, value }): readonly Finding[] => {
    if (can.pagerduty || value.pagerduty_schedule === undefined) return [];
    const message = 'PagerDuty is not connected, so this schedule cannot be read';
    const remedy = 'Connect PagerDuty, or write `slack` or `slack_usergroup` instead.';
    return [{ path: [...path, 'pagerduty_schedule'], at: 'value', message, remedy }];
  });
  const stepUps = sections.tiers.entries.flatMap(({ path, value }): readonly Finding[] => {
    if (can.sso || value.step_up !== 'sso') return [];
    const message = 'no identity provider is set, so nobody could approve';
    const remedy =
      'Set SIGN_IN_ISSUER, SIGN_IN_CLIENT_ID and SIGN_IN_CLIENT_SECRET, or write `step_up: none`.';
    return [{ path: [...path, 'step_up'], at: 'value', message, remedy }];
  });
  return [...schedules, ...stepUps];
}
