import type { Calendar, Policy, Tier } from '#domain/policy/policy';
import type { Scope } from '#domain/scope';
import type { RecordedBypassEvent, RecordedEvent, RecordedOf } from '#ledger/recorded-event';
import { forgotten } from './independent-deadlines.ts';
import {
  asksLess,
  candidates,
  needs,
  offers,
  seen,
  shortest,
  tiersOf,
} from './independent-policy.ts';

/**
 * A second replay, written from the design alone and sharing no rule with the first: it keeps
 * events instead of states and asks questions of them. Slow, and meant to be read.
 */
export interface LoggedEvent {
  readonly digest: string;
  readonly event: RecordedEvent;
  /** The digests that it says it rests on; not looked at where nothing is given. */
  readonly followsFrom?: readonly string[];
}

type Kind<Type extends RecordedBypassEvent['type']> = RecordedOf<Type>;
type Opened = Kind<'request.opened'>;

/** Everything that is wrong with a log, in words; empty for one that keeps every rule. */
export function independentReplay(
  log: readonly LoggedEvent[],
  policies: Readonly<Record<string, Policy>>,
): readonly string[] {
  return log
    .flatMap(({ event, followsFrom }, place) => {
      const before = log.slice(0, place);
      if (!('bypass' in event)) return [];
      const policy = inForce(before, policies);
      const told = [
        ...faults(event, before, policy, policies),
        ...unrested(event, before, followsFrom),
      ];
      return told.map((fault) => `${place} ${event.type}: ${fault}`);
    })
    .concat(unfinished(log))
    .concat(forgotten(log.map((one) => one.event)));
}

/** Which earlier entries, of its bypass or its chain, an entry must say that it rests on. */
const RESTS: { readonly [Type in RecordedBypassEvent['type']]?: readonly string[] } = {
  'bypass.activated': ['request.opened', 'approval.given'],
  'bypass.closed': ['request.opened', 'bypass.activated'],
  'deploy.annotated': ['request.opened', 'bypass.activated'],
  'provenance.checked': ['request.opened', 'bypass.activated'],
  'gate.read-back': ['request.opened', 'bypass.closed'],
  'post-mortem.opened': ['bypass.closed'],
  'post-mortem.completed': ['post-mortem.opened'],
};

function unrested(
  event: RecordedBypassEvent,
  before: readonly LoggedEvent[],
  followsFrom: readonly string[] | undefined,
): readonly string[] {
  if (followsFrom === undefined || event.type === 'request.opened') return [];
  const review = event.type.startsWith('post-mortem');
  const types = RESTS[event.type] ?? ['request.opened'];
  const needed = before.filter(
    ({ event: one }) =>
      types.includes(one.type) &&
      'bypass' in one &&
      (review ? one.chain === event.chain : one.bypass === event.bypass),
  );
  const named = needed.every(({ digest }) => followsFrom.includes(digest));
  return named ? [] : ['does not say what it rests on'];
}

/** Acts of people are entered in their names, all others in the service's. */
function byWhom(event: RecordedBypassEvent): readonly string[] {
  const actor = event.actor.kind === 'person' ? event.actor.person : null;
  switch (event.type) {
    case 'request.opened':
      return actor === event.requester ? [] : ['not by the requester'];
    case 'approval.given':
      return actor === event.approver ? [] : ['not by the approver'];
    case 'request.denied':
    case 'post-mortem.completed':
      return actor === event.by ? [] : ['not by the one it names'];
    case 'request.withdrawn':
      return actor === null ? ['not by a person'] : [];
    // Who may close is judged with how it was closed.
    case 'bypass.closed':
      return [];
    case 'request.escalated':
    case 'request.lapsed':
    case 'bypass.activated':
    case 'deploy.annotated':
    case 'deploy.finished':
    case 'deploy.adopted':
    case 'deploy.reverted':
    case 'provenance.checked':
    case 'gate.read-back':
    case 'post-mortem.opened':
      return actor === null ? [] : ['not by the service'];
  }
}

