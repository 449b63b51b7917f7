import type {
  Calendar,
  Caller,
  DueTime,
  EscalationStep,
  Gate,
  OverdueRule,
  PolicyContent,
  PostMortemRule,
  Requirement,
  Rule,
  RuleMatch,
  Service,
  Tier,
} from '#domain/policy/policy';
import { POLICY_LIMITS } from '#domain/policy/policy-limits';
import { digest } from '../event-shapes.ts';
import {
  anyText,
  exactly,
  flag,
  integer,
  listOf,
  membersOf,
  nullable,
  object,
  recordOf,
  text,
  type Shape,
} from '../shape.ts';

/** A whole number of this range. */
const within = (from: number, to: number): Shape<number> => {
  return (value, path) => {
    const read = integer(value, path);
    return read.ok && (read.value < from || read.value > to) ? { ok: false, path } : read;
  };
};

/** A list that is no longer than this; told before any of it is read. */
const atMost = <Item>(longest: number, item: Shape<Item>): Shape<readonly Item[]> => {
  const items = listOf(item);
  return (value, path) =>
    Array.isArray(value) && value.length > longest ? { ok: false, path } : items(value, path);
};

const atLeastOne = <Item>(items: Shape<readonly Item[]>): Shape<readonly Item[]> => {
  return (value, path) => {
    const read = items(value, path);
    return read.ok && read.value.length === 0 ? { ok: false, path } : read;
  };
};

const { spanMs } = POLICY_LIMITS;
const span = within(0, spanMs);
const names = listOf(text());

const service = object<Service>({
  owner: nullable(text()),
  environments: names,
  labels: names,
});

const gate = object<Gate>(
  { kind: text(), description: anyText, verifiedFacts: flag },
  { settings: recordOf(text()), gates: atMost(POLICY_LIMITS.gatesAtOnce, text()) },
);

const requirement = object<Requirement>({
  from: text(),
  count: within(1, POLICY_LIMITS.requirementCount),
});
const escalationStep = object<EscalationStep>({ afterMs: span, add: names });

const tier = object<Tier>({
  name: text(),
  requirements: atLeastOne(atMost(POLICY_LIMITS.requirements, requirement)),
  ttlOffersMs: atMost(POLICY_LIMITS.ttlOffers, span),
  ttlMaxMs: span,
  chainMaxMs: span,
  pendingMs: span,
  escalation: atMost(POLICY_LIMITS.escalationSteps, escalationStep),
  attestation: exactly('preferred', 'required'),
  stepUp: exactly('none', 'sso'),
  inFlight: exactly('hold', 'cancel', 'rollback'),
  replaces: names,
});

const name = nullable(text());
const when = object<RuleMatch>({
  gate: name,
  service: name,
  environment: name,
  label: name,
  branch: name,
  severity: name,
});

/** In order, none twice, each a gate by itself whose name entries can put before a deploy. */
function isWhole(
  gates: Readonly<Record<string, Gate>>,
  members: readonly string[] | undefined,
): boolean {
  if (members === undefined) return true;
  const isGate = (name: string): boolean =>
    Object.hasOwn(gates, name) && gates[name]?.gates === undefined && !name.includes(' ');
  return (
    members.length > 1 &&
    members.every((one, place) => isGate(one) && (members[place - 1] ?? '') < one)
  );
}

/** Days of a week that nobody works on, at most; also the last of them, counted from Monday = 0. */
const WORKLESS_DAYS = 6;
const HOLIDAY = /^(?:\d{4}-)?\d{2}-\d{2}$/;

const businessDays = within(0, POLICY_LIMITS.businessDays);
const due: Shape<DueTime> = (value, path) =>
  Object.hasOwn(membersOf(value) ?? {}, 'ms')
    ? object<{ readonly ms: number }>({ ms: span })(value, path)
    : object<{ readonly businessDays: number }>({ businessDays })(value, path);

const postMortem = object<PostMortemRule>(
  {
    assignee: text(),
    due,
    remindMs: atMost(POLICY_LIMITS.reminders, within(-spanMs, spanMs)),
  },
  {
    escalation: atMost(POLICY_LIMITS.escalationSteps, escalationStep),
    overdue: object<OverdueRule>({ afterMs: span, action: exactly('raise', 'block') }),
  },
);

const calendarDays = object<Calendar>({
  zone: text(),
  weekend: atMost(WORKLESS_DAYS, within(0, WORKLESS_DAYS)),
  holidays: atMost(POLICY_LIMITS.holidays, text()),
});

/** A week without a day of work would never be over. */
const calendar: Shape<Calendar> = (value, path) => {
  const read = calendarDays(value, path);
  const bad = read.ok && read.value.holidays.findIndex((one) => !HOLIDAY.test(one));
  return bad === false || bad < 0 ? read : { ok: false, path: `${path}.holidays[${bad}]` };
};

const caller = object<Caller>({
  name: text(),
  issuer: text(),
  kind: exactly('github', 'gitlab', 'kubernetes', 'oidc'),
  match: recordOf(text()),
  gates: names,
  services: names,
  environments: nullable(names),
});

const content = object<PolicyContent>(
  {
    services: recordOf(service),
    gates: recordOf(gate),
    groups: names,
    requesters: names,
    admins: names,
    waitingLimit: within(0, POLICY_LIMITS.waiting),
    tiers: atLeastOne(atMost(POLICY_LIMITS.tiers, tier)),
    rules: atMost(POLICY_LIMITS.rules, object<Rule>({ when, tier: text() })),
    defaultTier: text(),
    document: digest,
    template: nullable(digest),
    postMortem,
  },
  {
    callers: atMost(POLICY_LIMITS.callers, caller),
    dayLimit: within(0, POLICY_LIMITS.requestsADay),
    calendar,
  },
);

/**
 * A policy that can be evaluated: every tier that a rule or the default names is there, and every gate
 * of several at once, each a gate by itself.
 */
export const policyShape: Shape<PolicyContent> = (value, path) => {
  const read = content(value, path);
  if (!read.ok) return read;
  const { tiers, rules, defaultTier, gates } = read.value;
  const several = Object.keys(gates).find((one) => !isWhole(gates, gates[one]?.gates));
  if (several !== undefined) return { ok: false, path: `${path}.gates.${several}.gates` };
  const known = new Set(tiers.map((one) => one.name));
  if (!known.has(defaultTier)) return { ok: false, path: `${path}.defaultTier` };
  const stray = rules.findIndex((rule) => !known.has(rule.tier));
  return stray < 0 ? read : { ok: false, path: `${path}.rules[${stray}].tier` };
};
