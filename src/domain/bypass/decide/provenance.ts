import { SERVICE } from '../../actor.ts';
import { namedDeploy } from '../../opened-gates.ts';
import { canBeFound } from '../../provenance-result.ts';
import { refuse, type Refusal } from '../../refusal.ts';
import type { Active, Chain, Closed } from '../chain.ts';
import type { CheckProvenance } from '../command.ts';
import type { Context } from '../context.ts';
import type { BypassEvent } from '../event.ts';
import { header } from './judged.ts';

/** What was found of a deploy's provenance: once for each time that the deploy named one. */
export function checkProvenance(
  chain: Chain,
  bypass: Active | Closed,
  command: CheckProvenance,
  context: Context,
): readonly BypassEvent[] | Refusal {
  const known = bypass.deploys.find((one) => one.key === command.deploy);
  if (known === undefined) return refuse({ code: 'unknown-deploy' });
  const { provenance } = known;
  const artifact = known.artifact?.digest ?? null;
  const { result } = command;
  const isSame =
    provenance?.digest === command.provenance &&
    artifact === command.artifact &&
    known.annotatedAt === command.annotatedAt;
  if (!isSame || provenance.result !== null || !canBeFound(result, artifact))
    return refuse({ code: 'nothing-changed' });
  return [
    {
      ...header(chain, bypass.request, SERVICE, context.now),
      type: 'provenance.checked',
      ...namedDeploy(known),
      provenance: { digest: provenance.digest },
      artifact,
      result,
    },
  ];
}
