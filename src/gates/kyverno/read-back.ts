import { z } from 'zod';
import type { BypassId, TenantId } from '#domain/ids';
import type { GateTarget, PolicyRef } from './gate-target.ts';
import type { KubernetesClient } from './kubernetes-client.ts';
import { KyvernoFailure } from './kyverno-failure.ts';
import { BYPASS_LABEL, exceptionName } from './policy-exception.ts';
import { exceptionsPath, standingExceptions } from './standing-exceptions.ts';

/** `validationActions` is Deny where it is left out. */
const Policy = z.object({
  spec: z.object({ validationActions: z.array(z.string()).default(['Deny']) }),
});

/**
 * Whether the gate holds nothing of this bypass any more, and all its policies are there and deny. It
 * is what the cluster holds that is looked at: a trial deploy would need the right to deploy.
 * @throws KyvernoFailure
 */
export async function enforcesAt(
  client: KubernetesClient,
  namespace: string,
  of: { readonly tenant: TenantId; readonly gate: string; readonly target: GateTarget },
  facts: { readonly environment: string },
  ended: BypassId,
): Promise<boolean> {
  const { tenant, gate, target } = of;
  const standing = await standingExceptions(client, namespace, tenant, gate);
  if (standing.some(({ metadata }) => metadata.labels[BYPASS_LABEL] === ended)) return false;
  // Kyverno heeds an exception whatever its labels are, and they are all that we list by.
  const named = `${exceptionsPath(namespace)}/${encodeURIComponent(exceptionName(ended))}`;
  if ((await client.get(named)) !== null) return false;
  for (const ref of target.policies)
    if (!(await denies(client, ref, facts.environment))) return false;
  return true;
}

async function denies(
  client: KubernetesClient,
  { kind, name }: PolicyRef,
  environment: string,
): Promise<boolean> {
  const plural = `${kind.toLowerCase().slice(0, -1)}ies`;
  // A namespaced policy stands where it applies, and the namespace is called as the environment.
  const within = kind.startsWith('Namespaced')
    ? `namespaces/${encodeURIComponent(environment)}/`
    : '';
  const found = await client.get(`/apis/policies.kyverno.io/v1/${within}${plural}/${name}`);
  if (found === null) return false;
  const parsed = Policy.safeParse(found);
  if (!parsed.success)
    throw new KyvernoFailure('strange-answer', `${kind} ${name} cannot be read as a policy`);
  return parsed.data.spec.validationActions.includes('Deny');
}
