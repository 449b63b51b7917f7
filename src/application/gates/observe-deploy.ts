import { bypassIn } from '#domain/bypass/chain';
import type { BypassId, TenantId } from '#domain/ids';
import { SECOND_MS } from '#domain/instant';
import { isRefusal } from '#domain/refusal';
import type { DeployFacts } from '#domain/scope';
import { digestOf } from '#ledger/digest';
import { commitSession } from '../commit/commit-session.ts';
import { NO_FACTS } from '../commit/facts.ts';
import { judgeFacts } from '../decision/answer-question.ts';
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
  /** The gate's own policy may have passed it: without a bypass it is no news. */
  readonly mayHavePassed?: true;
}

/** After the end of its bypass it is still to be said what became of the deploy. */
const AFTER_MS = 90 * SECOND_MS;

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
  if (seen.mayHavePassed) return 'passed';
  const { gate, service, environment } = seen.facts;
  await ports.alarms.raise(tenant, {
    // Hashed: the names together can be longer than a key may be.
    key: `out of band/${digestOf(JSON.stringify([gate, service, environment, seen.deploy]))}`,
    code: 'deploy-out-of-band',
    about: { gate, service, environment, deploy: seen.deploy, bypass: seen.used ?? 'none' },
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
  await tx.renewLease(bypass, seen.deploy, held.grant.expiresAt + AFTER_MS);
  return true;
}

/** What a gate system calls a bypass may be anything. */
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

async function coveredBy(tx: TenantWrites, { used, facts }: SeenDeploy): Promise<BypassId | null> {
  if (used !== null && ID.test(used)) {
    // At such a gate nothing is pushed, so that an exception there is none of ours.
    if (gateOf(await tx.currentPolicy(), facts.gate)?.verifiedFacts === true) return null;
    return (await tx.bypass(used)) === null ? null : used;
  }
  if (used !== null) return null;
  const { decision } = await judgeFacts(tx, facts);
  return decision.decision === 'bypass' ? decision.bypass : null;
}