function inForce(before: readonly LoggedEvent[], policies: Readonly<Record<string, Policy>>) {
  const applied = before.map(({ event }) => event).findLast((one) => one.type === 'policy.applied');
  const digest = applied?.policy ?? '';
  return { digest, content: policies[digest] };
}

function faults(
  event: RecordedBypassEvent,
  before: readonly LoggedEvent[],
  current: ReturnType<typeof inForce>,
  policies: Readonly<Record<string, Policy>>,
): readonly string[] {
  const own = before.flatMap((one) =>
    'bypass' in one.event && one.event.bypass === event.bypass ? [one.event] : [],
  );
  const opening = before.find(
    (one) => one.event.type === 'request.opened' && one.event.bypass === event.bypass,
  );
  if (event.type === 'request.opened')
    return own.length > 0
      ? ['twice']
      : [
          ...ofRequest(event, current),
          ...ofWaiting(event, before, current.content),
          ...ofDay(event, before, current.content),
          ...ofOverdue(event, before, current.content),
          ...ofExtension(event, before, policies),
          ...byWhom(event),
        ];
  if (opening?.event.type !== 'request.opened') return ['no request'];
  const request = opening.event;
  const versions = [...new Set([request.policy, current.digest])].map((digest) => ({
    digest,
    tiers: tiersOf(policies[digest], request),
  }));
  const common = [
    ...sameAs(request, event),
    ...byWhom(event),
    ...deploysLeft(before, event),
    ...postMortemDue(before, event),
  ];
  const state = stateOf(own);
  const escalated = Math.max(
    0,
    ...own.map((one) => (one.type === 'request.escalated' ? one.afterMs : 0)),
  );
  switch (event.type) {
    case 'approval.given':
      return [
        ...common,
        ...ofApproval(event, request, opening.digest, own, versions, escalated, before),
        ...sameGates(request, [policies[request.policy], current.content]),
      ];
    case 'bypass.activated':
      return [
        ...common,
        ...ofActivation(event, request, own, versions, escalated, before),
        ...sameGates(request, [policies[request.policy], current.content]),
      ];
    case 'bypass.closed':
      return [...common, ...ofClose(event, request, own, current)];
    case 'deploy.annotated':
      return [
        ...common,
        ...ofDeploy(event, own, before, current.content),
        ...ofGate(event, request),
      ];
    case 'post-mortem.opened': {
      const chain = chainEvents(before, event.chain);
      const again = chain.some((one) => one.type === 'post-mortem.opened');
      return [
        ...common,
        ...(again || event.drill || !isSettled(chain) ? ['post-mortem not due'] : []),
        ...dueWhen(event, current.content),
      ];
    }
    case 'request.denied': {
      const may = versions.some((one) =>
        candidates(one.tiers, escalated).some((group) =>
          seen(event.lookUps, one.digest, group, event.at).includes(event.by),
        ),
      );
      const right = may && event.by !== request.requester && state === 'waiting';
      return [...common, ...ofVouching(event, [event.by]), ...(right ? [] : ['denied wrongly'])];
    }
    case 'request.lapsed':
      return [
        ...common,
        ...(event.at >= request.pendingUntilAt && state === 'waiting' ? [] : ['early']),
      ];
    case 'request.withdrawn':
    case 'request.escalated':
      return [...common, ...(state === 'waiting' ? [] : ['was not waiting'])];
    case 'deploy.finished':
    case 'deploy.adopted':
    case 'deploy.reverted': {
      const known = own.some((one) => one.type === 'deploy.annotated' && run(one) === run(event));
      return [...common, ...(known ? [] : ['unknown deploy'])];
    }
    case 'provenance.checked':
      return [...common, ...ofProvenance(event, own)];
    case 'gate.read-back':
      return [
        ...common,
        ...(state === 'closed' ? [] : ['was not closed']),
        ...ofGate(event, request),
      ];
    case 'post-mortem.completed': {
      const { followUps: many = 'none' } = event;
      const isTold = 'followUps' in event.detached;
      return [...common, ...(isTold === (many !== 'none') && many !== 0 ? [] : ['follow-ups'])];
    }
  }
}

/** One run at one gate. */
const run = ({ deploy, member }: Pick<Kind<'deploy.annotated'>, 'deploy' | 'member'>): string =>
  JSON.stringify([member, deploy]);

