import type { Actor } from '#domain/actor';
import type { CheckResult } from '#domain/bypass/event';
import { VERDICTS } from '#domain/bypass/verdict';
import type { Vouched } from '#domain/bypass/vouched';
import type { UtcOffsets } from '#domain/due-time';
import type { ChainId, BypassId, PersonId } from '#domain/ids';
import type { LookUp } from '#domain/policy/look-up';
import { PROVENANCE_RESULTS } from '#domain/provenance-result';
import type { Scope } from '#domain/scope';
import { parseDigest, type Digest } from './digest.ts';
import { takeAgain, type Take } from './take.ts';
import { takeDigest } from './take-digest.ts';
import type { Commitments, RecordedEvent, RecordedOf } from './recorded-event.ts';
import {
  count,
  either,
  exactly,
  flag,
  integer,
  listOf,
  membersOf,
  nullable,
  object,
  recordOf,
  scalar,
  text,
  time,
  withTake,
  type OptionalShapes,
  type RequiredShapes,
  type Shape,
} from './shape.ts';

export const digest: Shape<Digest> = scalar(
  (value) => (typeof value === 'string' ? parseDigest(value) : undefined),
  takeDigest,
);

const person = text<PersonId>();

const serviceActor = object<Actor & { kind: 'service' }>({ kind: exactly('service') });
const personActor = object<Actor & { kind: 'person' }>({ kind: exactly('person'), person });
const actor: Shape<Actor> = either(
  (value) => membersOf(value)?.['kind'] === 'service',
  serviceActor,
  personActor,
);

/** One that entries of a bypass repeat. */
const repeated = <Value>(shape: Shape<Value>): Shape<Value> =>
  withTake(shape, shape.take && takeAgain(shape.take));

const scope = repeated(
  object<Scope>({
    service: text(),
    environment: text(),
    branch: nullable(text()),
    artifact: nullable(text()),
  }),
);

type Members = Extract<LookUp, { outcome: 'members' }>;
type Failed = Extract<LookUp, { outcome: 'failed' }>;

const asked = { policy: digest, group: text(), lookedUpAt: time() };
const failed = object<Failed>({ ...asked, outcome: exactly('failed') });
const members = object<Members>({ ...asked, outcome: exactly('members'), members: listOf(person) });
const lookUp: Shape<LookUp> = either(
  (value) => membersOf(value)?.['outcome'] === 'failed',
  failed,
  members,
);

/** The digests under these names must be there; others may be. */
function detached(...names: readonly string[]): Shape<Commitments> {
  const all = recordOf(digest);
  const missing = (read: Commitments) => names.find((name) => !Object.hasOwn(read, name));
  return withTake(
    (value, path) => {
      const read = all(value, path);
      const absent = read.ok ? missing(read.value) : undefined;
      return absent === undefined ? read : { ok: false, path: `${path}.${absent}` };
    },
    (source) => {
      const read = all.take?.(source);
      return read === undefined || missing(read) !== undefined ? undefined : read;
    },
  );
}

const base = { at: time(), actor, detached: detached() };
const ofBypass = {
  ...base,
  chain: repeated(text<ChainId>()),
  bypass: repeated(text<BypassId>()),
  drill: flag,
  gate: text(),
  scope,
};

const deploy = text();
const inFlight = exactly('hold', 'cancel', 'rollback');
const lookUps = listOf(lookUp);

/** Where a bypass opens several gates: which, and which one an entry is about. */
const several = { gates: listOf(text()) };
const ofMember = { ...several, member: text() };

/** Whose standing the identity provider vouched for, where the workspace could not be asked. */
const vouching = { vouched: listOf(object<Vouched>({ person, signedInAt: time() })) };

/** Most have none of the members that may be absent: those are read from their text. */
const seldom = <Value extends object>(
  required: RequiredShapes<Value>,
  optional: OptionalShapes<Value>,
): Shape<Value> =>
  withTake(
    object<Value>(required, optional),
    // Nothing that may be absent is missing in what this reads, so it is whole.
    object(required as RequiredShapes<object>).take as Take<Value> | undefined,
  );

