import type { Chain } from '#domain/bypass/chain';
import type { BypassId } from '#domain/ids';
import { readEventTimes } from './timeline.ts';
import type { PostMortemCard, BypassCard } from '../ports/card.ts';
import type { Ports } from '../ports/ports.ts';
import type { PostMortemTemplates } from '../ports/post-mortem-template.ts';
import type { TenantReads } from '../ports/tenant-store.ts';
import { completionView } from './completion-view.ts';
import { loadCard } from './load-card.ts';
import { markedLines } from './marked-lines.ts';

/** The review of a chain, filled from its log as it stands now. @throws RangeError if none was opened. */
export async function loadPostMortem(
  ports: Pick<Ports, 'evaluation'> & { readonly templates: PostMortemTemplates },
  tx: TenantReads,
  bypass: BypassId,
): Promise<PostMortemCard> {
  const chain = await tx.chainOf(bypass);
  const card = await loadCard(ports, tx, bypass);
  if (chain === null || card === null || card.postMortem === null)
    throw new RangeError(`bypass ${bypass} has no post-mortem`);
  const { assignee, dueAt, completedAt } = card.postMortem;
  const entries = await tx.entriesOf(chain.id);
  const bypasses = chain.bypasses.map(({ request }) => request.id);
  const facts = {
    card,
    earlier: await earlierCards(ports, tx, chain, bypass),
    timeline: [...readEventTimes(entries), ...(await markedLines(tx, bypasses))].toSorted(
      (a, b) => a.at - b.at,
    ),
    dueAt,
  };
  const current = await tx.currentPolicy();
  const markdown = await ports.templates.render(current?.directory.template ?? null, facts);
  const completion = await completionView(tx, entries);
  return { bypass, card, assignee, dueAt, completedAt, completion, markdown };
}

async function earlierCards(
  ports: Pick<Ports, 'evaluation'>,
  tx: TenantReads,
  chain: Chain,
  bypass: BypassId,
): Promise<readonly BypassCard[]> {
  const cards: BypassCard[] = [];
  for (const { request } of chain.bypasses) {
    const card = request.id === bypass ? null : await loadCard(ports, tx, request.id);
    if (card !== null) cards.push(card);
  }
  return cards;
}
