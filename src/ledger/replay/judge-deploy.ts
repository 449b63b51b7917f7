import type { Active, Bypass, Closed, Deploy, Request } from '#domain/bypass/chain';
import { deployKey, keyIn, openedGates } from '#domain/opened-gates';
import { lookUp } from '#domain/policy/evaluate-policy';
import { scopeCovers } from '#domain/scope';
import { serviceActed } from './entry-rules.ts';
import { lacksPolicy } from './lacks-policy.ts';
import type { BypassEventOf, Moment } from './replayed-entry.ts';
import type { Broken } from './violation.ts';

type Annotated = BypassEventOf<'deploy.annotated'>;

/** A deploy: never in a drill, inside scope and window, and known to the bypass it came from. */
export function judgeAnnotated(event: Annotated, bypass: Bypass, moment: Moment): void {
  const { chain, broken } = moment;
  const about = { bypass: event.bypass, found: event.deploy };
  const { request } = bypass;
  const within =
    bypass.phase === 'active' &&
    event.at >= bypass.grant.activatedAt &&
    event.at < bypass.grant.expiresAt;
  serviceActed(event, broken);
  if (chain.state.drill) broken.push({ code: 'deploy-in-drill', ...about });
  if (!isMember(event, request)) broken.push({ code: 'gate-not-opened', ...about });
  if (!scopeCovers(openedGates(request), request.scope, factsOf(event, gateOf(event))))
    broken.push({ code: 'deploy-outside-scope', ...about });
  if (!within) broken.push({ code: 'deploy-outside-window', ...about });
  if (!verifiedEnough(event, moment)) broken.push({ code: 'facts-not-verified', ...about });
  if (!cameFrom(event, moment)) broken.push({ code: 'deploy-end-wrong', ...about });
}

type Named = Pick<Annotated, 'deploy' | 'member'>;

/** The gate that an entry is about. */
const gateOf = ({ gate, member }: Pick<Annotated, 'gate' | 'member'>): string => member ?? gate;

/** Of several gates an entry names one; where there is one alone, it names none. */
function isMember(
  { member }: Pick<Annotated, 'member'>,
  { gates }: Pick<Request, 'gates'>,
): boolean {
  if (gates === undefined || member === undefined)
    return gates === undefined && member === undefined;
  return gates.includes(member);
}

type Placed = Pick<Deploy, 'service' | 'environment' | 'branch' | 'artifact'>;

/** What a scope is asked about. */
function factsOf({ service, environment, branch, artifact }: Placed, gate: string) {
  return { gate, service, environment, branch, artifact: artifact?.digest ?? null };
}

/**
 * Claimed facts let nothing through at a gate whose policy demands verified ones. One that is handed
 * over asks no gate: it keeps the facts that it was let through on.
 */
function verifiedEnough(event: Annotated, moment: Moment): boolean {
  const { inForce, policyOf } = moment;
  if (event.facts === 'verified' || event.adoptedFrom !== null) return true;
  if (lacksPolicy(event.bypass, [inForce], moment) || inForce === null) return true;
  const gates = policyOf(inForce)?.gates ?? {};
  return lookUp(gates, gateOf(event))?.verifiedFacts !== true;
}

/** A deploy that was handed over stands as adopted in the bypass that it came from. */
function cameFrom(event: Annotated, { bypassOf }: Moment): boolean {
  if (event.adoptedFrom === null) return true;
  const from = bypassOf(event.adoptedFrom)?.bypass;
  if (from?.phase !== 'closed') return false;
  const { state, facts } =
    from.deploys.find((one) => one.key === keyIn(from.request, gateOf(event), event.deploy)) ?? {};
  return state?.status === 'adopted' && state.by === event.bypass && facts === event.facts;
}

export function judgeFinished(
  event: BypassEventOf<'deploy.finished'>,
  bypass: Active | Closed,
  { broken }: Moment,
): void {
  const status = deployIn(bypass, event)?.state;
  const ended = status?.status === 'in-flight' || isPending(status);
  judgeEnd(event, bypass, ended, broken);
}

/** Handed over to a bypass that was open then, no drill, and covers the deploy. */
export function judgeAdopted(
  event: BypassEventOf<'deploy.adopted'>,
  bypass: Closed,
  { bypassOf, broken }: Moment,
): void {
  const deploy = deployIn(bypass, event);
  const other = bypassOf(event.by);
  const covered =
    deploy?.state.status === 'in-flight' &&
    event.by !== event.bypass &&
    other?.bypass.phase === 'active' &&
    !other.drill &&
    event.at < other.bypass.grant.expiresAt &&
    covers(other.bypass, bypass, deploy);
  judgeEnd(event, bypass, covered, broken);
}

function covers({ request }: Active, { request: own }: Closed, deploy: Deploy): boolean {
  return scopeCovers(
    openedGates(request),
    request.scope,
    factsOf(deploy, deploy.member ?? own.gate),
  );
}

/** Put back under enforcement: asked for or lost track of at the close, then answered once. */
export function judgeReverted(
  event: BypassEventOf<'deploy.reverted'>,
  bypass: Closed,
  { chain, broken }: Moment,
): void {
  const { lastEvent } = chain;
  const state = deployIn(bypass, event)?.state;
  const asked = event.result === 'pending' || event.result === 'unknown';
  const answered = event.result !== 'pending';
  const right =
    event.action === bypass.grant.inFlight &&
    ((state?.status === 'in-flight' && asked) ||
      (isPending(state) && answered) ||
      // `finished` stands right before the answer that it gives.
      (state?.status === 'finished' &&
        lastEvent.type === 'deploy.finished' &&
        lastEvent.deploy === deployKey(event) &&
        event.result === (state.outcome === 'cancelled' ? 'done' : 'too-late')));
  judgeEnd(event, bypass, right, broken);
}

/** Each gate is looked at by itself. */
export function judgeReadBack(
  event: BypassEventOf<'gate.read-back'>,
  { request }: Closed,
  { broken }: Moment,
): void {
  if (!isMember(event, request))
    broken.push({ code: 'gate-not-opened', bypass: event.bypass, found: gateOf(event) });
}

function deployIn({ deploys }: Active | Closed, event: Named): Deploy | undefined {
  const key = deployKey(event);
  return deploys.find((one) => one.key === key);
}

function isPending(state: Deploy['state'] | undefined): boolean {
  return state?.status === 'reverting' && state.result === 'pending';
}

type DeployEnd = BypassEventOf<'deploy.finished' | 'deploy.adopted' | 'deploy.reverted'>;

/** The service's word on a deploy that the bypass knows, and the right one. */
function judgeEnd(event: DeployEnd, bypass: Active | Closed, right: boolean, broken: Broken): void {
  const about = { bypass: event.bypass, found: event.deploy };
  serviceActed(event, broken);
  if (deployIn(bypass, event) === undefined) broken.push({ code: 'deploy-unknown', ...about });
  if (!right) broken.push({ code: 'deploy-end-wrong', ...about });
}
