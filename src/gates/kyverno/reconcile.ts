import type { WantedException } from '#application/ports/gate-adapter';
import type { BypassId } from '#domain/ids';
import type { KubernetesClient } from './kubernetes-client.ts';
import { KyvernoFailure } from './kyverno-failure.ts';
import { planChanges } from './plan-changes.ts';
import { policyException, type Place, type PolicyException } from './policy-exception.ts';
import { exceptionsPath, standingExceptions } from './standing-exceptions.ts';

export interface Reconciled {
  readonly stands: readonly BypassId[];
  /** What Kyverno says beside its yes, as that exceptions are switched off. */
  readonly warnings: readonly string[];
}

/**
 * Brings the cluster to what is wanted for a gate: first removes, then replaces, then creates, so that a
 * crash in between leaves less open, never more; the next run goes on from there. One bypass that the
 * gate cannot hold keeps no other from standing.
 * @throws KyvernoFailure the first of those, when all the others are done.
 */
export async function reconcileGate(
  client: KubernetesClient,
  place: Place,
  wanted: readonly WantedException[],
): Promise<Reconciled> {
  const { tenant, namespace, gate } = place;
  const path = exceptionsPath(namespace);
  const standing = await standingExceptions(client, namespace, tenant, gate);
  const { objects, problem } = rendered(place, wanted);
  const { remove, replace, create } = planChanges(standing, objects);
  for (const { metadata } of remove) await client.remove(`${path}/${metadata.name}`, metadata.uid);
  const warnings: string[] = [];
  for (const [{ metadata }, object] of replace) {
    // With the version that was read: what somebody wrote meanwhile is not written over unseen.
    const { resourceVersion } = metadata;
    const versioned = { ...object, metadata: { ...object.metadata, resourceVersion } };
    warnings.push(...(await client.write('PUT', `${path}/${metadata.name}`, versioned)));
  }
  for (const object of create) warnings.push(...(await client.write('POST', path, object)));
  if (problem !== undefined) throw problem;
  return { stands: wanted.map(({ bypass }) => bypass), warnings };
}

function rendered(place: Place, wanted: readonly WantedException[]) {
  const objects: PolicyException[] = [];
  let problem: KyvernoFailure | undefined;
  for (const one of wanted) {
    try {
      objects.push(policyException(place, one));
    } catch (error) {
      if (!(error instanceof KyvernoFailure)) throw error;
      problem ??= error;
    }
  }
  return { objects, problem };
}
