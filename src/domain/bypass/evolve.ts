import type { BypassId, PersonId } from '../ids.ts';
import { deployKey, openedGates } from '../opened-gates.ts';
import { lookUp } from '../policy/evaluate-policy.ts';
import { canBeFound } from '../provenance-result.ts';
import {
  bypassIn,
  type Active,
  type Bypass,
  type Chain,
  type Closed,
  type Deploy,
  type DeployState,
  type Request,
} from './chain.ts';
import type {
  BypassEvent,
  DeployAnnotated,
  GateReadBack,
  ProvenanceChecked,
  RequestOpened,
} from './event.ts';

/** An event that does not fit the state it is applied to: the log or the code is wrong. */
export class EventOutOfPlace extends Error {
  override name = 'EventOutOfPlace';
  readonly code = 'event-out-of-place';
  readonly event: BypassEvent;
  constructor(event: BypassEvent) {
    super(`${event.type} does not fit the state of bypass ${event.bypass}`);
    this.event = event;
  }
}

/**
 * The state after one event. Semantics 1: once released it never changes, because the verifier
 * replays old entries with it.
 *
 * @throws EventOutOfPlace for an event that no decision could have produced in this state.
 */
export function evolve(chain: Chain | null, event: BypassEvent): Chain {
  if (event.type === 'request.opened') return opened(chain, event);
  if (chain === null || chain.id !== event.chain) throw new EventOutOfPlace(event);
  if (event.type === 'post-mortem.opened') {
    if (chain.postMortem !== null || bypassIn(chain, event.bypass) === undefined)
      throw new EventOutOfPlace(event);
    const { bypass, assignee, at: openedAt, dueAt } = event;
    return { ...chain, postMortem: { bypass, assignee, openedAt, dueAt, completedAt: null } };
  }
  if (event.type === 'post-mortem.completed') {
    if (chain.postMortem === null || chain.postMortem.completedAt !== null)
      throw new EventOutOfPlace(event);
    return { ...chain, postMortem: { ...chain.postMortem, completedAt: event.at } };
  }
  if (bypassIn(chain, event.bypass) === undefined) throw new EventOutOfPlace(event);
  return replaceBypass(chain, event.bypass, (bypass) => step(bypass, event));
}

function opened(chain: Chain | null, event: RequestOpened): Chain {
  const request: Request = {
    id: event.bypass,
    requester: event.requester,
    gate: event.gate,
    ...(event.gates === undefined ? {} : { gates: event.gates }),
    scope: event.scope,
    severity: event.severity,
    ...(event.raised === undefined ? {} : { raised: event.raised }),
    ttlAskedMs: event.ttlAskedMs,
    policy: event.policy,
    openedAt: event.at,
    pendingUntilAt: event.pendingUntilAt,
    extends: event.extends,
    escalatedMs: 0,
    approvals: [],
  };
  const before = chain ?? { id: event.chain, drill: event.drill, bypasses: [], postMortem: null };
  const repeated = before.bypasses.some((one) => one.request.id === event.bypass);
  if (repeated || before.id !== event.chain || before.drill !== event.drill)
    throw new EventOutOfPlace(event);
  return { ...before, bypasses: [...before.bypasses, { phase: 'waiting', request }] };
}

type StepEvent = Exclude<
  BypassEvent,
  { type: 'request.opened' | 'post-mortem.opened' | 'post-mortem.completed' }
>;