type Annotated = RecordedOf<'deploy.annotated'>;

const annotated = {
  ...ofBypass,
  type: exactly('deploy.annotated'),
  deploy,
  service: text(),
  environment: text(),
  branch: nullable(text()),
  commit: nullable(text()),
  artifact: nullable(object<{ name: string; digest: string }>({ name: text(), digest: text() })),
  facts: exactly('claimed', 'verified', 'observed'),
  decision: text(),
  adoptedFrom: nullable(text<BypassId>()),
};

const deployAnnotated: Shape<Annotated> = seldom<Annotated>(annotated, {
  ...ofMember,
  check: object<CheckResult>({ name: text(), result: text() }),
  provenance: object<{ digest: string }>({ digest: text() }),
});

/**
 * The shape of every event of semantics 1, exact to the member. The compiler holds this table and
 * the domain's types together: a field added there and not here does not compile.
 */
export const EVENT_SHAPES: {
  readonly [Type in RecordedEvent['type']]: Shape<RecordedOf<Type>>;
} = {
  'request.opened': seldom<RecordedOf<'request.opened'>>(
    {
      ...ofBypass,
      type: exactly('request.opened'),
      requester: person,
      severity: nullable(text()),
      ttlAskedMs: count,
      policy: digest,
      tiers: listOf(text()),
      unknown: listOf(exactly('service', 'environment', 'gate')),
      pendingUntilAt: time(),
      extends: nullable(text<BypassId>()),
      lookUps,
      detached: detached('justification'),
    },
    { ...several, raised: flag },
  ),
  'request.escalated': seldom<RecordedOf<'request.escalated'>>(
    {
      ...ofBypass,
      type: exactly('request.escalated'),
      afterMs: count,
      added: listOf(text()),
    },
    several,
  ),
  'approval.given': seldom<RecordedOf<'approval.given'>>(
    {
      ...ofBypass,
      type: exactly('approval.given'),
      approver: person,
      request: digest,
      ttlMs: count,
      policy: digest,
      signing: exactly('attested', 'provisional'),
      steppedUp: flag,
      lookUps,
    },
    { ...several, ...vouching },
  ),
  'request.denied': seldom<RecordedOf<'request.denied'>>(
    {
      ...ofBypass,
      type: exactly('request.denied'),
      by: person,
      lookUps,
      detached: detached('reason'),
    },
    { ...several, ...vouching },
  ),
  'request.withdrawn': seldom<RecordedOf<'request.withdrawn'>>(
    {
      ...ofBypass,
      type: exactly('request.withdrawn'),
    },
    several,
  ),
  'request.lapsed': seldom<RecordedOf<'request.lapsed'>>(
    {
      ...ofBypass,
      type: exactly('request.lapsed'),
    },
    several,
  ),
  'bypass.activated': seldom<RecordedOf<'bypass.activated'>>(
    {
      ...ofBypass,
      type: exactly('bypass.activated'),
      ttlMs: count,
      expiresAt: time(),
      policy: digest,
      inFlight,
      assigned: listOf(object<{ from: string; person: PersonId }>({ from: text(), person })),
      lookUps,
    },
    { ...several, ...vouching },
  ),
  'bypass.closed': seldom<RecordedOf<'bypass.closed'>>(
    {
      ...ofBypass,
      type: exactly('bypass.closed'),
      how: exactly('expired', 'closed', 'revoked'),
      endedAt: time(),
      lookUps,
    },
    several,
  ),
  'deploy.annotated': deployAnnotated,
  'deploy.finished': seldom<RecordedOf<'deploy.finished'>>(
    {
      ...ofBypass,
      type: exactly('deploy.finished'),
      deploy,
      outcome: exactly('succeeded', 'failed', 'cancelled'),
    },
    ofMember,
  ),
  'deploy.adopted': seldom<RecordedOf<'deploy.adopted'>>(
    {
      ...ofBypass,
      type: exactly('deploy.adopted'),
      deploy,
      by: text<BypassId>(),
    },
    ofMember,
  ),
  'deploy.reverted': seldom<RecordedOf<'deploy.reverted'>>(
    {
      ...ofBypass,
      type: exactly('deploy.reverted'),
      deploy,
      action: inFlight,
      result: exactly('pending', 'done', 'too-late', 'unknown'),
    },
    ofMember,
  ),
  'provenance.checked': seldom<RecordedOf<'provenance.checked'>>(
    {
      ...ofBypass,
      type: exactly('provenance.checked'),
      deploy,
      provenance: object<{ digest: string }>({ digest: text() }),
      artifact: nullable(text()),
      result: exactly(...PROVENANCE_RESULTS),
    },
    ofMember,
  ),
  'gate.read-back': seldom<RecordedOf<'gate.read-back'>>(
    {
      ...ofBypass,
      type: exactly('gate.read-back'),
      enforces: flag,
    },
    ofMember,
  ),
  'post-mortem.opened': seldom<RecordedOf<'post-mortem.opened'>>(
    {
      ...ofBypass,
      type: exactly('post-mortem.opened'),
      assignee: person,
      dueAt: time(),
    },
    { ...several, utcOffsets: object<UtcOffsets>({ openedMs: integer, dueMs: integer }) },
  ),
  'post-mortem.completed': seldom<RecordedOf<'post-mortem.completed'>>(
    {
      ...ofBypass,
      type: exactly('post-mortem.completed'),
      by: person,
      detached: detached('outcome'),
    },
    { ...several, verdict: exactly(...VERDICTS), followUps: count },
  ),
  'log.started': object<RecordedOf<'log.started'>>({
    ...base,
    type: exactly('log.started'),
    logKey: text(),
    serviceKey: text(),
  }),
  'key.rotated': object<RecordedOf<'key.rotated'>>({
    ...base,
    type: exactly('key.rotated'),
    purpose: exactly('log', 'service'),
    from: text(),
    to: text(),
  }),
  'log.restored': object<RecordedOf<'log.restored'>>({
    ...base,
    type: exactly('log.restored'),
    lostSize: count,
    lostRoot: text(),
    detached: detached('reason'),
  }),
  'workload.attested': object<RecordedOf<'workload.attested'>>({
    ...base,
    type: exactly('workload.attested'),
    logKey: text(),
    serviceKey: text(),
    size: count,
    root: text(),
  }),
  'policy.applied': object<RecordedOf<'policy.applied'>>({
    ...base,
    type: exactly('policy.applied'),
    policy: digest,
    document: digest,
  }),
  'person.enrolled': object<RecordedOf<'person.enrolled'>>({
    ...base,
    type: exactly('person.enrolled'),
    person,
    source: exactly('policy', 'profile', 'assigned'),
    detached: detached('account', 'email'),
  }),
  'person.bound': object<RecordedOf<'person.bound'>>({
    ...base,
    type: exactly('person.bound'),
    person,
    issuer: text(),
    detached: detached('account', 'email', 'subject'),
  }),
  'person.unbound': object<RecordedOf<'person.unbound'>>({
    ...base,
    type: exactly('person.unbound'),
    person,
    binding: digest,
    detached: detached('reason'),
  }),
  'provider.keys': object<RecordedOf<'provider.keys'>>({
    ...base,
    type: exactly('provider.keys'),
    issuer: text(),
    keys: listOf(text()),
  }),
  'sign-in.recorded': object<RecordedOf<'sign-in.recorded'>>({
    ...base,
    type: exactly('sign-in.recorded'),
    entry: digest,
    person,
    mode: exactly('sso', 'own-key'),
    issuer: text(),
    client: text(),
    keys: digest,
    detached: detached('idToken'),
  }),
  'values.erased': object<RecordedOf<'values.erased'>>({
    ...base,
    type: exactly('values.erased'),
    person: nullable(person),
    beforeAt: nullable(time()),
    count,
  }),
  'entry.attested': object<RecordedOf<'entry.attested'>>({
    ...base,
    type: exactly('entry.attested'),
    entry: digest,
    index: count,
    person,
  }),
};
