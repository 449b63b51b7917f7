import type { DigestText } from '#domain/ids';
import type {
  Calendar,
  Caller,
  Gate,
  Policy,
  PostMortemRule,
  Rule,
  Service,
} from '#domain/policy/policy';
import { canonicalJson, type JsonValue } from '#ledger/canonical-json';
import { digestOf } from '#ledger/digest';
import type { IssueRepository } from '../ports/review-issues.ts';
import { accountOf } from './slack-id.ts';
import {
  ADMINS,
  ASSIGNEE,
  REQUESTERS,
  compileGroups,
  groupFor,
  groupsAmong,
  ownersOf,
} from './compile-groups.ts';
import { compileTier } from './compile-tier.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import { dueTime, durationMs, reminderMs } from './duration.ts';
import type { CallerDocument } from './caller-document.ts';
import type { GateDocument } from './gate-document.ts';
import {
  WEEKDAYS,
  type CalendarDocument,
  type PolicyDocument,
  type RuleDocument,
} from './policy-document.ts';
import type { Entry } from './sections.ts';
import type { TierDocument } from './tier-document.ts';

/** A document without mistakes, and its tiers in the order written. */
export interface CheckedDocument {
  readonly text: string;
  readonly document: PolicyDocument;
  readonly tiers: readonly Entry<TierDocument>[];
}

export function compilePolicy(checked: CheckedDocument, homeTeam: string): CompiledPolicy {
  const { document } = checked;
  const groups = compileGroups(document, homeTeam);
  const policy = compileRules(checked, Object.keys(groups));
  return {
    tenant: document.tenant,
    policy,
    digest: policyDigest(policy),
    documentDigest: digestOf(checked.text),
    groups,
    people: document.people.map(({ id, slack, email, pagerduty }) => ({
      id: id ?? null,
      accounts: slack.map((text) => accountOf(text, homeTeam)),
      email: email ?? null,
      ...(pagerduty === undefined ? {} : { pagerduty }),
    })),
    channels: {
      incidents: document.channels?.incidents ?? null,
      security: document.channels?.security ?? null,
    },
    ...digestsOf(document),
    templateFile: document.post_mortem.template ?? null,
    ...(document.retention?.texts === undefined
      ? {}
      : { textsKeptMs: durationMs(document.retention.texts) }),
    ...(document.post_mortem.issue === undefined
      ? {}
      : { reviewIssues: issueRepository(document.post_mortem.issue) }),
  };
}

function digestsOf({ channels, services }: PolicyDocument): Pick<CompiledPolicy, 'digests'> {
  const own = Object.entries(services).flatMap(([service, { channel }]) =>
    channel === undefined ? [] : [[service, channel] as const],
  );
  const digest = channels?.digest ?? null;
  if (digest === null && own.length === 0) return {};
  return { digests: { digest, services: Object.fromEntries(own) } };
}

/** Names a version of the policy: SHA-256 of its canonical JSON (RFC 8785). */
function policyDigest(policy: Policy): DigestText {
  // A policy is plain JSON; TypeScript gives interfaces no index signature.
  return digestOf(canonicalJson(policy as unknown as JsonValue));
}

function compileRules({ document, tiers }: CheckedDocument, groups: readonly string[]): Policy {
  return {
    services: mapValues(document.services, compileService),
    gates: mapValues(document.gates, compileGate),
    // Sorted, so that the order in which groups are written does not change the digest.
    groups: groups.toSorted(),
    requesters: groupsAmong(document.requesters, REQUESTERS),
    admins: groupsAmong(document.admins, ADMINS),
    waitingLimit: document.limits.waiting,
    tiers: tiers.map(({ name, value }) => compileTier(name, value)),
    rules: document.rules.map(compileRule),
    defaultTier: document.default,
    postMortem: compilePostMortem(document.post_mortem),
    // Left out where there are none, so that a policy without any keeps its digest.
    ...(document.limits.per_day === undefined ? {} : { dayLimit: document.limits.per_day }),
    ...(document.calendar === undefined ? {} : { calendar: compileCalendar(document.calendar) }),
    ...(document.callers.length === 0 ? {} : { callers: document.callers.map(compileCaller) }),
  };
}

function compileCaller({ environments, ...caller }: CallerDocument): Caller {
  return { ...caller, environments: environments ?? null };
}

function compileService(service: PolicyDocument['services'][string], name: string): Service {
  const { owner, environments, labels } = service;
  return {
    owner: owner === undefined ? null : groupFor(owner, ownersOf(name)),
    environments,
    labels,
  };
}

function compileGate(gate: GateDocument): Gate {
  if (gate.kind === 'all') {
    const { kind, description } = gate;
    return { kind, description, verifiedFacts: false, gates: gate.gates.toSorted() };
  }
  const { kind, description, verified_facts: verifiedFacts } = gate;
  const settings = settingsOf(gate);
  const named = { kind, description, verifiedFacts };
  // Left out where there are none, so that a policy without any keeps its digest.
  return Object.keys(settings).length === 0 ? named : { ...named, settings };
}

function settingsOf(gate: GateDocument): Readonly<Record<string, string>> {
  if (gate.kind === 'all') return {};
  const { kind: _kind, description: _description, verified_facts: _facts, ...settings } = gate;
  return Object.fromEntries(
    Object.entries(settings).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, String(value)]],
    ),
  );
}

function compileRule({ when, tier }: RuleDocument): Rule {
  return {
    when: {
      gate: when.gate ?? null,
      service: when.service ?? null,
      environment: when.environment ?? null,
      label: when.label ?? null,
      branch: when.branch ?? null,
      severity: when.severity ?? null,
    },
    tier,
  };
}

function compilePostMortem(document: PolicyDocument['post_mortem']): PostMortemRule {
  const { escalate, overdue } = document;
  return {
    assignee: groupFor(document.assignee, ASSIGNEE),
    due: dueTime(document.due),
    remindMs: document.remind.map(reminderMs).sort((a, b) => a - b),
    // Left out where there are none, so that a policy without any keeps its digest.
    ...(escalate.length === 0
      ? {}
      : { escalation: escalate.map(({ after, add }) => ({ afterMs: durationMs(after), add })) }),
    ...(overdue === undefined
      ? {}
      : { overdue: { afterMs: durationMs(overdue.after), action: overdue.action } }),
  };
}

function compileCalendar({ zone, weekend, holidays }: CalendarDocument): Calendar {
  return {
    zone,
    weekend: weekend.map((day) => WEEKDAYS.indexOf(day)).sort((a, b) => a - b),
    holidays: [...new Set(holidays)].sort(),
  };
}

function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T, name: string) => U,
): Readonly<Record<string, U>> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, change(value, name)]),
  );
}

function issueRepository({
  repository,
  repository_id: id,
}: NonNullable<PolicyDocument['post_mortem']['issue']>): IssueRepository {
  const [owner = '', name = ''] = repository.split('/');
  return { owner, name, id: Number(id) };
}
