import { z } from 'zod';
import type { TenantId } from '#domain/ids';
import type { KubernetesClient } from './kubernetes-client.ts';
import { KyvernoFailure } from './kyverno-failure.ts';
import { ownLabels } from './policy-exception.ts';

const texts = z.record(z.string(), z.string());

const Standing = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    labels: texts.default({}),
    annotations: texts.default({}),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.unknown(),
});
/** An exception of ours as the cluster holds it; whoever may write there may have changed it. */
export type StandingException = z.infer<typeof Standing>;

const List = z.object({
  items: z.array(Standing),
  metadata: z.object({ continue: z.string().optional() }),
});

const PAGE = 200;
const MOST_PAGES = 50;

export const exceptionsPath = (namespace: string): string =>
  `/apis/policies.kyverno.io/v1/namespaces/${encodeURIComponent(namespace)}/policyexceptions`;

/** All exceptions of a tenant, or of one of its gates. @throws KyvernoFailure */
export async function standingExceptions(
  client: KubernetesClient,
  namespace: string,
  tenant: TenantId,
  gate?: string,
): Promise<readonly StandingException[]> {
  const labels = Object.entries(ownLabels(tenant, gate));
  const labelSelector = labels.map(([key, value]) => `${key}=${value}`).join(',');
  const found: StandingException[] = [];
  let next = '';
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = new URLSearchParams({ labelSelector, limit: String(PAGE) });
    if (next !== '') query.set('continue', next);
    const answer = await client.get(`${exceptionsPath(namespace)}?${query.toString()}`);
    if (answer === null)
      throw new KyvernoFailure(
        'no-kyverno',
        'the cluster has no PolicyException of policies.kyverno.io/v1: Kyverno 1.19 or later has it',
      );
    const parsed = List.safeParse(answer);
    if (!parsed.success) break;
    found.push(...parsed.data.items);
    next = parsed.data.metadata.continue ?? '';
    if (next === '') return found;
  }
  // A part of the list would pass for all of it, and leave what is beyond it standing.
  throw new KyvernoFailure('strange-answer', 'the list of exceptions cannot be read to its end');
}
