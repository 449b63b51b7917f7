import { bypassIn } from '#domain/bypass/chain';
import type { BypassId, TenantId } from '#domain/ids';
import type { OpenBypass } from '#domain/decision';
import { SECOND_MS, type Instant } from '#domain/instant';
import { keyIn } from '#domain/opened-gates';
import { isRefusal } from '#domain/refusal';
import type { DeployFacts } from '#domain/scope';
import { digestOf } from '#ledger/digest';
import { commitSession } from '../commit/commit-session.ts';
import { NO_FACTS } from '../commit/facts.ts';
import { judgeSight, NOTHING } from '../decision/judge-sight.ts';
import { GATE_ITSELF } from '../decision/asked-by.ts';
import type { AlarmStore } from '../ports/alarm.ts';
import type { Ports } from '../ports/ports.ts';
import type { TenantWrites } from '../ports/tenant-store.ts';
import { gateOf } from './gate-of.ts';

export interface ObservePorts extends Pick<Ports, 'store' | 'keys' | 'newSalt'> {
  readonly alarms: AlarmStore;
}

/** A deploy that the gate let through, or that went around it, as the gate system tells. */
export interface SeenDeploy {
  readonly facts: DeployFacts;
  /** As the log is to call it: `<id>#<attempt>`, or what the gate system calls it. */
  readonly deploy: string;
  /** The gate system's own id of its decision: the same when it is told again. */
  readonly decision: string;
  readonly commit: string | null;
  readonly url: string | null;
  readonly actor: string | null;
  /** The bypass whose exception was used; `null` where the gate system cannot tell. */
  readonly used: BypassId | null;
  /** The gate's own policy may have passed it: without a bypass at that time it is no news. */
  readonly mayHavePassed?: PassedAt;
}

/** When a gate let something through, and for how long after its end it may still heed a bypass. */
export interface PassedAt {
  /** By the gate system's own clock. */
  readonly at: Instant;
  readonly stalenessMs: number;
}

/** After the end of its bypass it is still to be said what became of the deploy. */
const AFTER_MS = 90 * SECOND_MS;

/** Clocks that are kept by NTP differ by less; a wider margin takes what came before a bypass for its deploy. */
const CLOCK_MS = 5 * SECOND_MS;

/**
 * A watch saw a deploy: it is annotated under the bypass that covers it, as `observed`. One that none
 * covers any more, or ever did, is an alarm; so is one that is told only after its bypass ended, since
 * the log takes no deploys of a closed bypass. Twice the same comes to the same.
 */
export async function observeDeploy(
  ports: ObservePorts,
  tenant: TenantId,
  seen: SeenDeploy,
): Promise<'annotated' | 'out-of-band' | 'passed'> {
  const annotated = await ports.store.locked(tenant, (tx) => annotate(ports, tenant, tx, seen));
  if (annotated) return 'annotated';
  let bypass = seen.used;
  if (seen.mayHavePassed !== undefined) {
    const past = await pastOf(ports, tenant, seen, seen.mayHavePassed);
    if (past === 'none') return 'passed';
    if (past === 'known') return 'annotated';
    bypass = past;
  }
  const { gate, service, environment } = seen.facts;
  await ports.alarms.raise(tenant, {
    // Hashed: the names together can be longer than a key may be.
    key: `out of band/${digestOf(JSON.stringify([gate, service, environment, seen.deploy]))}`,
    code: 'deploy-out-of-band',
    about: { gate, service, environment, deploy: seen.deploy, bypass: bypass ?? 'none' },
  });
  return 'out-of-band';
}

async function annotate(
  ports: ObservePorts,
  tenant: TenantId,
  tx: TenantWrites,
  seen: SeenDeploy,
): Promise<boolean> {
  const bypass = await coveredBy(tx, seen);
  if (bypass === null) return false;
  const known = await tx.bypassesOfDeploy(seen.facts, seen.deploy);
  const held = bypassIn(await tx.chainOf(bypass), bypass);
  // Told again after its bypass closed: it stands in the log already.
  if (held?.phase === 'closed') return known.some((one) => one.bypass === bypass);
  if (held?.phase !== 'active') return false;
  const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
  const outcome = await session.run(
    {
      type: 'annotate-deploy',
      bypass,
      deploy: seen.deploy,
      facts: seen.facts,
      commit: seen.commit,
      artifactName: null,
      provenance: 'observed',
      decision: seen.decision,
      url: seen.url,
      deployedBy: seen.actor,
      adoptedFrom: null,
    },
    NO_FACTS,
  );
  if (isRefusal(outcome) && outcome.code !== 'nothing-changed') return false;
  await session.finish();
  const key = keyIn(held.request, seen.facts.gate, seen.deploy);
  const lease = { bypass, deploy: key, by: GATE_ITSELF };
  await tx.renewLeases([lease], held.grant.expiresAt + AFTER_MS);
  return true;
}

/** What a gate system calls a bypass may be anything. */
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

async function coveredBy(
  tx: TenantWrites,
  { used, facts, mayHavePassed }: SeenDeploy,
): Promise<BypassId | null> {
  if (used !== null && ID.test(used)) {
    // At such a gate nothing is pushed, so that an exception there is none of ours.
    if (gateOf(await tx.currentPolicy(), facts.gate)?.verifiedFacts === true) return null;
    return (await tx.bypass(used)) === null ? null : used;
  }
  if (used !== null) return null;
  const sight = await tx.sight([facts.gate]);
  const open = sight.open.filter((one) => mayHaveOpened(one, mayHavePassed));
  const { decision } = judgeSight({ ...sight, open }, facts, NOTHING);
  return decision.decision === 'bypass' ? decision.bypass : null;
}

const activatedAt = ({ expiresAt, ttlMs }: OpenBypass): Instant => expiresAt - ttlMs;

/** What was let through before the activation was let through by something else. */
const mayHaveOpened = (bypass: OpenBypass, passed: PassedAt | undefined): boolean =>
  passed === undefined || activatedAt(bypass) <= passed.at + CLOCK_MS;

/**
 * The bypass that covered a deploy when it was let through, and had ended by the time it was told;
 * `known` where the log has the deploy under one of those.
 */
async function pastOf(
  { store }: ObservePorts,
  tenant: TenantId,
  { facts, deploy }: SeenDeploy,
  { at, stalenessMs }: PassedAt,
): Promise<BypassId | 'known' | 'none'> {
  return store.read(tenant, async (tx) => {
    const current = await tx.currentPolicy();
    const known = await tx.bypassesOfDeploy(facts, deploy);
    const past = await tx.openedBetween(facts.gate, at - stalenessMs - CLOCK_MS, at + CLOCK_MS);
    let found: BypassId | 'none' = 'none';
    for (const one of past) {
      const version = await tx.policy(one.policy);
      if (version === null) continue;
      const versions = new Map([[one.policy, version]]);
      // As it was judged while it stood.
      const sight = { current, open: [one], versions, now: activatedAt(one) };
      if (judgeSight(sight, facts, NOTHING).decision.decision !== 'bypass') continue;
      if (known.some(({ bypass }) => bypass === one.id)) return 'known';
      found = one.id;
    }
    return found;
  });
}
