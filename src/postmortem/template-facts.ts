import type {
  ApprovalView,
  BypassCard,
  DeployView,
  PersonView,
  Receipt,
} from '#application/ports/card';
import type { PostMortemFacts } from '#application/ports/post-mortem-template';
import type { Instant } from '#domain/instant';
import { namedDeploy, openedGates } from '#domain/opened-gates';
import type { Scope } from '#domain/scope';

/**
 * What a template can name: plain data, made anew for each rendering. Times are RFC 3339 in UTC,
 * spans are in milliseconds, what is not known is `null`. docs/post-mortems.md explains each name;
 * templates of tenants rely on them, so names are added and never changed.
 */
export type TemplateFacts = ReturnType<typeof templateFacts>;

/** The facts of one review. */
export function templateFacts({ card, earlier, timeline, dueAt }: PostMortemFacts) {
  return {
    bypass: bypassFacts(card),
    requester: personFacts(card.requester),
    incident: card.incident,
    assignee: card.postMortem === null ? null : personFacts(card.postMortem.assignee),
    approvals: card.approvals.map(approvalFacts),
    requirements: card.requirements.map(({ from, count, have }) => ({ from, count, have })),
    deploys: card.deploys.map((one) => deployFacts(one, card)),
    denials: card.earlierDenials.map(({ by, at, reason }) => ({
      name: by.name,
      at: rfc3339(at),
      reason,
    })),
    end: endFacts(card),
    earlier: earlier.map(bypassFacts),
    timeline: timeline.map(({ at, what }) => ({ at: rfc3339(at), what })),
    receipt: receiptFacts(card.receipt),
    due: rfc3339(dueAt),
    drill: card.drill,
    evaluation: card.evaluation,
  };
}

function bypassFacts(card: BypassCard) {
  return {
    id: card.bypass,
    gate: card.gate,
    gates: [...openedGates(card)],
    gate_description: card.gateDescription,
    scope: scopeFacts(card.scope),
    phase: card.phase,
    severity: card.severity,
    justification: card.justification,
    tiers: [...card.tiers],
    extends: card.extends,
    escalated: card.escalated,
    ttl_asked: card.ttlAskedMs,
    ttl: card.grant?.ttlMs ?? null,
    opened_at: rfc3339(card.openedAt),
    activated_at: rfc3339(card.grant?.activatedAt ?? null),
    expires_at: rfc3339(card.grant?.expiresAt ?? null),
    ended_at: rfc3339(card.end?.at ?? null),
    open_for: openFor(card),
  };
}

function endFacts({ end, openBesideUntil }: BypassCard) {
  if (end === null) return null;
  const { how, by, at, reason, enforces } = end;
  const open_beside_until = rfc3339(openBesideUntil);
  return { how, by: by?.name ?? null, at: rfc3339(at), reason, enforces, open_beside_until };
}

function approvalFacts({ by, ttlMs, at, signing, receipt }: ApprovalView) {
  return { name: by.name, ttl: ttlMs, at: rfc3339(at), signing, receipt: receiptFacts(receipt) };
}

function deployFacts(deploy: DeployView, { gate }: BypassCard) {
  const { state } = deploy;
  return {
    id: namedDeploy(deploy).deploy,
    gate: deploy.member ?? gate,
    service: deploy.service,
    environment: deploy.environment,
    branch: deploy.branch,
    commit: deploy.commit,
    artifact: deploy.artifact === null ? null : { ...deploy.artifact },
    facts: deploy.facts,
    at: rfc3339(deploy.annotatedAt),
    status: state.status,
    outcome: state.status === 'finished' ? state.outcome : null,
    revert: state.status === 'reverting' ? state.result : null,
    url: deploy.url,
    by: deploy.deployedBy,
    provenance: provenanceFacts(deploy),
    receipt: receiptFacts(deploy.receipt),
  };
}

function provenanceFacts({ provenance, provenanceUri: uri }: DeployView) {
  return provenance === undefined ? null : { ...provenance, uri };
}

const personFacts = ({ person, name }: PersonView) => ({ id: person, name });

const receiptFacts = ({ index, size, root }: Receipt) => ({ index, size, root });

const scopeFacts = ({ service, environment, branch, artifact }: Scope) => ({
  service,
  environment,
  branch,
  artifact,
});

function openFor({ grant, end }: BypassCard): number | null {
  return grant === null || end === null ? null : Math.max(0, end.at - grant.activatedAt);
}

function rfc3339(instant: Instant): string;
function rfc3339(instant: Instant | null): string | null;
function rfc3339(instant: Instant | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}
