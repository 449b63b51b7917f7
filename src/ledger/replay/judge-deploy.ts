import type { Active, Bypass, Closed, Deploy } from '#domain/bypass/chain';
import { lookUp } from '#domain/policy/evaluate-policy';
import { scopeCovers } from '#domain/scope';
import { serviceActed } from './entry-rules.ts';
import type { Moment, MomentOf } from './replayed-entry.ts';
import { unless, type Violation } from './violation.ts';

/** A deploy: never in a drill, inside scope and window, and known to the bypass it came from. */
export function judgeAnnotated(
  moment: MomentOf<'deploy.annotated'>,
  bypass: Bypass,
): readonly Violation[] {
  const { event, chain } = moment;
  const about = { bypass: event.bypass, found: event.deploy };
  const { request } = bypass;
  const facts = { ...event, artifact: event.artifact?.digest ?? null };
  const within =
    bypass.phase === 'active' &&
    event.at >= bypass.grant.activatedAt &&
    event.at < bypass.grant.expiresAt;
  return [
    ...serviceActed(event),
    ...unless(!chain.state.drill, 'deploy-in-drill', about),
    ...unless(scopeCovers(request.gate, request.scope, facts), 'deploy-outside-scope', about),
    ...unless(within, 'deploy-outside-window', about),
    ...unless(verifiedEnough(moment), 'facts-not-verified', about),
    ...unless(cameFrom(moment), 'deploy-end-wrong', about),
  ];
}

/**
 * Claimed facts let nothing through at a gate whose policy demands verified ones. One that is handed
 * over asks no gate: it keeps the facts that it was let through on.
 */
function verifiedEnough({ event, inForce, policyOf }: MomentOf<'deploy.annotated'>): boolean {
  if (event.facts === 'verified' || event.adoptedFrom !== null) return true;
  const gates = (inForce === null ? undefined : policyOf(inForce))?.gates ?? {};
  return lookUp(gates, event.gate)?.verifiedFacts !== true;
}

/** A deploy that was handed over stands as adopted in the bypass that it came from. */
function cameFrom({ event, bypassOf }: MomentOf<'deploy.annotated'>): boolean {
  if (event.adoptedFrom === null) return true;
  const from = bypassOf(event.adoptedFrom)?.bypass;
  if (from?.phase !== 'closed') return false;
  const { state, facts } = from.deploys.find((one) => one.key === event.deploy) ?? {};
  return state?.status === 'adopted' && state.by === event.bypass && facts === event.facts;
}

export function judgeFinished(
  { event }: MomentOf<'deploy.finished'>,
  bypass: Active | Closed,
): readonly Violation[] {
  const status = deployIn(bypass, event.deploy)?.state;
  const ended = status?.status === 'in-flight' || isPending(status);
  return [...serviceActed(event), ...knownDeploy(event, bypass), ...endedRightly(event, ended)];
}

/** Handed over to a bypass that was open then, no drill, and covers the deploy. */
export function judgeAdopted(
  { event, bypassOf }: MomentOf<'deploy.adopted'>,
  bypass: Closed,
): readonly Violation[] {
  const deploy = deployIn(bypass, event.deploy);
  const other = bypassOf(event.by);
  const covered =
    deploy?.state.status === 'in-flight' &&
    event.by !== event.bypass &&
    other?.bypass.phase === 'active' &&
    !other.drill &&
    event.at < other.bypass.grant.expiresAt &&
    covers(other.bypass, bypass, deploy);
  return [...serviceActed(event), ...knownDeploy(event, bypass), ...endedRightly(event, covered)];
}

function covers({ request }: Active, { request: own }: Closed, deploy: Deploy): boolean {
  const facts = { ...deploy, gate: own.gate, artifact: deploy.artifact?.digest ?? null };
  return scopeCovers(request.gate, request.scope, facts);
}

/** Put back under enforcement: asked for or lost track of at the close, then answered once. */
export function judgeReverted(
  { event, chain }: MomentOf<'deploy.reverted'>,
  bypass: Closed,
): readonly Violation[] {
  const { lastEvent } = chain;
  const state = deployIn(bypass, event.deploy)?.state;
  const asked = event.result === 'pending' || event.result === 'unknown';
  const answered = event.result !== 'pending';
  const right =
    event.action === bypass.grant.inFlight &&
    ((state?.status === 'in-flight' && asked) ||
      (isPending(state) && answered) ||
      // `finished` stands right before the answer that it gives.
      (state?.status === 'finished' &&
        lastEvent.type === 'deploy.finished' &&
        lastEvent.deploy === event.deploy &&
        event.result === (state.outcome === 'cancelled' ? 'done' : 'too-late')));
  return [...serviceActed(event), ...knownDeploy(event, bypass), ...endedRightly(event, right)];
}

function deployIn({ deploys }: Active | Closed, key: string): Deploy | undefined {
  return deploys.find((one) => one.key === key);
}

function isPending(state: Deploy['state'] | undefined): boolean {
  return state?.status === 'reverting' && state.result === 'pending';
}

type DeployEvent = Moment['event'] & { readonly deploy: string };

function knownDeploy(event: DeployEvent, bypass: Active | Closed): readonly Violation[] {
  const known = deployIn(bypass, event.deploy) !== undefined;
  return unless(known, 'deploy-unknown', { bypass: event.bypass, found: event.deploy });
}

function endedRightly(event: DeployEvent, right: boolean): readonly Violation[] {
  return unless(right, 'deploy-end-wrong', { bypass: event.bypass, found: event.deploy });
}
