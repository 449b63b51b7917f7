import type { TenantId } from '#domain/ids';
import { refuse } from '#domain/refusal';
import type { Ports } from '../ports/ports.ts';
import type { PressAction } from '../ports/press.ts';
import { MARK_MOST, MARKS_MOST } from '../ports/timeline-marks.ts';
import { commitPress, type PressAtWork } from './commit-press.ts';

export type MarkAction = Extract<PressAction, { kind: 'mark' }>;

/**
 * Takes a message of the card's thread into the timeline of the review. Whoever reads the thread as a
 * member may. It moves no state and proves nothing, so nothing of it stands in the log.
 */
export async function handleMark(
  ports: Ports,
  tenant: TenantId,
  { press, actor }: PressAtWork,
  { bypass, ts, author, said, saidAt }: MarkAction,
): Promise<void> {
  const text = said.trim().slice(0, MARK_MOST).toWellFormed();
  await commitPress(ports, tenant, press, async (_session, tx) => {
    const chain = await tx.chainOf(bypass);
    if (chain === null) return refuse({ code: 'unknown-bypass' });
    const isFull = (await tx.marksOf([bypass])).length >= MARKS_MOST;
    if (text === '' || isFull) return refuse({ code: 'form-unusable', fields: ['timeline'] });
    const mark = { bypass, ts, author, by: actor.person, said: text, saidAt };
    if (!(await tx.addMark(mark))) return refuse({ code: 'nothing-changed' });
    await tx.touchSurfaces(bypass, { kind: 'post-mortem', urgent: false });
    const isKeptElsewhere = (await tx.currentPolicy())?.directory.reviewIssues !== undefined;
    if (chain.postMortem !== null && isKeptElsewhere)
      await tx.enqueue('review-issue', chain.postMortem.bypass);
    return [];
  });
}
