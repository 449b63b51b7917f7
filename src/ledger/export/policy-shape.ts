import type {
  DueTime,
  EscalationStep,
  Gate,
  PolicyContent,
  PostMortemRule,
  Requirement,
  Rule,
  RuleMatch,
  Service,
  Tier,
} from '#domain/policy/policy';
import { digest } from '../event-shapes.ts';
import {
  anyText,
  count,
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

const names = listOf(text());

const service = object<Service>({
  owner: nullable(text()),
  environments: names,
  labels: names,
});

const gate = object<Gate>({ kind: text(), description: anyText, verifiedFacts: flag });

const requirement = object<Requirement>({ from: text(), count });
const escalationStep = object<EscalationStep>({ afterMs: count, add: names });

const tier = object<Tier>({
  name: text(),
  requirements: listOf(requirement),
  ttlOffersMs: listOf(count),
  ttlMaxMs: count,
  chainMaxMs: count,
  pendingMs: count,
  escalation: listOf(escalationStep),
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

const due: Shape<DueTime> = (value, path) =>
  Object.hasOwn(membersOf(value) ?? {}, 'ms')
    ? object<{ readonly ms: number }>({ ms: count })(value, path)
    : object<{ readonly businessDays: number }>({ businessDays: count })(value, path);

const postMortem = object<PostMortemRule>({
  assignee: text(),
  due,
  remindMs: listOf(integer),
});

const atLeastOne = <Item>(items: Shape<readonly Item[]>): Shape<readonly Item[]> => {
  return (value, path) => {
    const read = items(value, path);
    return read.ok && read.value.length === 0 ? { ok: false, path } : read;
  };
};

const content = object<PolicyContent>({
  services: recordOf(service),
  gates: recordOf(gate),
  groups: names,
  requesters: names,
  admins: names,
  waitingLimit: count,
  tiers: atLeastOne(listOf(tier)),
  rules: listOf(object<Rule>({ when, tier: text() })),
  defaultTier: text(),
  document: digest,
  template: nullable(digest),
  postMortem,
});

/** A policy that can be evaluated: every tier that a rule or the default names is there. */
export const policyShape: Shape<PolicyContent> = (value, path) => {
  const read = content(value, path);
  if (!read.ok) return read;
  const { tiers, rules, defaultTier } = read.value;
  const known = new Set(tiers.map((one) => one.name));
  if (!known.has(defaultTier)) return { ok: false, path: `${path}.defaultTier` };
  const stray = rules.findIndex((rule) => !known.has(rule.tier));
  return stray < 0 ? read : { ok: false, path: `${path}.rules[${stray}].tier` };
};
