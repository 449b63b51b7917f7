import { SERVICE } from '../../actor.ts';
import { deployKey, memberOf, namedDeploy, openedGates } from '../../opened-gates.ts';
import { lookUp } from '../../policy/evaluate-policy.ts';
import { refuse, type Refusal } from '../../refusal.ts';
import { scopeCovers } from '../../scope.ts';
import type { Active, Chain, Closed, Deploy } from '../chain.ts';
import type { AnnotateDeploy } from '../command.ts';
import type { Context } from '../context.ts';
import type { BypassEvent, DeployAnnotated, DeployOutcome, RevertResult } from '../event.ts';
import { header } from './judged.ts';

/** A deploy let through: refused outside scope or window, and nothing new when it is known already. */
export function annotate(
  chain: Chain,
  bypass: Active,
  command: AnnotateDeploy,
  context: Context,
): readonly BypassEvent[] | Refusal {
  const { request, grant } = bypass;
  const covered = !chain.drill && scopeCovers(openedGates(request), request.scope, command.facts);
  if (!covered || context.now >= grant.expiresAt)
    return refuse({ code: 'not-active', phase: covered ? 'expired' : 'other-scope' });
  const event = deployAnnotated(chain, bypass, command, context);
  const known = bypass.deploys.find((one) => one.key === deployKey(event));
  // One that said it had finished and asks again is in flight again, or the close would miss it.
  return known?.state.status === 'in-flight' && sameFacts(known, event)
    ? refuse({ code: 'nothing-changed' })
    : [event];
}

function deployAnnotated(
  chain: Chain,
  bypass: Active,
  command: AnnotateDeploy,
  context: Context,
): DeployAnnotated {
  const { check, attestation } = command;
  const { service, environment, branch, artifact } = command.facts;
  const detached = {
    ...(command.url === null ? {} : { url: command.url }),
    ...(command.deployedBy === null ? {} : { deployedBy: command.deployedBy }),
    ...(attestation === undefined ? {} : { provenanceUri: attestation.uri }),
  };
  return {
    ...header(chain, bypass.request, SERVICE, context.now),
    type: 'deploy.annotated',
    ...memberOf(bypass.request, command.facts.gate),
    deploy: command.deploy,
    service,
    environment,
    branch,
    commit: command.commit,
    artifact:
      artifact === null ? null : { name: command.artifactName ?? service, digest: artifact },
    facts: command.provenance,
    ...(check === undefined ? {} : { check }),
    ...(attestation === undefined ? {} : { provenance: { digest: attestation.digest } }),
    decision: command.decision,
    adoptedFrom: command.adoptedFrom,
    ...(Object.keys(detached).length === 0 ? {} : { detached }),
  };
}

function sameFacts(known: Deploy, event: DeployAnnotated): boolean {
  return (
    known.branch === event.branch &&
    known.commit === event.commit &&
    known.artifact?.digest === event.artifact?.digest &&
    known.facts === event.facts &&
    // Left out it is as it was; another one has to be looked at, too.
    (event.provenance === undefined || known.provenance?.digest === event.provenance.digest)
  );
}

/**
 * A deploy that ends while it was to be stopped was stopped only if it says that it was cancelled;
 * anything else came too late, and the log says so.
 */
export function finish(
  chain: Chain,
  bypass: Active | Closed,
  command: { readonly deploy: string; readonly outcome: DeployOutcome },
  context: Context,
): readonly BypassEvent[] | Refusal {
  const known = bypass.deploys.find((one) => one.key === command.deploy);
  if (known === undefined) return refuse({ code: 'unknown-deploy' });
  const base = { ...header(chain, bypass.request, SERVICE, context.now), ...namedDeploy(known) };
  const finished = { ...base, type: 'deploy.finished', outcome: command.outcome } as const;
  if (known.state.status === 'in-flight') return [finished];
  if (known.state.status === 'reverting' && known.state.result === 'pending') {
    const result = command.outcome === 'cancelled' ? 'done' : 'too-late';
    const action = bypass.grant.inFlight;
    return [finished, { ...base, type: 'deploy.reverted', action, result }];
  }
  return refuse({ code: 'nothing-changed' });
}

/** What became of putting a deploy back under enforcement. */
export function revertDeploy(
  chain: Chain,
  bypass: Closed,
  command: { readonly deploy: string; readonly result: Exclude<RevertResult, 'pending'> },
  context: Context,
): readonly BypassEvent[] | Refusal {
  const known = bypass.deploys.find((one) => one.key === command.deploy);
  if (known === undefined) return refuse({ code: 'unknown-deploy' });
  if (known.state.status !== 'reverting' || known.state.result !== 'pending')
    return refuse({ code: 'nothing-changed' });
  return [
    {
      ...header(chain, bypass.request, SERVICE, context.now),
      type: 'deploy.reverted',
      ...namedDeploy(known),
      action: bypass.grant.inFlight,
      result: command.result,
    },
  ];
}

export function readBack(
  chain: Chain,
  bypass: Closed,
  { gate, enforces }: { readonly gate?: string; readonly enforces: boolean },
  context: Context,
): readonly BypassEvent[] | Refusal {
  const { request, readBacks = {} } = bypass;
  const { gates } = request;
  const known = gates === undefined ? bypass.enforces : lookUp(readBacks, gate ?? '');
  const isOne = gates === undefined || (gate !== undefined && gates.includes(gate));
  if (!isOne || known === enforces) return refuse({ code: 'nothing-changed' });
  return [
    {
      ...header(chain, request, SERVICE, context.now),
      type: 'gate.read-back',
      ...(gate === undefined ? {} : memberOf(request, gate)),
      enforces,
    },
  ];
}