/** An entry about one of several gates says which; about one that stands alone it says nothing. */
function ofGate({ member }: { readonly member?: string }, { gates }: Opened): readonly string[] {
  const right =
    gates === undefined ? member === undefined : member !== undefined && gates.includes(member);
  return right ? [] : ['at a gate that was not asked for'];
}

/** What was asked for together is what every version has together. */
function sameGates(
  { gate, gates }: Opened,
  versions: readonly (Policy | undefined)[],
): readonly string[] {
  const told = (of: readonly string[] | undefined): string => (of ?? []).join('\n');
  return versions.every((one) => told(one?.gates[gate]?.gates) === told(gates))
    ? []
    : ['other gates than the policy has together'];
}

type State = 'waiting' | 'active' | 'closed' | 'ended';

function stateOf(own: readonly RecordedBypassEvent[]): State {
  const types = own.map((one) => one.type);
  if (types.includes('bypass.closed')) return 'closed';
  if (types.includes('bypass.activated')) return 'active';
  const ends = ['request.denied', 'request.withdrawn', 'request.lapsed'];
  return types.some((type) => ends.includes(type)) ? 'ended' : 'waiting';
}

function sameAs(request: Opened, event: RecordedBypassEvent): readonly string[] {
  const told = ({ gate, gates, scope, drill, chain }: RecordedBypassEvent): string =>
    JSON.stringify([
      gate,
      gates,
      scope.service,
      scope.environment,
      scope.branch,
      scope.artifact,
      drill,
      chain,
    ]);
  return told(request) === told(event) ? [] : ['differs from its request'];
}

// --- Requests and approvals ---

function ofRequest(event: Opened, current: ReturnType<typeof inForce>): readonly string[] {
  const { content } = current;
  if (content === undefined || current.digest !== event.policy) return ['policy not in force'];
  const tiers = tiersOf(content, event);
  const may = content.requesters.some((group) =>
    seen(event.lookUps, event.policy, group, event.at).includes(event.requester),
  );
  return [
    ...(may ? [] : ['requester not allowed']),
    ...sameGates(event, [content]),
    ...(tiers.map((one) => one.name).join() === event.tiers.join() ? [] : ['wrong tiers']),
    ...(offers(tiers).includes(event.ttlAskedMs) ? [] : ['ttl not offered']),
    ...(event.pendingUntilAt - event.at === shortest(tiers, (one) => one.pendingMs)
      ? []
      : ['waits too long']),
  ];
}

/** Of one person, drills apart, no more requests wait at once than the policy lets. */
function ofWaiting(
  { requester, drill }: Opened,
  before: readonly LoggedEvent[],
  policy: Policy | undefined,
): readonly string[] {
  const events = before.flatMap(({ event }) => ('bypass' in event ? [event] : []));
  const waiting = events.filter(
    (one) =>
      one.type === 'request.opened' &&
      one.requester === requester &&
      one.drill === drill &&
      stateOf(events.filter((other) => other.bypass === one.bypass)) === 'waiting',
  );
  return waiting.length < (policy?.waitingLimit ?? 0) ? [] : ['too many wait'];
}

/** Nor does one person, drills apart, ask more often within a day. */
function ofDay(
  { requester, drill, at }: Opened,
  before: readonly LoggedEvent[],
  policy: Policy | undefined,
): readonly string[] {
  const most = policy?.dayLimit;
  if (most === undefined) return [];
  const yesterday = at - 24 * 60 * 60 * 1_000;
  let made = 0;
  for (const { event } of before)
    if (event.type === 'request.opened' && event.requester === requester)
      if (event.drill === drill && event.at > yesterday) made += 1;
  return made < most ? [] : ['asked too often'];
}

