import type { TenantId } from '#domain/ids';
import { refuse } from '#domain/refusal';
import { expectUnmoved, gatherFacts } from '../people/gather-facts.ts';
import type { Ports } from '../ports/ports.ts';
import type { PressAction } from '../ports/press.ts';
import { MAX_QUESTION } from '../ports/questions.ts';
import { commitPress, endRefused, type PressAtWork } from './commit-press.ts';
import { refusedNow } from './refused-now.ts';

export type AskAction = Extract<PressAction, { kind: 'ask' }>;

/**
 * Puts an approver's question into the request's thread. It moves no state, so nothing of it stands
 * in the log; once it is posted it stands in Slack alone.
 */
export async function handleAsk(
  ports: Ports,
  tenant: TenantId,
  { press, actor, situation }: PressAtWork,
  { bypass, question }: AskAction,
): Promise<void> {
  const text = question.trim();
  if (text === '' || text.length > MAX_QUESTION) {
    const refusal = refuse({ code: 'form-unusable', fields: ['question'] });
    return endRefused(ports, tenant, press, refusal);
  }
  const facts = await gatherFacts(ports, tenant, situation, actor);
  await commitPress(ports, tenant, press, async (_session, tx) => {
    await expectUnmoved(tx, situation);
    const refusal = await refusedNow(tx, bypass, actor.person, facts);
    if (refusal !== null) return refusal;
    await tx.addQuestion({ id: press.id, bypass, person: actor.person, text });
    // The cards say that there is one.
    await tx.touchSurfaces(bypass);
    return [];
  });
}
