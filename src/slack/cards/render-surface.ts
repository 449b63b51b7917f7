import type { SurfaceModel } from '#application/ports/surface';
import type { RenderedMessage } from '../block-kit/check.ts';
import { approverCard } from './approver-card.ts';
import { postMortemCard } from './post-mortem-card.ts';
import { incidentCard, requesterCard } from './status-card.ts';

/** A surface from the current state. @throws BlockKitBroken if Slack would refuse it. */
export function renderSurface(model: SurfaceModel): RenderedMessage {
  switch (model.kind) {
    case 'incident':
      return incidentCard(model.card);
    case 'approver':
      return approverCard(model.card, model.viewer);
    case 'requester':
      return requesterCard(model.card);
    case 'post-mortem':
      return postMortemCard(model.card);
  }
}