/** What is asked of a service whose review is overdue, and only of that. */
function ofOverdue(
  event: Opened,
  before: readonly LoggedEvent[],
  policy: Policy | undefined,
): readonly string[] {
  const rule = policy?.postMortem.overdue;
  const isLate = before.some(
    ({ event: one }) =>
      rule !== undefined &&
      one.type === 'post-mortem.opened' &&
      one.scope.service === event.scope.service &&
      one.dueAt + rule.afterMs <= event.at &&
      !before.some(
        (it) => it.event.type === 'post-mortem.completed' && it.event.chain === one.chain,
      ),
  );
  const counts = isLate && !event.drill;
  const raised = counts && rule?.action === 'raise';
  return [
    ...(counts && rule?.action === 'block' && event.extends === null ? ['blocked'] : []),
    ...(event.raised === (raised ? true : undefined) ? [] : ['raised, or not, without reason']),
  ];
}

/** An approval keeps the time of its press; it was judged at the earliest when all this was known. */
function judgedFrom(event: Kind<'approval.given'>, before: readonly LoggedEvent[]): number {
  const times = [...chainEvents(before, event.chain), event].flatMap((one) => [
    one.at,
    ...(one.type === 'approval.given' ? one.lookUps.map((look) => look.lookedUpAt) : []),
  ]);
  return Math.max(...times);
}

interface Version {
  readonly digest: string;
  readonly tiers: readonly Tier[];
}

function ofApproval(
  event: Kind<'approval.given'>,
  request: Opened,
  digest: string,
  own: readonly RecordedBypassEvent[],
  versions: readonly Version[],
  escalated: number,
  before: readonly LoggedEvent[],
): readonly string[] {
  const { approver } = event;
  const judged = judgedFrom(event, before);
  // Signed on a sign-in, it says what was seen before that, whatever happened to the chain since.
  const looked = event.lookUps.map((one) => one.lookedUpAt);
  const seenAt = event.steppedUp ? Math.max(event.at, ...looked) : judged;
  const demanded = versions.some((one) => one.tiers.some((tier) => tier.stepUp === 'sso'));
  const repeated = own.some((one) => one.type === 'approval.given' && one.approver === approver);
  const eligible = versions.every((one) =>
    candidates(one.tiers, escalated).some((group) =>
      seen(event.lookUps, one.digest, group, seenAt).includes(approver),
    ),
  );
  const maxMs = Math.min(...versions.map((one) => shortest(one.tiers, (tier) => tier.ttlMaxMs)));
  const required = versions.some((one) =>
    one.tiers.some((tier) => tier.attestation === 'required'),
  );
  const fair = [...offers(versions[0]?.tiers ?? []), request.ttlAskedMs].includes(event.ttlMs);
  return [
    ...(stateOf(own) === 'waiting' ? [] : ['was not waiting']),
    ...(approver === request.requester ? ['own request'] : []),
    ...(repeated ? ['approved twice'] : []),
    ...(eligible ? [] : ['not eligible']),
    ...(event.request === digest ? [] : ['other request']),
    ...(judged < request.pendingUntilAt ? [] : ['too late']),
    ...(event.at >= request.at ? [] : ['too early']),
    ...(fair && event.ttlMs <= maxMs ? [] : ['ttl not allowed']),
    ...((required || event.steppedUp) && event.signing !== 'attested' ? ['not attested'] : []),
    ...(demanded && !event.steppedUp ? ['not signed in'] : []),
    ...ofVouching(event, [approver]),
    ...(event.vouched !== undefined && !event.steppedUp ? ['vouched for without a sign-in'] : []),
  ];
}

/** Where Slack could not be asked, whoever counts had signed in within ten minutes before the entry. */
function ofVouching(
  event: Kind<'approval.given' | 'request.denied' | 'bypass.activated'>,
  counted: readonly string[],
): readonly string[] {
  if (event.vouched === undefined) return [];
  const left = new Set(counted);
  const fits = event.vouched.every(({ person, signedInAt }) => {
    const ageMs = event.at - signedInAt;
    return left.delete(person) && ageMs >= 0 && ageMs <= 10 * 60_000;
  });
  return fits && event.vouched.length > 0 ? [] : ['vouched for wrongly'];
}

/** Tries everybody on every place: right by being exhaustive. */
function meets(places: readonly (readonly string[])[], people: readonly string[]): boolean {
  const [first, ...rest] = places;
  if (first === undefined) return true;
  return people.some(
    (person) =>
      first.includes(person) &&
      meets(
        rest,
        people.filter((one) => one !== person),
      ),
  );
}

