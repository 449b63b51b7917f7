import { RESERVED_ASSIGNEES } from './check-references.ts';
import type { Finding, Path } from './mistake.ts';
import type { Entry, Sections } from './sections.ts';
import type { GroupDocument } from './policy-document.ts';

/** What this installation can do besides Slack. */
export interface Capabilities {
  /** An identity provider is connected, so a fresh sign-in can be asked for. */
  readonly sso: boolean;
  /** PagerDuty is connected, so it can be read who is on call. */
  readonly pagerduty: boolean;
}

export function checkGroups({ groups }: Sections): readonly Finding[] {
  return groups.entries.flatMap((group) => [...checkSources(group), ...checkGroupName(group)]);
}

function checkSources({ path, value }: Entry<GroupDocument>): readonly Finding[] {
  const { slack, slack_usergroup: usergroup } = value;
  const { pagerduty_schedule: schedule, pagerduty_escalation_policy: policy } = value;
  const stray = [...checkFallback(path, value), ...checkLevels(path, value)];
  if (stray.length > 0) return stray;
  if ([slack, usergroup, schedule, policy].some((source) => source !== undefined)) return [];
  const remedy =
    'Write `slack`, `slack_usergroup`, `pagerduty_schedule` or `pagerduty_escalation_policy`; `slack: []` if nobody is meant.';
  return [{ path, at: 'key', message: 'says nothing of who is in it', remedy }];
}

function checkFallback(path: Path, value: GroupDocument): readonly Finding[] {
  const { pagerduty_schedule: schedule, pagerduty_escalation_policy: policy, fallback } = value;
  if (fallback === undefined) return [];
  const at = { path: [...path, 'fallback'], at: 'key' } as const;
  if (schedule === undefined && policy === undefined) {
    const message =
      'stands without a `pagerduty_schedule` or `pagerduty_escalation_policy` to fall back from';
    return [{ ...at, message, remedy: 'Write these accounts under `slack`.' }];
  }
  if (schedule === undefined || policy === undefined) return [];
  const message = 'stands with both a schedule and an escalation policy';
  const remedy = 'Make two groups, so that it is clear which of them it falls back from.';
  return [{ ...at, message, remedy }];
}

function checkLevels(path: Path, value: GroupDocument): readonly Finding[] {
  if (value.levels === undefined || value.pagerduty_escalation_policy !== undefined) return [];
  const message = 'stands without a `pagerduty_escalation_policy` whose levels these are';
  return [{ path: [...path, 'levels'], at: 'key', message, remedy: 'Remove it.' }];
}

function checkGroupName({ path, name }: Entry<GroupDocument>): readonly Finding[] {
  if (!RESERVED_ASSIGNEES.includes(name)) return [];
  const message = `\`${name}\` has a meaning of its own under \`post_mortem.assignee\``;
  return [{ path, at: 'key', message, remedy: 'Choose another name.' }];
}

const ON_CALL = ['pagerduty_schedule', 'pagerduty_escalation_policy'] as const;

/** Fails closed: a policy that relies on what is not connected is refused, not weakened. */
export function checkCapabilities(sections: Sections, can: Capabilities): readonly Finding[] {
  const schedules = sections.groups.entries.flatMap(({ path, value }): readonly Finding[] => {
    if (can.pagerduty) return [];
    return ON_CALL.filter((key) => value[key] !== undefined).map((key) => {
      const message = 'PagerDuty is not connected, so it cannot be read who is on call';
      const remedy = 'Set PAGERDUTY_API_TOKEN, or write `slack` or `slack_usergroup` instead.';
      return { path: [...path, key], at: 'value', message, remedy };
    });
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
