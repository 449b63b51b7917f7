import { openedBy } from '#application/gates/opened-by';
import type { AdapterOf, GateAdapter, PushAdapter } from '#application/ports/gate-adapter';
import type { Ports } from '#application/ports/ports';
import type { BypassId, TenantId } from '#domain/ids';
import type { DeployFacts } from '#domain/scope';
import { githubAdapter } from '#gates/github/github-adapter';
import type { GithubGates } from '#gates/github/github-gate';
import { httpGate } from '#gates/http/http-gate';

/** Kinds whose gate is looked at where it stands, or not at all. */
const OF_THEIR_OWN: ReadonlySet<string> = new Set(['github', 'kyverno', 'opa']);

/**
 * The adapters of the gate systems that are set up. A gate of another kind asks by HTTP, whatever system
 * it stands in; one of these kinds without its settings has none: what it would hear says nothing of it.
 */
export function adapterOver(
  ports: Pick<Ports, 'store'>,
  github: GithubGates | null,
  pushed: readonly PushAdapter[],
): AdapterOf {
  const opensBy = (tenant: TenantId, facts: DeployFacts): Promise<BypassId | null> =>
    openedBy(ports, tenant, facts);
  const asking = httpGate(opensBy);
  const known: readonly GateAdapter[] = [
    ...(github === null ? [] : [githubAdapter(github, opensBy)]),
    ...pushed,
  ];
  return (kind) =>
    known.find((one) => one.kind === kind) ?? (OF_THEIR_OWN.has(kind) ? undefined : asking);
}
