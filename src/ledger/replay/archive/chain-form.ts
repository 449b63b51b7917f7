import type {
  Approval,
  Bypass,
  Chain,
  Deploy,
  DeployState,
  Grant,
  PostMortem,
  Request,
} from '#domain/bypass/chain';
import type { DeployOutcome, RevertResult } from '#domain/bypass/event';
import type { BypassId } from '#domain/ids';
import type { ProvenanceResult } from '#domain/provenance-result';
import type { Scope } from '#domain/scope';
import type { ChainRecord, LastEvent } from '../chain-record.ts';
import type { Head } from '../rests-on.ts';
import {
  byName,
  digest,
  flag,
  list,
  map,
  name,
  nullable,
  number,
  optional,
  own,
  record,
  set,
  time,
  union,
  type Form,
} from './form.ts';

const scope = record<Scope>({
  service: name(),
  environment: name(),
  branch: nullable(name()),
  artifact: nullable(own()),
});

const request = record<Request>({
  id: own(),
  requester: name(),
  gate: name(),
  gates: optional<readonly string[]>(list(name())),
  scope,
  severity: nullable(name()),
  ttlAskedMs: number,
  policy: name(),
  openedAt: time,
  pendingUntilAt: time,
  extends: nullable(own()),
  raised: optional(flag),
  escalatedMs: number,
  approvals: list(
    record<Approval>({
      approver: name(),
      ttlMs: number,
      approvedAt: time,
      signing: name(),
      steppedUp: flag,
    }),
  ),
});

const grant = record<Grant>({
  ttlMs: number,
  activatedAt: time,
  expiresAt: time,
  inFlight: name(),
});

type Status<Name extends DeployState['status']> = Extract<DeployState, { readonly status: Name }>;

type Checked = NonNullable<Deploy['provenance']>;

const deploys = list(
  record<Deploy>({
    key: own(),
    member: optional(name()),
    service: name(),
    environment: name(),
    branch: nullable(name()),
    commit: nullable(own()),
    artifact: nullable(record<{ name: string; digest: string }>({ name: name(), digest: own() })),
    facts: name(),
    provenance: optional(
      record<Checked>({ digest: own(), result: nullable(name<ProvenanceResult>()) }),
    ),
    annotatedAt: time,
    state: union<DeployState, 'status'>('status', {
      'in-flight': record<Status<'in-flight'>>({ status: name() }),
      finished: record<Status<'finished'>>({ status: name(), outcome: name<DeployOutcome>() }),
      adopted: record<Status<'adopted'>>({ status: name(), by: own() }),
      reverting: record<Status<'reverting'>>({ status: name(), result: name<RevertResult>() }),
    }),
  }),
);

type Phase<Name extends Bypass['phase']> = Extract<Bypass, { readonly phase: Name }>;
type Refused = Exclude<Bypass, Phase<'waiting'> | Phase<'active'> | Phase<'closed'>>;

const refused = record<Refused>({
  phase: name(),
  request,
  endedAt: time,
  by: nullable(name()),
});

const bypass = union<Bypass, 'phase'>('phase', {
  waiting: record<Phase<'waiting'>>({ phase: name(), request }),
  denied: refused,
  withdrawn: refused,
  lapsed: refused,
  active: record<Phase<'active'>>({ phase: name(), request, grant, deploys }),
  closed: record<Phase<'closed'>>({
    phase: name(),
    request,
    grant,
    deploys,
    how: name(),
    endedAt: time,
    by: nullable(name()),
    enforces: nullable(flag),
    readBacks: optional(byName(flag)),
  }),
});

const state = record<Chain>({
  id: own(),
  drill: flag,
  bypasses: list(bypass),
  postMortem: nullable(
    record<PostMortem>({
      bypass: own(),
      assignee: name(),
      openedAt: time,
      dueAt: time,
      completedAt: nullable(time),
    }),
  ),
});

type Last<Type extends LastEvent['type']> = Extract<LastEvent, { readonly type: Type }>;
type Plain = Exclude<LastEvent, Last<'approval.given'> | Last<'deploy.finished'>>;

const plain = record<Plain>({ type: name(), bypass: own() });

const lastEvent = union<LastEvent, 'type'>('type', {
  'approval.given': record<Last<'approval.given'>>({
    type: name(),
    bypass: own(),
    at: time,
    steppedUp: flag,
    lookedUpAt: list(time),
  }),
  'deploy.finished': record<Last<'deploy.finished'>>({
    type: name(),
    bypass: own(),
    deploy: own(),
  }),
  'request.opened': plain,
  'request.escalated': plain,
  'request.denied': plain,
  'request.withdrawn': plain,
  'request.lapsed': plain,
  'bypass.activated': plain,
  'bypass.closed': plain,
  'deploy.annotated': plain,
  'deploy.adopted': plain,
  'deploy.reverted': plain,
  'provenance.checked': plain,
  'gate.read-back': plain,
  'post-mortem.opened': plain,
  'post-mortem.completed': plain,
});

const placed = { index: number };

/** All of a chain's record: what is read is what was written. */
export const chainForm: Form<ChainRecord> = record<ChainRecord>({
  state,
  openedBy: map(own<BypassId>(), digest),
  latestAt: time,
  lastEvent,
  heads: list(record<Head>({ type: name(), bypass: own(), digest })),
  closed: nullable(record<{ bypass: BypassId; index: number }>({ ...placed, bypass: own() })),
  settledAt: nullable(time),
  unended: set(own<string>()),
  since: map(own<string>(), record<{ index: number; at: number }>({ ...placed, at: time })),
  missingSaid: flag,
});
