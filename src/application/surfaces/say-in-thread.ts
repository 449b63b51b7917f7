import { bypassId, type TenantId } from '#domain/ids';
import { loadCard } from '../card/load-card.ts';
import { loadExpiring } from '../card/load-expiring.ts';
import { loadDrillReport } from '../drill/load-drill-report.ts';
import type { Ports } from '../ports/ports.ts';
import type { NewQuestion } from '../ports/questions.ts';
import { rateLimitOf, type Publisher, type ThreadMessage } from '../ports/surface.ts';
import type { ThreadJob, ThreadStore } from '../ports/threads.ts';
import { isParked } from './is-parked.ts';

export type ThreadPorts = Pick<Ports, 'store' | 'evaluation'> & {
  readonly threads: ThreadStore;
  readonly publisher: Publisher;
};

/** The card whose thread it goes into is not posted yet. */
class CardAwaited extends Error {
  override name = 'CardAwaited';
  readonly code = 'card-awaited';
}

/**
 * Says something in the thread of a card, unless it has no point any more. A crash between sending
 * and recording says it a second time.
 *
 * @throws PublishFailed, CardAwaited: the job is tried again.
 */
export async function sayInThread(
  ports: ThreadPorts,
  tenant: TenantId,
  job: ThreadJob,
): Promise<void> {
  const said = await whatToSay(ports, tenant, job);
  if (said === null) return;
  const under = await ports.threads.cardToSayUnder(tenant, said.card.bypass, job);
  if (under === null) return;
  const { to, message } = under;
  if (message === null) throw new CardAwaited('the card of the request is not posted yet');
  try {
    await ports.publisher.say({ to, message }, said, tenant);
  } catch (error) {
    if (isParked(error)) return;
    const limit = rateLimitOf(error);
    if (limit === null) throw error;
    return ports.threads.threadLimited(tenant, under, job, limit);
  }
  if (said.kind === 'question') await ports.threads.questionPosted(tenant, job.id);
}

async function whatToSay(
  ports: ThreadPorts,
  tenant: TenantId,
  { id, kind }: ThreadJob,
): Promise<ThreadMessage | null> {
  if (kind === 'expiring')
    return ports.store.read(tenant, (tx) => loadExpiring(ports, tx, bypassId(id)));
  if (kind === 'drill-report')
    return ports.store.read(tenant, (tx) => loadDrillReport(ports, tx, bypassId(id)));
  const question = await ports.threads.question(tenant, id);
  return question === null ? null : asked(ports, tenant, question);
}

async function asked(
  ports: ThreadPorts,
  tenant: TenantId,
  { bypass, person, text }: NewQuestion,
): Promise<ThreadMessage> {
  return ports.store.read(tenant, async (tx) => {
    const card = await loadCard(ports, tx, bypass);
    const [by] = await tx.people([person]);
    if (card === null || by === undefined)
      throw new RangeError(`a question is about the bypass ${bypass}, which is not stored`);
    return { kind: 'question', card, by, text };
  });
}
