import { z } from 'zod';
import { DAY_MS } from '#domain/instant';
import { POLICY_LIMITS } from '#domain/policy/policy-limits';
import { CallerDocument } from './caller-document.ts';
import { DUE, durationMs, REMINDER } from './duration.ts';
import { GateDocument, githubId, repository } from './gate-document.ts';
import { BRANCH_GLOB, SLUG } from './names.ts';
import {
  duration,
  groupOrAccount,
  listOf,
  name,
  named,
  oneOf,
  section,
  slackId,
  text,
  whole,
} from './parts.ts';
import { TierDocument } from './tier-document.ts';

const channel = text(
  /^(?:#[^\s#@,A-Z]{1,80}|[CG][A-Z0-9]{2,64})$/,
  'a channel in quotes, such as `"#incidents"` (without quotes, `#` starts a comment), or its id',
  '#incidents',
).optional();

export const ServiceDocument = section({
  owner: groupOrAccount('payments')
    .optional()
    .describe('A group or an account; takes the post-mortem where nobody else is named.'),
  environments: listOf(name('production'), '[staging, production]').min(1, {
    error: 'at least one environment',
  }),
  labels: listOf(name('database'), '[database]').default([]).describe('What rules can match on.'),
  channel: channel.describe('Where the weekly digest of its bypasses goes.'),
});
export type ServiceDocument = z.infer<typeof ServiceDocument>;

/** As PagerDuty shows it in the address of the thing. */
const pagerdutyId = (what: string, example: string) =>
  text(/^[A-Z0-9]{2,32}$/, `the PagerDuty id of ${what}, such as \`${example}\``, example);

const accounts = listOf(slackId('U11'), '[U11, T02/U31]');

export const GroupDocument = section({
  slack: accounts.optional().describe('These accounts. An empty list means nobody.'),
  slack_usergroup: slackId('S01ENG').optional().describe('The members of a Slack user group.'),
  pagerduty_schedule: pagerdutyId('a schedule', 'PDB1')
    .optional()
    .describe('Whoever is on call by this PagerDuty schedule.'),
  pagerduty_escalation_policy: pagerdutyId('an escalation policy', 'PEP1')
    .optional()
    .describe('Whoever is on call by this PagerDuty escalation policy.'),
  levels: listOf(whole(1, POLICY_LIMITS.onCallLevels), '[1, 2]')
    .min(1, { error: 'at least one level' })
    .optional()
    .describe('Which levels of the escalation policy count; the first alone unless written.'),
  fallback: accounts
    .optional()
    .describe('Who counts while PagerDuty says that nobody of `people` is on call.'),
});
export type GroupDocument = z.infer<typeof GroupDocument>;

export const PersonDocument = section({
  id: text(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'a short name, such as `j.doe`', 'j.doe').optional(),
  slack: accounts.min(1, { error: 'at least one account' }),
  // As a certificate can carry it: an IA5String (RFC 5280 §4.2.1.6).
  email: text(
    /^[!#-&(-+\--:=?A-~]{1,64}@[!#-&(-+\--:=?A-~]{1,190}$/,
    'an e-mail address, in ASCII',
    'j.doe@acme.example',
  )
    .optional()
    .describe(
      'The address in certificates, and of the account that may be bound where a tier has `step_up: sso`.',
    ),
  pagerduty: pagerdutyId('a user', 'PUSER1')
    .optional()
    .describe('Who they are at PagerDuty, for groups of those who are on call there.'),
});
export type PersonDocument = z.infer<typeof PersonDocument>;

const When = section({
  gate: name('image-policy').optional(),
  service: name('checkout').optional(),
  environment: name('production').optional(),
  label: name('database').optional(),
  branch: text(
    BRANCH_GLOB,
    'a branch name without `refs/heads/`, in which only `*` is a wildcard',
    'release/*',
  ).optional(),
  severity: name('sev1').optional(),
});

export const RuleDocument = section({
  when: When.describe('All that is written must hold.'),
  tier: name('high'),
});
export type RuleDocument = z.infer<typeof RuleDocument>;

const ChannelsDocument = section({
  incidents: channel,
  security: channel,
  digest: channel.describe('Where the weekly digest of all bypasses goes.'),
});

const LateStep = section({
  after: duration('2d').describe('How long it is overdue.'),
  add: listOf(name('managers'), '[managers]')
    .min(1, { error: 'at least one group' })
    .describe('Groups whose members are told then, and with each reminder from then on.'),
});

/** From Monday, as the domain counts them. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const HOLIDAY = 'a date such as `2026-12-25`, or `12-25` for that day of every year';

export const CalendarDocument = section({
  zone: text(
    /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,2}$/,
    'a time zone, such as `Europe/Zurich`',
    'Europe/Zurich',
  )
    .refine(isZone, { error: 'a time zone of the IANA database, such as `Europe/Zurich`' })
    .default('UTC')
    .describe('Whose days they are.'),
  weekend: listOf(oneOf(WEEKDAYS), '[sat, sun]')
    .refine((days) => new Set(days).size === days.length && days.length < WEEKDAYS.length, {
      error: 'each day once, and at least one day left to work on',
    })
    .default(['sat', 'sun'])
    .describe('Days on which nobody works.'),
  holidays: listOf(
    z
      .string({ error: HOLIDAY })
      .refine(isDate, { error: HOLIDAY })
      .meta({ examples: ['12-25'] }),
    '[12-25, 2026-04-03]',
  )
    .max(POLICY_LIMITS.holidays, { error: `at most ${POLICY_LIMITS.holidays} holidays` })
    .default([])
    .describe('Dates, or days of every year, on which nobody works.'),
});

export type CalendarDocument = z.infer<typeof CalendarDocument>;

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A day that there is: of every year, one of a leap year, too. */
function isDate(text: string): boolean {
  const date = text.length === 5 ? `2000-${text}` : text;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return false;
  const at = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date);
}

export const PostMortemDocument = section({
  template: text(
    /^[^\s/\\][^\t\r\n\\]{0,254}$/,
    'a path relative to this file',
    'post-mortem.md.liquid',
  )
    .optional()
    .describe('A Liquid template; without it, the built-in one.'),
  assignee: groupOrAccount('service.owner')
    .default('service.owner')
    .describe('`service.owner`, `requester`, a group or an account.'),
  due: text(DUE, '`5 business days`, or a duration such as `3d`', '5 business days').default(
    '5 business days',
  ),
  escalate: listOf(LateStep, '[{ after: 2d, add: [managers] }]')
    .max(POLICY_LIMITS.escalationSteps, { error: `at most ${POLICY_LIMITS.escalationSteps} steps` })
    .default([])
    .describe('Who is told as well of a review that is overdue.'),
  issue: section({ repository, repository_id: githubId('repos/<owner>/<name> --jq .id') })
    .optional()
    .describe('Keeps each review as an issue of a GitHub repository, too.'),
  overdue: section({
    after: duration('7d').describe('How long after it was due.'),
    action: oneOf(['raise', 'block']).describe(
      '`raise`: a request for the same service needs the next stricter tier too. `block`: none is taken.',
    ),
  })
    .optional()
    .describe('What an overdue review costs the next bypass of its service.'),
  remind: listOf(
    text(REMINDER, '`1d before`, `due` or `2d after`', '1d before'),
    '[1d before, due]',
  )
    .max(POLICY_LIMITS.reminders, { error: `at most ${POLICY_LIMITS.reminders} reminders` })
    .default(['1d before', 'due', '2d after']),
});
export type PostMortemDocument = z.infer<typeof PostMortemDocument>;

const LimitsDocument = section({
  waiting: whole(1, POLICY_LIMITS.waiting)
    .default(3)
    .describe('How many requests of one person may wait at once.'),
  per_day: whole(1, POLICY_LIMITS.requestsADay)
    .optional()
    .describe('How many requests one person may make in 24 hours; unlimited unless written.'),
});

const RetentionDocument = section({
  texts: duration('400d')
    .refine((text) => durationMs(text) >= 30 * DAY_MS, { error: 'at least `30d`' })
    .optional()
    .describe('How long what people typed is shown, at least 30d; for ever unless written.'),
});

/** The policy document as YAML holds it. What it means is checked apart from its shape. */
export const PolicyDocument = section({
  version: z.literal(1, { error: '`version: 1`' }),
  tenant: text(SLUG, 'a short name of lower-case letters, digits and `-`', 'acme'),
  channels: ChannelsDocument.optional(),
  services: named(ServiceDocument, '`checkout: { environments: [production] }`'),
  gates: named(GateDocument, '`image-policy: { kind: http }`'),
  callers: listOf(CallerDocument, '[{ name: checkout CI, issuer: https://…, kind: github, … }]')
    .max(POLICY_LIMITS.callers, { error: `at most ${POLICY_LIMITS.callers} callers` })
    .default([])
    .describe('Who may ask with an OIDC token in place of a token made here.'),
  people: listOf(PersonDocument, '[{ slack: [U07, T02/U31] }]')
    .default([])
    .describe(
      'Those with several accounts or another address in their certificate, and all who sign in to approve.',
    ),
  groups: named(GroupDocument, '`release: { slack: [U11, U12] }`'),
  requesters: listOf(groupOrAccount('engineers'), '[engineers]').describe(
    'Who may ask for a bypass. An empty list means nobody.',
  ),
  admins: listOf(groupOrAccount('platform'), '[platform]')
    .default([])
    .describe('Who may revoke any bypass and apply policies.'),
  limits: LimitsDocument.default({ waiting: 3 }),
  retention: RetentionDocument.optional(),
  tiers: named(TierDocument, '`low: { require: […], ttl: { … } }`')
    .refine((tiers) => Object.keys(tiers).length <= POLICY_LIMITS.tiers, {
      error: `at most ${POLICY_LIMITS.tiers} tiers`,
    })
    .describe('In order of strictness: the last is the strictest.'),
  rules: listOf(RuleDocument, '[{ when: { environment: production }, tier: high }]')
    .max(POLICY_LIMITS.rules, { error: `at most ${POLICY_LIMITS.rules} rules` })
    .default([]),
  default: name('low').describe('The tier when no rule applies for certain.'),
  calendar: CalendarDocument.optional().describe(
    'The days that count as business days; weekdays in UTC unless written.',
  ),
  post_mortem: PostMortemDocument.default({
    assignee: 'service.owner',
    due: '5 business days',
    escalate: [],
    remind: ['1d before', 'due', '2d after'],
  }),
});
export type PolicyDocument = z.infer<typeof PolicyDocument>;
