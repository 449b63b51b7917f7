import { bypassIn } from '#domain/bypass/chain';
import type { TenantId } from '#domain/ids';
import { refuse } from '#domain/refusal';
import { expectUnmoved, gatherFacts } from '../people/gather-facts.ts';
import { CLAIM_MS } from '../ports/claims.ts';
import type { Ports } from '../ports/ports.ts';
import type { PressAction } from '../ports/press.ts';
import { commitPress, type PressAtWork } from './commit-press.ts';
import { refusedNow } from './refused-now.ts';

export type ClaimAction = Extract<PressAction, { kind: 'claim' }>;

/**
 * Shows the others that somebody looks at a request, or no more. Only whose approval would count may
 * say so: the others would wait for nothing. Nothing of it stands in the log.
 */
export async function handleClaim(
  ports: Ports,
  tenant: TenantId,
  { press, actor, situation }: PressAtWork,
  { bypass, on }: ClaimAction,
): Promise<void> {
  if (bypassIn(situation.chain, bypass) === undefined)
    return commitPress(ports, tenant, press, async () => refuse({ code: 'unknown-bypass' }));
  const facts = on ? await gatherFacts(ports, tenant, situation, actor) : null;
  await commitPress(ports, tenant, press, async (_session, tx) => {
    if (facts === null) await tx.endClaim(bypass, actor.person);
    else {
      await expectUnmoved(tx, situation);
      const refusal = await refusedNow(tx, bypass, actor.person, facts);
      if (refusal !== null) return refusal;
      await tx.claim(bypass, actor.person, CLAIM_MS);
    }
    await tx.touchSurfaces(bypass);
    return [];
  });
}