function ofActivation(
  event: Kind<'bypass.activated'>,
  request: Opened,
  own: readonly RecordedBypassEvent[],
  versions: readonly Version[],
  escalated: number,
  before: readonly LoggedEvent[],
): readonly string[] {
  if (stateOf(own) !== 'waiting') return ['was not waiting'];
  const approvals = own.flatMap((one) => (one.type === 'approval.given' ? [one] : []));
  const people = [...new Set<string>(approvals.map((one) => one.approver))].filter(
    (one) => one !== request.requester,
  );
  const met = versions.every(({ digest, tiers }) => {
    const places = needs(tiers, escalated).flatMap(({ count, groups }) => {
      const known = event.lookUps.filter((one) => one.lookedUpAt <= event.at);
      const eligible = groups.flatMap((group) => seen(known, digest, group, event.at));
      return Array.from({ length: count }, () => eligible);
    });
    return meets(places, people);
  });
  const earlier = chainEvents(before, event.chain).flatMap((one) =>
    one.type === 'bypass.activated' ? [one.at] : [],
  );
  const opened = Math.min(event.at, ...earlier);
  const capMs = Math.min(...versions.map((one) => shortest(one.tiers, (tier) => tier.chainMaxMs)));
  const granted = approvals.map((one) => one.ttlMs);
  const strictness = ['hold', 'cancel', 'rollback'] as const;
  const asked = versions.flatMap((one) => one.tiers.map((tier) => tier.inFlight));
  const strictest = strictness.findLast((one) => asked.includes(one));
  const last = approvals.at(-1);
  const together =
    last?.steppedUp === true
      ? event.at - last.at <= 600_000
      : (last?.lookUps ?? []).every(
          ({ lookedUpAt }) => lookedUpAt <= event.at && event.at - lookedUpAt <= 30_000,
        );
  const ttl = event.ttlMs === Math.min(...granted);
  const expires = Math.min(event.at + event.ttlMs, opened + capMs);
  return [
    ...ofVouching(event, people),
    ...(event.at < request.pendingUntilAt ? [] : ['too late']),
    ...(together ? [] : ['the last approval was judged at another time']),
    ...(met ? [] : ['quorum not met']),
    ...(ttl ? [] : ['not the shortest ttl']),
    ...(event.expiresAt === expires ? [] : ['wrong expiry']),
    ...(event.inFlight === strictest ? [] : ['deploys in flight are not treated as demanded']),
    ...(event.assigned.every(({ person }) => people.includes(person)) ? [] : ['assigned wrongly']),
  ];
}

/** An extension is of a bypass that is open, of the same thing, while the chain's cap leaves time. */
function ofExtension(
  event: Opened,
  before: readonly LoggedEvent[],
  policies: Readonly<Record<string, Policy>>,
): readonly string[] {
  const chain = chainEvents(before, event.chain);
  if (chain.length === 0)
    return event.extends === null && String(event.chain) === event.bypass
      ? []
      : ['extends nothing'];
  const parent = chain.filter((one) => one.bypass === event.extends);
  const [request] = parent;
  const activation = activationIn(parent);
  if (request === undefined || activation === undefined || stateOf(parent) !== 'active')
    return ['extends what is not open'];
  const told = ({ gate, gates, scope, drill }: RecordedBypassEvent): string => {
    const { service, environment, branch, artifact } = scope;
    return JSON.stringify([gate, gates, service, environment, branch, artifact, drill]);
  };
  const firstAt = Math.min(
    ...chain.flatMap((one) => (one.type === 'bypass.activated' ? [one.at] : [])),
  );
  const tiers = tiersOf(policies[event.policy], event);
  const capMs = shortest(tiers, (one) => one.chainMaxMs);
  const first = request.type === 'request.opened' ? request : event;
  const { gate, scope, severity } = first;
  const asked = tiersOf(policies[event.policy], { gate, scope, severity });
  return [
    ...(event.at < activation.expiresAt ? [] : ['extends what had ended']),
    ...(activation.expiresAt < firstAt + capMs ? [] : ['no time is left to extend']),
    ...(told(request) === told(event) ? [] : ['extends something else']),
    ...(asksLess(tiers, asked) ? ['asks for less than what it extends'] : []),
  ];
}

