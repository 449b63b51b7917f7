import type { Active, Closed } from '#domain/bypass/chain';
import { deployKey } from '#domain/opened-gates';
import { canBeFound } from '#domain/provenance-result';
import { serviceActed } from './entry-rules.ts';
import type { BypassEventOf, Moment } from './replayed-entry.ts';

/**
 * The service's word on what lay at an address, once for each time that the deploy named one, and of
 * the very digest and artifact that it named. What lay there nobody can look at again.
 */
export function judgeProvenance(
  event: BypassEventOf<'provenance.checked'>,
  { deploys }: Active | Closed,
  { chain, broken }: Moment,
): void {
  const about = { bypass: event.bypass, found: event.deploy };
  const key = deployKey(event);
  const deploy = deploys.find((one) => one.key === key);
  serviceActed(event, broken);
  if (chain.state.drill) broken.push({ code: 'deploy-in-drill', ...about });
  if (deploy === undefined) {
    broken.push({ code: 'deploy-unknown', ...about });
    return;
  }
  const { provenance, artifact } = deploy;
  const isRight =
    provenance?.result === null &&
    provenance.digest === event.provenance.digest &&
    (artifact?.digest ?? null) === event.artifact &&
    canBeFound(event.result, event.artifact);
  if (!isRight) broken.push({ code: 'provenance-wrong', ...about });
}
