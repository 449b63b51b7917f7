import type { Chain } from '#domain/bypass/chain';
import type { AnnotateDeploy } from '#domain/bypass/command';
import type { DeployAdopted } from '#domain/bypass/event';
import { deployKey } from '#domain/opened-gates';

/** The deploy as its adopter annotates it. */
export function adoption(chain: Chain | null, event: DeployAdopted): AnnotateDeploy {
  const bypass = chain?.bypasses.find((one) => one.request.id === event.bypass);
  const deploy =
    bypass?.phase === 'closed'
      ? bypass.deploys.find((one) => one.key === deployKey(event))
      : undefined;
  if (deploy === undefined)
    throw new RangeError(`deploy ${event.deploy} was adopted but never annotated`);
  const { service, environment, branch, artifact, commit, facts } = deploy;
  return {
    type: 'annotate-deploy',
    bypass: event.by,
    deploy: event.deploy,
    facts: {
      gate: event.member ?? event.gate,
      service,
      environment,
      branch,
      artifact: artifact?.digest ?? null,
    },
    commit,
    artifactName: artifact?.name ?? null,
    provenance: facts,
    decision: `adopted:${event.bypass}`,
    url: null,
    deployedBy: null,
    adoptedFrom: event.bypass,
  };
}
