import type { WantedException } from '#application/ports/gate-adapter';
import type { BypassId } from '#domain/ids';
import type { KubernetesClient } from './kubernetes-client.ts';
import { KyvernoFailure } from './kyverno-failure.ts';
import { planChanges } from './plan-changes.ts';
import { policyException, type Place, type PolicyException } from './policy-exception.ts';
import { exceptionsPath, standingExceptions } from './standing-exceptions.ts';
import { tryEach } from './try-each.ts';

export interface Reconciled {
  readonly stands: readonly BypassId[];
  /** What Kyverno says beside its yes, as that exceptions are switched off. */
  readonly warnings: readonly string[];
}

/**
 * Brings the cluster to what is wanted for a gate: first removes, then replaces, then creates, so that a
 * crash in between leaves less open, never more; the next run goes on from there. One bypass that the
 * gate cannot hold, or that is not taken, keeps no other from standing, nor from going.
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
  const warnings: string[] = [];
  const removed = remove.map(
    ({ metadata }) =>
      () =>
        client.remove(`${path}/${metadata.name}`, metadata.uid),
  );
  const replaced = replace.map(([{ metadata }, object]) => async () => {
    // With the version that was read: what somebody wrote meanwhile is not written over unseen.
    const { resourceVersion } = metadata;
    const versioned = { ...object, metadata: { ...object.metadata, resourceVersion } };
    warnings.push(...(await client.write('PUT', `${path}/${metadata.name}`, versioned)));
  });
  const created = create.map(
    (object) => async () => void warnings.push(...(await client.write('POST', path, object))),
  );
  await tryEach([...removed, ...replaced, ...created], (write) => write());
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
