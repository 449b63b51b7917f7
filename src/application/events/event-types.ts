import type { Bypass, Chain, Deploy, DeployState } from '#domain/bypass/chain';
import type { BypassEvent } from '#domain/bypass/event';
import type { BypassId } from '#domain/ids';
import { deployKey, namedDeploy } from '#domain/opened-gates';
import type { Deployed } from '../ports/events.ts';
import { packageUrl } from './package-url.ts';

/** Sent on request, to try a webhook. */
export const TRIAL_TYPE = 'sh.safeguard.breakglass.webhook.trial.v1';

/** The type of our own that every entry about a bypass has. */
export const ownType = (entryType: string): string => `sh.safeguard.breakglass.${entryType}.v1`;

export const isCdEventType = (type: string): boolean => type.startsWith('dev.cdevents.');

export interface CdEvent {
  readonly type: `dev.cdevents.service.${'deployed' | 'upgraded' | 'rolledback'}.0.3.0`;
  readonly deployed: Deployed;
}

/**
 * The CDEvent that an entry makes beside our own, if any: a deploy that succeeded is `upgraded` where
 * an earlier one of the same service stands in the chain, else `deployed`; one that was rolled back
 * is `rolledback` to that earlier one. CDEvents demand the artifact that runs now, so where it is not
 * known there is none: nothing is claimed that the log does not have. Drills deploy nothing.
 *
 * @param chain as the event left it.
 */
export function cdEventOf(event: BypassEvent, chain: Chain): CdEvent | null {
  if (event.drill || !('deploy' in event)) return null;
  const deploy = deployIn(chain, event.bypass, deployKey(event));
  // One run at several gates was deployed once.
  if (deploy === undefined || isTold(chain, event.bypass, deploy)) return null;
  const before = earlierOf(chain, deploy);
  if (event.type === 'deploy.finished' && event.outcome === 'succeeded')
    return cdEvent(before === undefined ? 'deployed' : 'upgraded', deploy);
  const rolledBack =
    event.type === 'deploy.reverted' && event.action === 'rollback' && event.result === 'done';
  return rolledBack && before !== undefined ? cdEvent('rolledback', before) : null;
}

function cdEvent(what: 'deployed' | 'upgraded' | 'rolledback', deploy: Deploy): CdEvent | null {
  const { service, environment, artifact } = deploy;
  if (artifact === null) return null;
  const deployed = { service, environment, artifactId: packageUrl(artifact) };
  return { type: `dev.cdevents.service.${what}.0.3.0`, deployed };
}

const deploysOf = (bypass: Bypass): readonly Deploy[] =>
  bypass.phase === 'active' || bypass.phase === 'closed' ? bypass.deploys : [];

function deployIn(chain: Chain, id: BypassId, key: string): Deploy | undefined {
  const bypass = chain.bypasses.find((one) => one.request.id === id);
  return bypass && deploysOf(bypass).find((one) => one.key === key);
}

const isSameRun = (a: Deploy, b: Deploy): boolean =>
  namedDeploy(a).deploy === namedDeploy(b).deploy;

/** Whether the same run came to the same end at another gate of the bypass before. */
function isTold({ bypasses }: Chain, id: BypassId, deploy: Deploy): boolean {
  return bypasses
    .filter(({ request }) => request.id === id)
    .flatMap(deploysOf)
    .some(
      (one) =>
        one.key !== deploy.key && isSameRun(one, deploy) && isSameState(one.state, deploy.state),
    );
}

function isSameState(a: DeployState, b: DeployState): boolean {
  if (a.status === 'finished') return b.status === 'finished' && a.outcome === b.outcome;
  return a.status === 'reverting' && b.status === 'reverting' && a.result === b.result;
}

/** The last one before that is known to have succeeded, of the same service and environment. */
function earlierOf(chain: Chain, deploy: Deploy): Deploy | undefined {
  return chain.bypasses
    .flatMap(deploysOf)
    .filter(
      (one) =>
        !isSameRun(one, deploy) &&
        one.service === deploy.service &&
        one.environment === deploy.environment &&
        one.annotatedAt <= deploy.annotatedAt &&
        one.state.status === 'finished' &&
        one.state.outcome === 'succeeded',
    )
    .toSorted((a, b) => a.annotatedAt - b.annotatedAt)
    .at(-1);
}