function step(bypass: Bypass, event: StepEvent): Bypass {
  switch (event.type) {
    case 'request.escalated':
      return waiting(bypass, event, (request) => ({ ...request, escalatedMs: event.afterMs }));
    case 'approval.given':
      if (bypass.request.approvals.some((one) => one.approver === event.approver))
        throw new EventOutOfPlace(event);
      return waiting(bypass, event, (request) => ({
        ...request,
        approvals: [
          ...request.approvals,
          {
            approver: event.approver,
            ttlMs: event.ttlMs,
            approvedAt: event.at,
            signing: event.signing,
            steppedUp: event.steppedUp,
          },
        ],
      }));
    case 'request.denied':
      return refused(bypass, event, 'denied');
    case 'request.withdrawn':
      return refused(bypass, event, 'withdrawn');
    case 'request.lapsed':
      return refused(bypass, event, 'lapsed');
    case 'bypass.activated': {
      if (bypass.phase !== 'waiting') throw new EventOutOfPlace(event);
      const { ttlMs, at: activatedAt, expiresAt, inFlight } = event;
      const grant = { ttlMs, activatedAt, expiresAt, inFlight };
      return { phase: 'active', request: bypass.request, grant, deploys: [] };
    }
    case 'bypass.closed': {
      if (bypass.phase !== 'active') throw new EventOutOfPlace(event);
      const { how, endedAt } = event;
      return { ...bypass, phase: 'closed', how, endedAt, by: personOf(event), enforces: null };
    }
    case 'deploy.annotated': {
      if (bypass.phase !== 'active') throw new EventOutOfPlace(event);
      const key = deployKey(event);
      const others = bypass.deploys.filter((one) => one.key !== key);
      return { ...bypass, deploys: [...others, annotated(event)] };
    }
    case 'deploy.finished':
      return deploy(bypass, event, { status: 'finished', outcome: event.outcome });
    case 'deploy.adopted':
      return deploy(bypass, event, { status: 'adopted', by: event.by });
    case 'deploy.reverted':
      return deploy(bypass, event, { status: 'reverting', result: event.result });
    case 'provenance.checked':
      return checked(bypass, event);
    case 'gate.read-back': {
      if (bypass.phase !== 'closed') throw new EventOutOfPlace(event);
      return readBack(bypass, event);
    }
  }
}

function waiting(bypass: Bypass, event: StepEvent, change: (request: Request) => Request): Bypass {
  if (bypass.phase !== 'waiting') throw new EventOutOfPlace(event);
  return { ...bypass, request: change(bypass.request) };
}

function refused(
  bypass: Bypass,
  event: StepEvent,
  phase: 'denied' | 'withdrawn' | 'lapsed',
): Bypass {
  if (bypass.phase !== 'waiting') throw new EventOutOfPlace(event);
  return { phase, request: bypass.request, endedAt: event.at, by: personOf(event) };
}

function personOf(event: StepEvent): PersonId | null {
  return event.actor.kind === 'person' ? event.actor.person : null;
}

function annotated(event: DeployAnnotated): Deploy {
  const { member, service, environment, branch, commit, artifact, facts, provenance, at } = event;
  const state: DeployState = { status: 'in-flight' };
  return {
    key: deployKey(event),
    ...(member === undefined ? {} : { member }),
    service,
    environment,
    branch,
    commit,
    artifact,
    facts,
    ...(provenance === undefined
      ? {}
      : { provenance: { digest: provenance.digest, result: null } }),
    annotatedAt: at,
    state,
  };
}

/** Several gates enforce again once each of them does. */
function readBack(bypass: Closed, { member, enforces }: GateReadBack): Closed {
  if (member === undefined) return { ...bypass, enforces };
  const readBacks = { ...bypass.readBacks, [member]: enforces };
  const found = openedGates(bypass.request).map((gate) => lookUp(readBacks, gate));
  const all = found.includes(undefined) ? null : true;
  return { ...bypass, readBacks, enforces: found.includes(false) ? false : all };
}

function deploy(
  bypass: Bypass,
  event: StepEvent & { readonly deploy: string; readonly member?: string },
  state: DeployState,
): Active | Closed {
  return changedDeploy(bypass, event, (one) => ({ ...one, state }));
}

/** Once each time that the deploy names one, and of that one. */
function checked(bypass: Bypass, event: ProvenanceChecked): Active | Closed {
  const { artifact, result } = event;
  return changedDeploy(bypass, event, (one) => {
    const { provenance } = one;
    const isSame = provenance?.digest === event.provenance.digest && provenance.result === null;
    if (!isSame || (one.artifact?.digest ?? null) !== artifact || !canBeFound(result, artifact))
      throw new EventOutOfPlace(event);
    return { ...one, provenance: { digest: provenance.digest, result } };
  });
}

function changedDeploy(
  bypass: Bypass,
  event: StepEvent & { readonly deploy: string; readonly member?: string },
  change: (deploy: Deploy) => Deploy,
): Active | Closed {
  if (bypass.phase !== 'active' && bypass.phase !== 'closed') throw new EventOutOfPlace(event);
  const key = deployKey(event);
  if (!bypass.deploys.some((one) => one.key === key)) throw new EventOutOfPlace(event);
  const deploys = bypass.deploys.map((one) => (one.key === key ? change(one) : one));
  return { ...bypass, deploys };
}

function replaceBypass(chain: Chain, id: BypassId, change: (bypass: Bypass) => Bypass): Chain {
  return {
    ...chain,
    bypasses: chain.bypasses.map((one) => (one.request.id === id ? change(one) : one)),
  };
}
