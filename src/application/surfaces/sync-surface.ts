import type { TenantId } from '#domain/ids';
import { loadCard } from '../card/load-card.ts';
import { loadPostMortem } from '../card/load-post-mortem.ts';
import type { Ports } from '../ports/ports.ts';
import type { PostMortemTemplates } from '../ports/post-mortem-template.ts';
import {
  PublishFailed,
  rateLimitOf,
  type Publisher,
  type Recipient,
  type Surface,
  type SurfaceModel,
} from '../ports/surface.ts';
import type { SurfaceStore } from '../ports/surface-store.ts';
import type { TenantReads } from '../ports/tenant-store.ts';
import { isParked } from './is-parked.ts';

export interface SurfacePorts extends Pick<Ports, 'store' | 'evaluation'> {
  readonly surfaces: SurfaceStore;
  readonly publisher: Publisher;
  readonly templates: PostMortemTemplates;
}

/** The card this one hangs under is not posted yet. */
class ParentAwaited extends Error {
  override name = 'ParentAwaited';
  readonly code = 'parent-awaited';
}

/**
 * Brings one copy of a card up to the state as it stands now, until it shows the latest. Runs as a
 * job and may run twice: what is rendered depends on the state alone.
 *
 * Slack gives no way to post once: `chat.postMessage` takes no key of the caller's, and a message of
 * ours is found again only with a scope to read conversations, which would show us everything that
 * people write there. So a post without an answer, lost on the way or with a killed process, is
 * repeated, and the card says that it may stand twice. A press on either is judged by the state
 * alone. The press also names its message (`container` of the payload), and one that is not kept up
 * to date is taken away then: see `retractCopy`.
 *
 * @throws PublishFailed, ParentAwaited: the job is tried again.
 */
export async function syncSurface(
  ports: SurfacePorts,
  tenant: TenantId,
  id: string,
): Promise<void> {
  for (;;) {
    const claim = await ports.surfaces.claim(tenant, id);
    if (claim.kind !== 'claimed') return;
    let mayStand = false;
    try {
      const { model, to } = await ports.store.read(tenant, (tx) =>
        modelOf(ports, tx, claim.surface),
      );
      mayStand = true;
      const message = await ports.publisher.publish({ ...claim.surface, to }, model);
      if (!(await ports.surfaces.published(tenant, claim, message))) return;
    } catch (error) {
      const failure = error instanceof PublishFailed ? error : null;
      const limit = rateLimitOf(error);
      if (failure !== null) mayStand = failure.code === 'unanswered';
      await ports.surfaces.failed(tenant, claim, { limit, mayStand });
      // The claim left a job for after the pause; failing this one as well would try too early.
      if (limit !== null || isParked(error)) return;
      throw error;
    }
  }
}

async function modelOf(
  ports: SurfacePorts,
  tx: TenantReads,
  surface: Surface,
): Promise<{ model: SurfaceModel; to: Recipient }> {
  const { kind, bypass, to } = surface;
  if (kind === 'post-mortem') {
    const card = await loadPostMortem(ports, tx, bypass);
    return { model: { kind, card }, to: await underIncidentCard(tx, surface) };
  }
  const card = await loadCard(ports, tx, bypass);
  if (card === null)
    throw new RangeError(`surface ${surface.id} shows a bypass that is not stored`);
  if (kind !== 'approver') return { model: { kind, card }, to };
  const viewers = card.requirements.flatMap((one) => one.asked);
  const viewer = viewers.find(
    ({ account }) =>
      to.kind === 'person' && account.team === to.account.team && account.user === to.account.user,
  );
  return { model: { kind, card, viewer: viewer ?? card.requester }, to };
}

/** In a channel the post-mortem stands in the thread of the incident card. */
async function underIncidentCard(tx: TenantReads, { bypass, to }: Surface): Promise<Recipient> {
  if (to.kind !== 'channel') return to;
  const surfaces = await tx.surfacesOf(bypass);
  const incident = surfaces.find((one) => one.kind === 'incident');
  if (incident === undefined) return to;
  if (incident.message === null) throw new ParentAwaited('the incident card is not posted yet');
  return {
    kind: 'thread',
    team: to.team,
    channel: incident.message.channel,
    parent: incident.message.ts,
  };
}