// --- Closes, deploys, post-mortems ---

const activationIn = (own: readonly RecordedBypassEvent[]) =>
  own.find((one) => one.type === 'bypass.activated');

function ofClose(
  event: Kind<'bypass.closed'>,
  request: Opened,
  own: readonly RecordedBypassEvent[],
  current: ReturnType<typeof inForce>,
): readonly string[] {
  const activation = activationIn(own);
  if (stateOf(own) !== 'active' || activation === undefined) return ['was not active'];
  const { expiresAt } = activation;
  const by = event.actor.kind === 'person' ? event.actor.person : null;
  const early = event.at < expiresAt && event.endedAt === event.at;
  switch (event.how) {
    case 'expired':
      return event.at >= expiresAt && event.endedAt === expiresAt && by === null
        ? []
        : ['wrong expiry'];
    case 'closed':
      return early && by === request.requester ? [] : ['wrong close'];
    case 'revoked': {
      const admins = (current.content?.admins ?? []).flatMap((group) =>
        seen(event.lookUps, current.digest, group, event.at),
      );
      const approvers = own.flatMap((one) => (one.type === 'approval.given' ? [one.approver] : []));
      const may = by !== null && [...admins, ...approvers].includes(by);
      return early && may ? [] : ['wrong revocation'];
    }
  }
}

function ofDeploy(
  event: Kind<'deploy.annotated'>,
  own: readonly RecordedBypassEvent[],
  before: readonly LoggedEvent[],
  policy: Policy | undefined,
): readonly string[] {
  const activation = activationIn(own);
  const open = stateOf(own) === 'active' && activation !== undefined;
  const inTime = open && activation.at <= event.at && event.at < activation.expiresAt;
  return [
    ...(event.drill ? ['a drill ships nothing'] : []),
    ...(inTime ? [] : ['not open then']),
    ...(inScope(event, event.scope) ? [] : ['outside the scope']),
    ...(onFacts(event, before, policy) ? [] : ['on facts that nobody verified']),
  ];
}

/** Of the deploy as it said last what it was, and once. */
function ofProvenance(
  event: Kind<'provenance.checked'>,
  own: readonly RecordedBypassEvent[],
): readonly string[] {
  const about = own.flatMap((one) =>
    (one.type === 'deploy.annotated' || one.type === 'provenance.checked') &&
    one.deploy === event.deploy &&
    one.member === event.member
      ? [one]
      : [],
  );
  const last = about.at(-1);
  if (last === undefined) return ['unknown deploy'];
  if (last.type === 'provenance.checked') return ['looked at twice'];
  const same =
    last.provenance?.digest === event.provenance.digest &&
    (last.artifact?.digest ?? null) === event.artifact;
  const needsOne = ['matches', 'other-artifact'].includes(event.result);
  const fits = event.artifact === null ? !needsOne : event.result !== 'no-artifact';
  return [
    ...(event.drill ? ['a drill ships nothing'] : []),
    ...(same ? [] : ['of something else than the deploy named']),
    ...(fits ? [] : ['found what cannot be found']),
  ];
}

/** One that was handed over keeps the facts that it was let through on; any other needs the gate's. */
function onFacts(
  event: Kind<'deploy.annotated'>,
  before: readonly LoggedEvent[],
  policy: Policy | undefined,
): boolean {
  if (event.adoptedFrom === null)
    return (
      event.facts === 'verified' ||
      policy?.gates[event.member ?? event.gate]?.verifiedFacts !== true
    );
  const source = before
    .map((one) => one.event)
    .findLast(
      (one) =>
        one.type === 'deploy.annotated' &&
        one.bypass === event.adoptedFrom &&
        (one.member ?? one.gate) === (event.member ?? event.gate) &&
        one.deploy === event.deploy,
    );
  return source?.type === 'deploy.annotated' && source.facts === event.facts;
}

function inScope(event: Kind<'deploy.annotated'>, scope: Scope): boolean {
  if (event.service !== scope.service || event.environment !== scope.environment) return false;
  if (scope.branch !== null && scope.branch !== event.branch) return false;
  return scope.artifact === null || scope.artifact === event.artifact?.digest;
}

/** Right behind a close stands what becomes of each deploy that was in flight. */
function deploysLeft(
  before: readonly LoggedEvent[],
  event: RecordedBypassEvent,
): readonly string[] {
  const chain = chainEvents(before, event.chain);
  const place = chain.findLastIndex((one) => one.type === 'bypass.closed');
  if (place < 0) return [];
  const own = chain.slice(0, place).filter((one) => one.bypass === chain[place]?.bypass);
  const flying = new Set<string>();
  for (const one of own) {
    if (one.type === 'deploy.annotated') flying.add(run(one));
    if (one.type === 'deploy.finished') flying.delete(run(one));
  }
  const tells = (one: RecordedBypassEvent) => 'deploy' in one && one.type !== 'provenance.checked';
  for (const one of chain.slice(place)) if ('deploy' in one && tells(one)) flying.delete(run(one));
  return flying.size === 0 || ('deploy' in event && tells(event) && flying.has(run(event)))
    ? []
    : ['a deploy in flight is forgotten'];
}

const WEEKDAYS = { weekend: [5, 6], holidays: [] };

function dueWhen(event: Kind<'post-mortem.opened'>, policy: Policy | undefined): readonly string[] {
  const due = policy?.postMortem.due;
  if (due === undefined) return ['no policy'];
  if ('ms' in due)
    return event.dueAt === event.at + due.ms && event.utcOffsets === undefined
      ? []
      : ['due at another time'];
  const { openedMs = 0, dueMs = 0 } = event.utcOffsets ?? {};
  const free: Pick<Calendar, 'weekend' | 'holidays'> = policy?.calendar ?? WEEKDAYS;
  let left = due.businessDays;
  let dueAt = event.at + openedMs;
  while (left > 0) {
    dueAt += 24 * 3_600_000;
    const day = new Date(dueAt);
    const date = day.toISOString().slice(0, 10);
    const off = [date, date.slice(5)].some((one) => free.holidays.includes(one));
    if (!off && !free.weekend.includes((day.getUTCDay() + 6) % 7)) left -= 1;
  }
  const right = event.dueAt === dueAt - dueMs;
  const told = (event.utcOffsets === undefined) === (policy?.calendar === undefined);
  return right && told ? [] : ['due at another time'];
}

function chainEvents(log: readonly LoggedEvent[], chain: string): readonly RecordedBypassEvent[] {
  return log.flatMap(({ event }) => ('chain' in event && event.chain === chain ? [event] : []));
}

/** Was open once, and neither open nor asked for any more. */
function isSettled(chain: readonly RecordedBypassEvent[]): boolean {
  const ids = new Set(chain.map((one) => one.bypass));
  const states = [...ids].map((id) => stateOf(chain.filter((one) => one.bypass === id)));
  return states.includes('closed') && states.every((one) => one === 'closed' || one === 'ended');
}

/** From the last close on, only the ends of its deploys may stand before the post-mortem. */
function postMortemDue(
  before: readonly LoggedEvent[],
  event: RecordedBypassEvent,
): readonly string[] {
  const chain = chainEvents(before, event.chain);
  const opened = chain.some((one) => one.type === 'post-mortem.opened');
  if (event.drill || opened || !isSettled(chain)) return [];
  const may = ['deploy.adopted', 'deploy.reverted', 'post-mortem.opened'];
  return may.includes(event.type) ? [] : ['post-mortem missing'];
}

function unfinished(log: readonly LoggedEvent[]): readonly string[] {
  const chains = new Set(log.flatMap(({ event }) => ('chain' in event ? [event.chain] : [])));
  return [...chains].flatMap((id) => {
    const chain = chainEvents(log, id);
    const done = chain.some((one) => one.drill || one.type === 'post-mortem.opened');
    return done || !isSettled(chain) ? [] : [`${id}: post-mortem missing`];
  });
}
